import { describe, expect, it } from 'vitest'
import type { JobRow } from '../../backend/types'
import { lanes, step } from './lanes'

function job(id: string, startedAt: number | null, finishedAt: number | null): JobRow {
  return {
    key: `back-office/${id}`,
    connection: 'back-office',
    id,
    definition: id.replace(/\d+$/, ''),
    state: finishedAt === null ? 'running' : 'completed',
    scheduledAt: null,
    startedAt,
    finishedAt,
    elapsedMs: null,
    error: null,
    stale: false,
  }
}

const span = { from: 1000, to: 2000 }
const jobs = [
  job('a1', 1100, 1200),
  job('a2', 1150, 1300),
  job('a3', 1400, null),
  job('b1', 500, 1100),
  job('b2', null, 1900),
  job('b3', 2100, null),
  job('b4', 100, 900),
]

describe('the lanes of a timeline', () => {
  it('hold the runs of each definition that touch the span, the running ones to now', () => {
    const [a, b] = lanes(jobs, span, 1800)
    expect(a?.bars.map(({ job, from, to, level }) => [job.id, from, to, level])).toEqual([
      ['a1', 0.1, 0.2, 0],
      ['a2', 0.15, 0.3, 1],
      ['a3', 0.4, 0.8, 0],
    ])
    expect(a?.levels).toBe(2)
    expect(b?.bars.map(({ job, from, to }) => [job.id, from, to])).toEqual([
      ['b1', 0, 0.1],
      ['b2', 0.9, 0.9],
    ])
    // Zoomed into the past, what runs still reaches to the span's end.
    const [then] = lanes(jobs, { from: 1000, to: 1500 }, 9000)
    expect(then?.bars.at(-1)?.to).toBe(1)
  })

  it('are walked along and across by keyboard', () => {
    const shown = lanes(jobs, span, 1800)
    const key = (id: string) => `back-office/${id}`
    expect(step(shown, null, 'next')).toBe(key('a1'))
    expect(step(shown, key('a1'), 'next')).toBe(key('a2'))
    expect(step(shown, key('a1'), 'before')).toBe(key('a1'))
    expect(step(shown, key('a1'), 'last')).toBe(key('a3'))
    expect(step(shown, key('a3'), 'down')).toBe(key('b1'))
    expect(step(shown, key('b2'), 'up')).toBe(key('a3'))
    expect(step(shown, key('b2'), 'down')).toBe(key('b2'))
    expect(step(shown, 'gone', 'next')).toBe(key('a1'))
    expect(step([], null, 'next')).toBeNull()
  })
})
