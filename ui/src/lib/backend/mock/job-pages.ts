import type {
  ActorPage,
  ActorRow,
  DefinitionPage,
  DefinitionRow,
  ErrorRow,
  EventRow,
  JobPage,
  JobRow,
} from '../types'

/** The same definition with how its jobs ended, of those that are held. */
export function withEnds(row: DefinitionRow, jobs: readonly JobRow[]): DefinitionRow {
  const own = jobs.filter((job) => job.definition === row.id && job.finishedAt !== null)
  const last = (state: JobRow['state']) =>
    own
      .filter((job) => job.state === state)
      .sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0))[0] ?? null
  const good = last('completed')
  const bad = last('failed')
  const failing = own.filter(
    (job) => job.state === 'failed' && (job.finishedAt ?? 0) > (good?.finishedAt ?? 0),
  )
  return {
    ...row,
    lastCompletedAt: good?.finishedAt ?? null,
    lastFailedAt: bad?.finishedAt ?? null,
    lastError: bad?.error ?? null,
    failingSince:
      failing.length > 0 ? Math.min(...failing.map((job) => job.finishedAt ?? 0)) : null,
    failedInRow: failing.length,
    lately: lately(row),
  }
}

/** Of the last hour: 12 of 40 failed, or none of them. */
export function lately(row: DefinitionRow): DefinitionRow['lately'] {
  return { jobs: 40, failed: row.failed > 0 ? 12 : 0 }
}

export function definitionPage(row: DefinitionRow, jobs: readonly JobRow[]): DefinitionPage {
  const own = jobs.filter((job) => job.definition === row.id)
  const ends = own.flatMap((job) => job.finishedAt ?? [])
  const knownSince = ends.length > 0 ? Math.min(...ends) : null
  return {
    definition: withEnds(row, jobs),
    jobs: own.slice(0, 100),
    moreJobs: Math.max(0, own.length - 100),
    errors: errorsOf(own.filter((job) => job.state === 'failed')).map((error) => ({
      ...error,
      maybeBefore: error.firstAt === knownSince,
    })),
    moreErrors: 0,
    knownSince,
    trend: {
      since: null,
      lately: lately(row),
      before: { jobs: 41, failed: row.failed > 0 ? 5 : 0 },
      half: null,
    },
    numbers: [
      { name: 'completed.count', value: row.completed, at: row.lastAt ?? 0 },
      { name: 'failed.count', value: row.failed, at: row.lastAt ?? 0 },
    ],
  }
}

export function jobPage(job: JobRow, row: DefinitionRow | null, jobs: readonly JobRow[]): JobPage {
  const steps = [
    ['job.scheduled', job.scheduledAt],
    ['job.started', job.startedAt],
    [`job.${job.state}`, job.finishedAt],
  ] as const
  return {
    job,
    story: row && definitionPage(row, jobs),
    events: steps.flatMap(([kind, at]) => (at === null ? [] : [event(kind, at, job)])).reverse(),
  }
}

export function actorPage(actor: ActorRow): ActorPage {
  const at = (i: number) => actor.lastAt - i * 47_000
  return {
    actor,
    numbers: [{ name: 'checkpoint', value: actor.checkpoints, at: actor.lastAt }],
    events: Array.from({ length: Math.min(12, actor.checkpoints) }, (_, i) => ({
      key: `${actor.connection}/c${actor.id}${i}`,
      connection: actor.connection,
      number: 900_000 + i,
      kind: 'actor.checkpoint',
      at: at(i),
      receivedAt: at(i) + 40,
      subject: actor.id,
      summary: `{"actorType":"${actor.actorType}","actorId":"${actor.id}","checkpoint":${actor.checkpoints - i}}`,
    })),
  }
}

function event(kind: string, at: number, job: JobRow): EventRow {
  const data = { jobId: job.id, jobDefinitionId: job.definition, error: job.error ?? undefined }
  return {
    key: `${job.connection}/${job.id}/${kind}`,
    connection: job.connection,
    number: 1,
    kind,
    at,
    receivedAt: at + 30,
    subject: job.id,
    summary: JSON.stringify(data),
  }
}

function errorsOf(failed: readonly JobRow[]): ErrorRow[] {
  const found = new Map<string, ErrorRow>()
  for (const { error, finishedAt, id } of failed) {
    const at = finishedAt ?? 0
    const way = (error ?? '').replace(/\d+/g, '#')
    const known = found.get(way) ?? {
      error,
      count: 0,
      firstAt: at,
      maybeBefore: false,
      lastAt: at,
      job: id,
    }
    found.set(way, {
      ...known,
      count: known.count + 1,
      firstAt: Math.min(known.firstAt, at),
      lastAt: Math.max(known.lastAt, at),
      job: at >= known.lastAt ? id : known.job,
    })
  }
  return [...found.values()].sort((a, b) => b.count - a.count || b.lastAt - a.lastAt)
}
