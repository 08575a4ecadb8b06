import type { Of } from '../keys/table'

/** The keys that move the crosshair from sample to sample. */
export type Step = Extract<Of<'chart'>, 'back' | 'on' | 'first' | 'last'>

export function isStep(id: Of<'chart'>): id is Step {
  return id === 'back' || id === 'on' || id === 'first' || id === 'last'
}

/** The sample that a key leads to, of `count`; from none that is pointed at, back begins at the last. */
export function stepped(id: Step, from: number | null, count: number, far: boolean): number {
  const step = far ? Math.max(2, Math.round(count / 20)) : 1
  const to = {
    back: (from ?? count) - step,
    on: (from ?? count - 1 - step) + step,
    first: 0,
    last: count - 1,
  }[id]
  return Math.max(0, Math.min(count - 1, to))
}
