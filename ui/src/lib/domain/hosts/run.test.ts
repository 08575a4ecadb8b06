import { describe, expect, it, vi } from 'vitest'
import { preferences } from '../../preferences.svelte'
import type { Outcome, OutcomeRow, RunRow } from '../../backend/types'
import {
  entriesOf,
  errorsOf,
  orgWords,
  partialWords,
  partWords,
  runMark,
  runWords,
  standInOf,
  tally,
  wholeWord,
} from './run'
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
      'o: 85 rows from 1 of 2 hosts, 4.2 s',
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

describe('one question to several organisations', () => {
  const acme = { ...RUN, key: 'c/1', org: 'org_acme', hosts: 31, answered: 28, rows: 28 }
  const lab = { ...RUN, key: 'c/2', run: 2, org: 'org_lab', hosts: 20, answered: 20, rows: 20 }
  const other = { ...RUN, key: 'c/3', run: 3, org: 'org_lab' }
  const together = { runs: [acme, lab], unsent: [], at: 0, sql: '' }

  it('says of each what came of it', () => {
    expect(partWords(acme)).toBe('28 rows · 28 of 31 hosts')
    expect(partWords({ ...acme, hosts: null, answered: 4, rows: 9, endedAt: null })).toBe(
      '9 rows · 4 hosts · running',
    )
    expect(partWords({ ...acme, error: 'refused' })).toBe('failed')
    expect(orgWords(acme, [acme, lab])).toBe('org_acme')
    expect(orgWords(acme, [acme, { connection: 'd', org: 'org_acme' }])).toBe('org_acme on c')
  })

  it('is whole only where each organisation’s part is', () => {
    expect(wholeWord(together, [acme, lab])).toBe('Partial')
    const whole = { ...acme, answered: 31 }
    expect(wholeWord(together, [whole, lab])).toBe('Complete')
    expect(wholeWord({ ...together, unsent: ['org_far'] }, [whole, lab])).toBe('Partial')
    expect(wholeWord(together, [whole, { ...lab, endedAt: null }])).toBe('Running')
    expect(wholeWord(together, [whole, { ...lab, error: 'refused' }])).toBe('Partial')
    // Of one that is not known nothing is said.
    expect(wholeWord(together, [whole])).toBe('Partial')
    expect(
      wholeWord(together, [
        { ...acme, error: 'a' },
        { ...lab, error: 'b' },
      ]),
    ).toBe('Failed')
  })

  it('is remembered beyond the window’s life, as long as its runs are the same ones', async () => {
    preferences.asked = [{ ...together, at: acme.startedAt, sql: acme.sql }]
    // The next window has what is stored, and nothing else.
    vi.resetModules()
    const { ConsoleState } = await import('./console.svelte')
    const recalled = (runs: RunRow[]) => {
      const next = new ConsoleState()
      next.recall(runs)
      return next.asked.map(({ runs }) => runs.map(({ run }) => run))
    }
    expect(recalled([acme, lab])).toEqual([[1, 2]])
    // The list of runs has an end.
    expect(recalled([lab])).toEqual([[1, 2]])
    // Numbers begin anew with the program.
    const later = [acme, lab].map((run) => ({ ...run, startedAt: run.startedAt + 3_600_000 }))
    expect(recalled(later)).toEqual([])
    expect(recalled([acme, { ...lab, sql: 'SELECT 2' }])).toEqual([])
    expect(recalled([other])).toEqual([])
  })
  it('is one entry of the history', () => {
    const entries = entriesOf([other, lab, acme], [together])
    expect(entries.map(({ runs }) => runs.map(({ run }) => run))).toEqual([[3], [1, 2]])
    // The rest is not listed any more.
    expect(entriesOf([lab], [together])).toEqual([{ runs: [lab], together }])
  })
  it('is shown by another of its runs where the one in sight cannot be had', () => {
    expect(standInOf(together, acme, [lab])).toBe(together.runs[1])
    expect(standInOf(together, acme, [acme, lab])).toBeNull()
    expect(standInOf(together, acme, [other])).toBeNull()
  })
})
