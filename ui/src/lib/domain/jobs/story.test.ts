import { describe, expect, it } from 'vitest'
import type { DefinitionRow } from '../../backend/types'
import { course, definitionMark, troubleWords } from './story'

const row = (more: Partial<DefinitionRow>) =>
  ({
    failedInRow: 0,
    failingSince: null,
    lastCompletedAt: null,
    running: 0,
    ...more,
  }) as DefinitionRow

describe('a definition', () => {
  it('that failed since its last good end says since when, how often, and when that was', () => {
    const failing = row({ failedInRow: 4, failingSince: 60_000, lastCompletedAt: 30_000 })
    expect(troubleWords(failing, 180_000)).toBe(
      '4 jobs failed in a row, the first 2 min ago; the last one completed 2 min ago.',
    )
    expect(definitionMark(failing).word).toBe('Keeps failing')
    const never = row({ failedInRow: 1, failingSince: 0 })
    expect(troubleWords(never, 1000)).toMatch(/^The last job failed; none of those kept here/)
  })
  it('whose last job ended well is no trouble, however many failed before', () => {
    expect(troubleWords(row({ lastCompletedAt: 1 }), 2)).toBeNull()
    expect(definitionMark(row({ lastCompletedAt: 1 })).tone).toBe('good')
  })
})

describe('the course of a job', () => {
  it('leaves room for the usual time and marks where the run went beyond it', () => {
    const short = course(10, 10, { p50Ms: 20, p95Ms: 100 })
    expect(short.end).toBeLessThan(short.p95 ?? 0)
    const long = course(0, 500, { p50Ms: 20, p95Ms: 100 })
    expect(long.end).toBe(1)
    expect(long.p95).toBeCloseTo(0.2)
  })
  it('marks nothing where nothing is known', () =>
    expect(course(0, 5, { p50Ms: null, p95Ms: null })).toEqual({
      begin: 0,
      end: 1,
      p50: null,
      p95: null,
    }))
})
