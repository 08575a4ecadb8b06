import { describe, expect, it } from 'vitest'
import type { DefinitionRow } from '../../backend/types'
import { badness, course, definitionMark, seenSince, trendWords, troubleWords } from './story'

const row = (more: Partial<DefinitionRow>) =>
  ({
    completed: 0,
    failed: 0,
    failedInRow: 0,
    failedOfTen: 0,
    lastFailedAt: null,
    failingSince: null,
    lastCompletedAt: null,
    running: 0,
    ...more,
  }) as DefinitionRow

describe('a definition', () => {
  it('that failed since its last good end says since when, how often, and when that was', () => {
    const failing = row({ failedInRow: 4, failingSince: 60_000, lastCompletedAt: 30_000 })
    expect(troubleWords(failing, 180_000)).toBe(
      '4 jobs failed in a row, the first 2 min ago. Before that, one completed 2 min ago.',
    )
    expect(definitionMark(failing).word).toBe('Keeps failing')
    const never = row({ failedInRow: 1, failingSince: 0 })
    expect(troubleWords(never, 1000)).toBe(
      'The latest job failed 1 s ago. None that Signalbox knows of has completed.',
    )
  })
  it('that failed several times of late keeps failing, though its last job completed', () => {
    const flaky = row({ failedOfTen: 3, lastCompletedAt: 90_000, lastFailedAt: 60_000 })
    expect(definitionMark(flaky)).toMatchObject({ word: 'Keeps failing', tone: 'bad' })
    expect(troubleWords(flaky, 120_000)).toBe('3 of the last 10 jobs failed, the latest 1 min ago.')
    const once = row({ failedOfTen: 1, failedInRow: 1, failingSince: 1 })
    const good = row({ completed: 99, failed: 2, lastCompletedAt: 1 })
    expect(definitionMark(once).word).toBe('Failed last')
    expect(definitionMark(good).word).toBe('Completes')
    expect([good, flaky, once].sort((a, b) => badness(b) - badness(a))).toEqual([flaky, once, good])
  })
  it('of which every third job fails is never called good, also after one that completed', () => {
    const often = row({ completed: 68, failed: 32, lastCompletedAt: 1 })
    expect(definitionMark(often)).toMatchObject({ word: 'Fails at times', tone: 'warn' })
    expect(troubleWords({ ...often, lastFailedAt: 60_000 }, 120_000)).toBe(
      '32 of the 100 jobs that were seen to end failed, the latest 1 min ago.',
    )
    const lately = row({ completed: 999, failed: 1, failedOfTen: 1, lastCompletedAt: 1 })
    expect(definitionMark(lately).word).toBe('Fails at times')
    expect(badness(often)).toBeGreaterThan(badness(row({ completed: 999, lastCompletedAt: 1 })))
  })
  it('says of a way to fail that may be older than what is known here that it may', () => {
    const utc = { utc: true, name: 'UTC' }
    expect(seenSince(60_000, 60_000, 120_000, utc)).toBe('since 00:01 UTC or before')
    expect(seenSince(60_000, 30_000, 120_000, utc)).toBe('first 1 min ago')
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

describe('the trend', () => {
  const now = 1_800_000_000_000
  const lately = { jobs: 40, failed: 12 }
  it('is two counts, so that who reads it sees whether it gets worse', () => {
    expect(trendWords({ since: null, lately, before: { jobs: 41, failed: 5 } }, now)).toBe(
      '12 of 40 jobs failed in the last hour, 5 of 41 in the hour before.',
    )
    const none = { jobs: 0, failed: 0 }
    expect(trendWords({ since: null, lately: none, before: none }, now)).toBe(
      'No job ended in the last hour, none ended in the hour before.',
    )
  })
  it('says of how long it is known where that is less', () => {
    expect(trendWords({ since: now - 24 * 60_000, lately, before: null }, now)).toBe(
      '12 of 40 jobs failed in the last 24 minutes: not all before that is known.',
    )
    expect(trendWords({ since: now - 10_000, lately, before: null }, now)).toMatch(
      /failed in the last minute:/,
    )
    expect(trendWords({ since: null, lately, before: null }, now)).toMatch(
      /Not all of the hour before is known/,
    )
  })
})
