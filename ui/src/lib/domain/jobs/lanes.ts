import type { JobRow } from '../../backend/types'

export interface Bar {
  job: JobRow
  /** From 0 to 1 over the span. */
  from: number
  to: number
  /** Jobs of one definition that overlap stand above each other. */
  level: number
}

export interface Lane {
  name: string
  bars: Bar[]
  levels: number
}

const MOST_LEVELS = 3

/** Jobs as bars in a lane for each definition, over the span that ends now. */
export function lanes(jobs: readonly JobRow[], now: number, span: number): Lane[] {
  const begin = now - span
  const found = new Map<string, { job: JobRow; from: number; to: number }[]>()
  for (const job of jobs) {
    if (job.startedAt === null) continue
    const end = job.finishedAt ?? now
    if (end < begin || job.startedAt > now) continue
    const name = job.definition ?? 'no definition'
    const list = found.get(name) ?? []
    list.push({
      job,
      from: Math.max(0, (job.startedAt - begin) / span),
      to: Math.min(1, (end - begin) / span),
    })
    found.set(name, list)
  }
  return [...found]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, list]) => {
      const ends: number[] = []
      const bars = list
        .sort((a, b) => a.from - b.from)
        .map((bar) => {
          const free = ends.findIndex((end) => end <= bar.from)
          const level = Math.min(free === -1 ? ends.length : free, MOST_LEVELS - 1)
          ends[level] = Math.max(ends[level] ?? 0, bar.to)
          return { ...bar, level }
        })
      return { name, bars, levels: Math.max(1, ends.length) }
    })
}
