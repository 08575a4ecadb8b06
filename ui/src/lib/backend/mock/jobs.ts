import type {
  ActorPage,
  ActorRow,
  Cell,
  DefinitionPage,
  DefinitionRow,
  JobPage,
  JobRow,
  JobsPage,
  LiveQueryAsked,
  LiveQueryRow,
} from '../types'
import { actorPage, definitionPage, jobPage, withEnds } from './job-pages'
import type { Random } from './random'

const CONNECTION = 'back-office'
const DEFINITIONS = [
  ['sync-inventory', 4200],
  ['capture-payments', 1800],
  ['rebuild-search-index', 48_000],
  ['send-order-mails', 650],
  ['nightly-export', 190_000],
  ['recount-stock', 9500],
] as const
const ERRORS = [
  'Timed out after 30 s while waiting for the payment provider',
  'SKU 88-1042 has no warehouse',
  'HTTP 502 from https://erp.example/api/stock',
  'Deadlock found when writing order 104233; the transaction was rolled back',
]

export class MockJobs {
  readonly #random: Random
  readonly definitions: DefinitionRow[]
  #running: JobRow[] = []
  #ended: JobRow[] = []
  readonly #actors: ActorRow[]
  /** The ids of the live queries; each shows the same orders. */
  #queries: string[]
  #changedAt: number
  readonly #asked = new Map<string, LiveQueryAsked>()
  readonly orders: { key: string; cells: Cell[] }[]

  constructor(now: number, random: Random, queries: string[]) {
    this.#random = random
    this.#queries = queries
    this.#changedAt = now
    for (const id of queries)
      this.#asked.set(id, {
        edge: 'orders',
        filter: "status == 'processing'",
        orderBy: 'createdAt desc',
      })
    this.definitions = DEFINITIONS.map(([id, ms], i) => ({
      key: `${CONNECTION}/${id}`,
      connection: CONNECTION,
      id,
      scheduled: i % 3 === 0 ? 1 : 0,
      running: 0,
      completed: random.whole(30, 900),
      failed: i === 4 ? 0 : random.whole(0, 18),
      p50Ms: ms * random.between(0.9, 1.1),
      p95Ms: ms * random.between(1.7, 2.8),
      lastAt: now - random.whole(1000, 400_000),
      lastCompletedAt: null,
      lastFailedAt: null,
      lastError: null,
      failingSince: null,
      failedInRow: 0,
      lately: { jobs: 0, failed: 0 },
      latelySince: null,
      latelyUntil: null,
      alert: null,
      durations: Array.from({ length: 40 }, () => ms * random.between(0.6, 1.9)),
      statistics: ['completed.count', 'failed.count'],
      thresholds: [
        { field: 'failed.count', rule: 'too many fail', severity: 'medium', value: 6, above: true },
      ],
      stale: false,
    }))
    for (let i = 0; i < 7; i++) this.#start(now - random.whole(800, 60_000))
    for (let i = 0; i < 60; i++)
      this.#ended.push(this.#past(now - i * 47_000 - random.whole(0, 9000)))
    this.#actors = Array.from({ length: 38 }, (_, i) => {
      const type = random.pick(['orders', 'orders', 'payments', 'skus'])
      const id = `${type.slice(0, 3)}-${104_200 + i * 7}`
      return {
        key: `${CONNECTION}/${type}/${id}`,
        connection: CONNECTION,
        actorType: type,
        id,
        checkpoints: random.whole(1, 60),
        lastAt: now - i * 9400,
        stale: false,
      }
    })
    this.orders = Array.from({ length: 42 }, (_, i) => ({
      key: random.hex(8),
      cells: [
        `SO-${104_233 - i}`,
        random.pick(['processing', 'processing', 'picking', 'held']),
        round(random.between(12, 940)),
        random.pick(['EUR', 'SEK']),
        random.whole(1, 9),
        new Date(now - i * 73_000).toISOString(),
      ],
    }))
  }

  step(now: number): { kind: string; job: JobRow }[] {
    const random = this.#random
    const told: { kind: string; job: JobRow }[] = []
    if (random.chance(0.08) && this.#running.length < 12)
      told.push({ kind: 'job.started', job: this.#start(now) })
    if (random.chance(0.08) && this.#running.length > 3) {
      const [job] = this.#running.splice(random.whole(0, this.#running.length - 1), 1)
      if (job) {
        const done = this.#end(job, now, random.chance(0.12))
        this.#ended = [done, ...this.#ended].slice(0, 300)
        told.push({ kind: `job.${done.state}`, job: done })
      }
    }
    const actor = random.pick(this.#actors)
    if (random.chance(0.3)) {
      actor.checkpoints++
      actor.lastAt = now
    }
    const order = random.pick(this.orders)
    if (random.chance(0.1)) this.#changedAt = now
    if (this.#changedAt === now)
      order.cells[1] = random.pick(['processing', 'picking', 'packed', 'held'])
    return told
  }

  page(stale: boolean, find = ''): JobsPage {
    const words = find.toLowerCase().split(/\s+/).filter(Boolean)
    const actors = this.#actors.filter(({ actorType, id }) =>
      words.every((word) => `${actorType} ${id}`.toLowerCase().includes(word)),
    )
    const types = [...new Set(this.#actors.map((actor) => actor.actorType))].sort()
    return {
      definitions: this.definitions.map((row) => ({ ...withEnds(row, this.#ended), stale })),
      running: [...this.#running]
        .sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0))
        .map((row) => ({ ...row, stale })),
      failures: this.#ended.filter((row) => row.state === 'failed').slice(0, 100),
      finished: this.#ended.slice(0, 200),
      finishedFrom: null,
      actors: actors
        .sort((a, b) => b.lastAt - a.lastAt)
        .slice(0, 30)
        .map((row) => ({ ...row, stale })),
      moreActors: Math.max(0, actors.length - 30),
      actorTypes: types.map((actorType) => ({
        actorType,
        count: this.#actors.filter((actor) => actor.actorType === actorType).length,
      })),
      liveQueries: this.queries(stale),
    }
  }

  queries(stale: boolean): LiveQueryRow[] {
    return this.#queries.map((id) => this.#query(id, stale))
  }

  create(id: string, asked: LiveQueryAsked): void {
    this.#asked.set(id, asked)
    this.#queries = [...this.#queries.filter((one) => one !== id), id]
  }

  /** Answers whether there was such a query. */
  destroy(id: string): boolean {
    const before = this.#queries.length
    this.#queries = this.#queries.filter((one) => one !== id)
    return this.#queries.length < before
  }

  #query(id: string, stale: boolean): LiveQueryRow {
    return {
      key: `${CONNECTION}/${id}`,
      connection: CONNECTION,
      id,
      nodes: this.orders.length,
      total: 1342,
      capped: true,
      loading: false,
      dropped: 0,
      lastAt: this.#changedAt,
      asked: this.#asked.get(id) ?? null,
      destroyed: false,
      stale,
    }
  }

  job(id: string, stale: boolean): JobPage | null {
    const all = [...this.#running, ...this.#ended]
    const job = all.find((row) => row.id === id)
    const definition = this.definitions.find((row) => row.id === job?.definition) ?? null
    return job ? jobPage({ ...job, stale }, definition && { ...definition, stale }, all) : null
  }

  definition(id: string, stale: boolean): DefinitionPage | null {
    const row = this.definitions.find((one) => one.id === id)
    return row ? definitionPage({ ...row, stale }, [...this.#running, ...this.#ended]) : null
  }

  actor(id: string, stale: boolean): ActorPage | null {
    const row = this.#actors.find((one) => `${one.actorType}/${one.id}` === id)
    return row ? actorPage({ ...row, stale }) : null
  }

  counts(now: number): {
    running: number
    completed: number
    failed: number
    p95: number
    slowest: string
    times: number[]
  } {
    const slow = [...this.definitions].sort((a, b) => (b.p95Ms ?? 0) - (a.p95Ms ?? 0))[0]
    const recent = this.#ended.filter((row) => (row.finishedAt ?? 0) > now - 3_600_000)
    const failed = recent.filter((row) => row.state === 'failed').length
    return {
      running: this.#running.length,
      completed: recent.length - failed,
      failed,
      p95: slow?.p95Ms ?? 0,
      slowest: slow?.id ?? '',
      times: slow?.durations ?? [],
    }
  }

  #start(at: number): JobRow {
    const definition = this.#random.pick(this.definitions)
    definition.running++
    definition.lastAt = at
    const r = this.#random
    const id = `${r.hex(8)}-${r.hex(4)}-4${r.hex(3)}-a${r.hex(3)}-${r.hex(12)}`
    const job: JobRow = {
      key: `${CONNECTION}/${id}`,
      connection: CONNECTION,
      id,
      definition: definition.id,
      state: 'running',
      scheduledAt: at - r.whole(40, 2400),
      startedAt: at,
      finishedAt: null,
      elapsedMs: null,
      error: null,
      stale: false,
    }
    this.#running.push(job)
    return job
  }

  #end(job: JobRow, now: number, failed: boolean): JobRow {
    const definition = this.definitions.find((row) => row.id === job.definition)
    const elapsedMs = now - (job.startedAt ?? now)
    if (definition) {
      definition.running = Math.max(0, definition.running - 1)
      definition.lastAt = now
      if (failed) definition.failed++
      else definition.completed++
      definition.durations = [...definition.durations.slice(1), elapsedMs]
    }
    return {
      ...job,
      state: failed ? 'failed' : 'completed',
      finishedAt: now,
      elapsedMs,
      error: failed ? this.#random.pick(ERRORS) : null,
    }
  }

  #past(at: number): JobRow {
    const job = this.#start(at - this.#random.whole(600, 30_000))
    this.#running.pop()
    return this.#end(job, at, this.#random.chance(0.14))
  }
}

function round(value: number): number {
  return Number(value.toFixed(2))
}
