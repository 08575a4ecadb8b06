import { describe, expect, it } from 'vitest'
import type { Outcome, OutcomeRow, RunRow } from '../../backend/types'
import { errorsOf, partialWords, runMark, runWords, tally } from './run'
import { learned, tableOf } from './schema'

const RUN: RunRow = {
  key: 'c/1',
  connection: 'c',
  org: 'o',
  run: 1,
  sql: '',
  target: 'all',
  startedAt: 1000,
  endedAt: 5200,
  error: null,
  rows: 85,
  stopped: false,
  dropped: 0,
  hostsDropped: 0,
  hosts: null,
  answered: 0,
}

function outcomes(...all: Outcome[]): OutcomeRow[] {
  return all.map((outcome, i) => ({
    host: `h${i}`,
    hostname: `host-${i}`,
    outcome,
    rows: 0,
    afterMs: null,
    error: outcome === 'error' ? 'no such table: cpus' : null,
    online: null,
    since: null,
  }))
}

const told = (run: Partial<RunRow>, ...all: Outcome[]) => {
  const row = { ...RUN, ...run }
  const counted = tally(row, outcomes(...all))
  return { word: runMark(row, counted).word, partial: partialWords(row, counted) }
}

describe('a run', () => {
  it('is complete only where every host answered and everything fitted', () => {
    expect(told({}, 'answered', 'empty')).toEqual({ word: 'Complete', partial: null })
    expect(told({ dropped: 7 }, 'answered').partial).toMatch(/7 rows did not fit/)
    expect(told({}, 'answered', 'timeout', 'offline')).toEqual({
      word: 'Partial',
      partial: 'This is not all: 1 host did not answer in time, 1 host is offline.',
    })
  })

  it('that was stopped says who had not answered, and while it runs nothing is missing', () => {
    expect(told({ stopped: true }, 'answered', 'waiting').partial).toMatch(
      /1 host had not answered/,
    )
    expect(told({ endedAt: null }, 'answered', 'waiting')).toEqual({
      word: 'Running',
      partial: null,
    })
  })

  it('of which every host failed is no empty result', () =>
    expect(told({}, 'error', 'error').word).toBe('Every host failed'))

  it('counts a host that timed out among those asked', () =>
    expect(runWords(RUN, outcomes('answered', 'timeout'), 0)).toBe(
      '85 rows from 1 of 2 hosts, 4.2 s',
    ))

  it('tells what many hosts said once', () =>
    expect(errorsOf(outcomes('error', 'answered', 'error'))).toEqual([
      { error: 'no such table: cpus', hosts: ['host-0', 'host-2'] },
    ]))
})

describe('what is completed', () => {
  it('learns columns of the one table that was asked', () => {
    expect(tableOf('SELECT * FROM Cpus WHERE x = 1')).toBe('cpus')
    expect(tableOf('SELECT * FROM a JOIN b')).toBeNull()
    expect(tableOf('SELECT * FROM a, b')).toBeNull()
    const schema = learned([{ sql: 'select * from cpus', columns: ['cores', 'count(*)'] }])
    expect(schema.cpus).toEqual(['cores'])
    expect(schema.users).toContain('username')
  })
})
