import { describe, expect, it } from 'vitest'
import type { DefinitionRow, ErrorRow, Trend } from '../../backend/types'
import {
  badness,
  course,
  definitionMark,
  isInTrouble,
  latelyWords,
  seenSince,
  storyWords,
  toldOf,
  trendWords,
} from './story'

const row = (more: Partial<DefinitionRow>) =>
  ({
    completed: 0,
    failed: 0,
    failedInRow: 0,
    lately: { jobs: 0, failed: 0 },
    latelySince: null,
    latelyUntil: null,
    alert: null,
    lastFailedAt: null,
    failingSince: null,
    lastCompletedAt: null,
    running: 0,
    ...more,
  }) as DefinitionRow
const ended = (failed: number, jobs: number, more: Partial<DefinitionRow> = {}) =>
  row({ lately: { jobs, failed }, lastFailedAt: 60_000, ...more })
const word = (one: DefinitionRow) => definitionMark(one).word

describe('a definition', () => {
  it('stands by the share that failed in the last hour, whatever its latest job did', () => {
    expect(word(ended(0, 120))).toBe('Completes')
    expect(word(ended(3, 120))).toBe('Fails rarely')
    expect(word(ended(12, 120))).toBe('Fails at times')
    expect(word(ended(38, 120))).toBe('Fails often')
    expect(word(ended(12, 12))).toBe('Keeps failing')
    expect(word(ended(1, 1, { failingSince: 1 }))).toBe('Failed last')
    for (const last of [{ failingSince: 1, failedInRow: 3 }, { lastCompletedAt: 1 }])
      expect(word(ended(38, 120, last))).toBe('Fails often')
  })
  it('changes its word by hardly any further end', () => {
    const words = (failed: number) => new Set([0, 1, 2, 3].map((n) => word(ended(failed, 120 + n))))
    for (const failed of [1, 3, 10, 36, 110]) expect(words(failed).size).toBe(1)
  })
  it('of which none ended in the hour stands as its last one did', () => {
    expect(word(row({ failingSince: 1, failedInRow: 1 }))).toBe('Failed last')
    expect(word(row({ lastCompletedAt: 1, running: 2 }))).toBe('Completes')
    expect(word(row({ running: 2 }))).toBe('Running')
    expect(word(row({}))).toBe('Not run yet')
  })
  it('says how many failed of how many and in what time', () => {
    expect(latelyWords(ended(38, 120))).toBe('38 of 120 failed')
    expect(latelyWords(row({}))).toBe('')
    expect(storyWords(ended(38, 120), 120_000)).toBe(
      '38 of 120 jobs failed in the last hour, the latest 1 min ago.',
    )
    expect(storyWords(ended(38, 120, { latelySince: 0 }), 24 * 60_000)).toMatch(
      /^38 of 120 jobs failed in the last 24 minutes, /,
    )
    expect(storyWords(ended(0, 120), 1)).toBe('All 120 jobs that ended in the last hour completed.')
  })
  it('of a lost connection tells of the time before that', () => {
    const lost = { latelyUntil: 24 * 60_000 }
    expect(storyWords(ended(38, 120, lost), 5 * 3_600_000)).toBe(
      '38 of 120 jobs failed in the hour before the connection was lost, the latest 4 h ago.',
    )
    expect(storyWords(ended(0, 120, { ...lost, latelySince: 0 }), 5 * 3_600_000)).toBe(
      'All 120 jobs that ended in the 24 minutes before the connection was lost completed.',
    )
  })
  it('of which the failures are not kept says how many there were, and not when', () => {
    expect(storyWords(ended(38, 120, { lastFailedAt: null }), 1)).toBe(
      '38 of 120 jobs failed in the last hour.',
    )
    expect(storyWords(ended(12, 12, { lastFailedAt: null }), 1)).toBe(
      'All 12 jobs that ended in the last hour failed.',
    )
    expect(storyWords(ended(1, 1, { lastFailedAt: null }), 1)).toBe(
      'The one job that ended in the last hour failed.',
    )
  })
  it('that failed since its last good end says since when, how often, and when that was', () => {
    const failing = ended(4, 4, { failedInRow: 4, failingSince: 60_000, lastCompletedAt: 30_000 })
    expect(storyWords(failing, 180_000)).toBe(
      '4 jobs failed in a row, the first 2 min ago. Before that, one completed 2 min ago.',
    )
    expect(storyWords(row({ failedInRow: 1, failingSince: 0 }), 1000)).toBe(
      'The latest job failed 1 s ago. None that Signalbox knows of has completed.',
    )
    expect(
      storyWords(row({ failedInRow: 4, failingSince: 60_000, failed: 9, completed: 2 }), 180_000),
      'earlier ones are not kept',
    ).toBe(
      'At least 4 jobs failed in a row, the first known 2 min ago. The last that completed is longer ago than is kept.',
    )
    expect(storyWords(row({ lastCompletedAt: 1 }), 2)).toBeNull()
  })
  it('is in trouble where failures are no exception, and is listed by that and what fires about it', () => {
    expect([ended(3, 120), ended(12, 120), ended(38, 120)].map(isInTrouble)).toEqual([
      false,
      true,
      true,
    ])
    const alert = { severity: 'critical', state: 'firing' } as DefinitionRow['alert']
    const known = { severity: 'critical', state: 'acknowledged' } as DefinitionRow['alert']
    const rows = [
      ended(12, 12),
      ended(38, 120, { alert: known }),
      ended(12, 120),
      ended(3, 120, { alert }),
      ended(3, 120),
      ended(0, 120),
    ]
    expect([...rows].reverse().sort((a, b) => badness(b) - badness(a))).toEqual(rows)
    // One failure more, or an alert that the next good end is the end of, moves none.
    const brief = { severity: 'medium', state: 'firing' } as DefinitionRow['alert']
    expect(badness(ended(4, 120, { alert: brief }))).toBe(badness(ended(3, 120)))
  })
  it('says of a way to fail that may be older than what is known here that it may', () => {
    const utc = { utc: true, name: 'UTC' }
    const since = (maybeBefore: boolean) =>
      seenSince({ firstAt: 60_000, maybeBefore }, 120_000, utc)
    expect(since(true)).toBe('since 00:01 UTC or before')
    expect(since(false)).toBe('first 1 min ago')
    const old = { firstAt: 60_000, maybeBefore: true }
    expect(seenSince(old, 86_400_000, utc)).toBe('since Thu 1 Jan, 00:01 UTC or before')
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
  const words = (trend: Omit<Trend, 'half'>, half: Trend['half'] = null) =>
    trendWords({ ...trend, half }, now, { utc: true, name: 'UTC' })
  it('is two counts, so that who reads it sees whether it gets worse', () => {
    expect(words({ since: null, lately, before: { jobs: 41, failed: 5 } })).toBe(
      '12 of 40 jobs failed in the last hour, 5 of 41 in the hour before.',
    )
    const none = { jobs: 0, failed: 0 }
    expect(words({ since: null, lately: none, before: none })).toBe(
      'No job ended in the last hour, none ended in the hour before.',
    )
  })
  it('says of how long it is known where that is less', () => {
    expect(words({ since: now - 24 * 60_000, lately, before: null })).toBe(
      '12 of 40 jobs failed in the last 24 minutes: not all before that is known.',
    )
    const half = { until: now - 12 * 60_000, ended: { jobs: 21, failed: 2 } }
    expect(words({ since: now - 24 * 60_000, lately, before: null }, half)).toBe(
      '12 of 40 jobs failed in the last 24 minutes: 2 of 21 until 07:48, 10 of 19 after it. Not all before that is known.',
    )
    expect(words({ since: now - 10_000, lately, before: null })).toMatch(
      /failed in the last minute:/,
    )
    expect(words({ since: null, lately, before: null })).toMatch(
      /Not all of the hour before is known/,
    )
  })
})

describe('how the jobs of a definition fail', () => {
  const way = (count: number, lastAt: number) => ({ count, lastAt }) as ErrorRow
  it('is said to be of so many where that is not all that are counted', () => {
    expect(toldOf([way(12, 3), way(1, 9)], 13)).toBe('')
    expect(toldOf([way(12, 3), way(1, 9)], 40)).toBe('13 of 40 failures')
    expect(toldOf([way(12, 3), way(1, 9)], 2)).toBe('13 failures')
    expect(toldOf([], 40)).toBe('')
  })
})
