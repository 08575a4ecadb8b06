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
  /** In the order in which they began. */
  bars: Bar[]
  levels: number
}

const MOST_LEVELS = 3

/** Jobs as bars in a lane for each definition, over a span. One that runs reaches to `now`, or to the span's end. */
export function lanes(
  jobs: readonly JobRow[],
  { from: begin, to: end }: { from: number; to: number },
  now: number,
): Lane[] {
  const span = end - begin
  const found = new Map<string, { job: JobRow; from: number; to: number }[]>()
  for (const job of jobs) {
    // A job of which no time is told but its end is drawn there.
    const started = job.startedAt ?? job.finishedAt
    if (started === null) continue
    const ended = job.finishedAt ?? now
    if (ended < begin || started > end) continue
    const name = job.definition ?? 'no definition'
    const list = found.get(name) ?? []
    list.push({
      job,
      from: Math.max(0, (started - begin) / span),
      to: Math.min(1, (ended - begin) / span),
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

/** Where a key leads from a run: along its lane, or to the run of another lane that is nearest in time. */
export function step(
  lanes: readonly Lane[],
  key: string | null,
  way: 'before' | 'next' | 'up' | 'down' | 'first' | 'last',
): string | null {
  const row = lanes.findIndex((lane) => lane.bars.some((bar) => bar.job.key === key))
  const lane = lanes[row]
  if (!lane) return lanes[0]?.bars[0]?.job.key ?? null
  const place = lane.bars.findIndex((bar) => bar.job.key === key)
  const here = lane.bars[place]
  if (way === 'up' || way === 'down') {
    const other = lanes[row + (way === 'up' ? -1 : 1)]
    const away = (bar: Bar) => Math.abs(bar.from - (here?.from ?? 0))
    const nearest = other?.bars.reduce((a, b) => (away(b) < away(a) ? b : a))
    return nearest?.job.key ?? key
  }
  const last = lane.bars.length - 1
  const to = { before: place - 1, next: place + 1, first: 0, last }[way]
  return lane.bars[Math.max(0, Math.min(last, to))]?.job.key ?? key
}
