import { describe, expect, it } from 'vitest'
import type { RunRow, ScreenFrame } from '../backend/types'
import { mergeScreen, type PictureOf } from './picture'

const NONE = { total: 0, matching: 0, offset: 0, moved: false, order: null, changed: [] }

describe('mergeScreen', () => {
  it('keeps the groups, counts and silences of alerts, and no problem that is over', () => {
    const whole: Extract<ScreenFrame, { screen: 'alerts' }> = {
      screen: 'alerts',
      alerts: NONE,
      groups: [
        {
          key: 'g',
          title: 'g',
          severity: 'low',
          total: 1,
          firing: 1,
          muted: 0,
          states: [0, 0, 0, 0, 0, 0],
          latest: 0,
          open: ['a'],
        },
      ],
      counts: { states: [0, 1, 0, 0, 0, 0], severities: [0, 0, 0, 1], muted: 0, notListed: 0 },
      silences: [],
      rules: ['g'],
      problem: 'The history cannot be read.',
    }
    const held = mergeScreen(null, whole)
    const quiet = { groups: null, counts: null, silences: null, rules: null, problem: null }
    expect(mergeScreen(held, { ...whole, ...quiet })).toEqual({ ...held, problem: null })
  })

  it('keeps what a frame does not say', () => {
    const whole: Extract<ScreenFrame, { screen: 'overview' }> = {
      screen: 'overview',
      tiles: null,
      attention: [attention('a')],
      latest: NONE,
      away: null,
    }
    const held = mergeScreen(null, whole)
    const next = mergeScreen(held, { ...whole, attention: null })
    expect(next).toEqual(held)
  })

  it('forgets another screen’s picture', () => {
    const held = mergeScreen(null, {
      screen: 'connections',
      cards: [],
      detail: null,
      removed: [],
    })
    const next = mergeScreen(held, {
      screen: 'overview',
      tiles: null,
      attention: null,
      latest: NONE,
      away: null,
    })
    expect(next).toMatchObject({ screen: 'overview', attention: [] })
  })

  it('does not add the rows of one run to those of another', () => {
    const held = mergeScreen(null, hosts(run(1), ['0', '1']))
    const next = mergeScreen(held, hosts(run(2), ['0'])) as PictureOf<'hosts'>
    expect(next.run?.run.run).toBe(2)
    expect(next.run?.rows.rows.map((row) => row.hostname)).toEqual(['from 2'])
  })

  it('drops the run when there is none any more', () => {
    const held = mergeScreen(null, hosts(run(1), ['0']))
    const next = mergeScreen(held, { ...hosts(run(1), []), run: null } as ScreenFrame)
    expect((next as PictureOf<'hosts'>).run).toBeNull()
  })
})

function hosts(of: RunRow, keys: string[]): ScreenFrame {
  const changed = keys.map((key) => ({ key, hostname: `from ${of.run}`, cells: [] }))
  const rows = {
    total: keys.length,
    matching: keys.length,
    offset: 0,
    moved: false,
    order: keys,
    changed,
  }
  return {
    screen: 'hosts',
    hosts: NONE,
    runs: null,
    orgs: null,
    run: { run: of, columns: ['a'], rows, outcomes: [] },
  }
}

function run(number: number): RunRow {
  return {
    key: `c/${number}`,
    connection: 'c',
    org: 'o',
    run: number,
    sql: '',
    target: 'all',
    stopped: false,
    hostsDropped: 0,
    startedAt: 0,
    endedAt: null,
    error: null,
    rows: 0,
    dropped: 0,
    hosts: null,
    answered: 0,
  }
}

function attention(key: string) {
  return {
    key,
    severity: 'high' as const,
    stale: false,
    title: '',
    detail: '',
    connection: '',
    since: 0,
    target: { screen: 'signals' as const },
  }
}
