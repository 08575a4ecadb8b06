import { cleanup, render, screen } from '@testing-library/svelte'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RunRow } from '../../backend/types'
import { preferences } from '../../preferences.svelte'
import { consoleState } from './console.svelte'
import Library from './Library.svelte'

const RUN: RunRow = {
  key: 'c/1',
  connection: 'c',
  org: 'acme',
  run: 1,
  sql: 'SELECT * FROM uptime',
  target: 'all',
  startedAt: 1000,
  endedAt: 5200,
  error: null,
  rows: 85,
  stopped: false,
  dropped: 0,
  hostsDropped: 0,
  hosts: 20,
  answered: 17,
}
const FAILED: RunRow = {
  ...RUN,
  key: 'c/2',
  run: 2,
  sql: 'SELECT * FROM cpus',
  startedAt: 9000,
  endedAt: 9500,
  error: 'no such table: cpus',
  rows: 0,
  hosts: null,
  answered: 0,
}

beforeEach(() => {
  consoleState.shelf = 'history'
  consoleState.asked = []
  preferences.ran = []
})
afterEach(cleanup)

const listed = () =>
  screen.getAllByRole('listitem').map((row) => row.textContent.replace(/\s+/g, ' ').trim())

it('lists a query that failed as failed, with its reason', () => {
  render(Library, { runs: [FAILED, RUN] })
  expect(listed()[0]).toMatch(/^SELECT \* FROM cpus acme, failed: no such table: cpus,/)
  expect(listed()[1]).toMatch(/^SELECT \* FROM uptime acme, 85 rows,/)
})

it('lists a question to several organisations as failed where it failed in all, and says in how many else', () => {
  const other = { ...FAILED, key: 'c/3', org: 'lab', run: 3 }
  const refs = [FAILED, other].map(({ connection, org, run }) => ({ connection, org, run }))
  consoleState.asked = [{ runs: refs, unsent: [], at: 9000, sql: FAILED.sql }]
  const { rerender } = render(Library, { runs: [other, FAILED] })
  expect(listed()).toHaveLength(1)
  expect(listed()[0]).toMatch(/2 organisations, failed: no such table: cpus,/)
  void rerender({ runs: [{ ...other, error: null, rows: 3, answered: 2, hosts: 2 }, FAILED] })
  return expect.poll(() => listed()[0]).toMatch(/2 organisations, 3 rows, failed in 1,/)
})

it('says where no host answered, though the query did not fail', () => {
  render(Library, { runs: [{ ...RUN, rows: 0, answered: 0 }] })
  expect(listed()[0]).toMatch(/acme, no host answered,/)
})

it('still lists what was run when the program begins anew, whose numbers do too', async () => {
  render(Library, { runs: [FAILED, RUN] })
  await expect.poll(() => preferences.ran.length).toBe(2)
  cleanup()
  const now = { ...RUN, sql: 'SELECT 1', startedAt: 50_000, endedAt: null, rows: 4 }
  render(Library, { runs: [now] })
  expect(listed().map((row) => row.replace(/,[^,]*$/, ''))).toEqual([
    'SELECT 1 acme, running',
    'SELECT * FROM cpus acme, failed: no such table: cpus',
    'SELECT * FROM uptime acme, 85 rows, not kept',
  ])
  await expect.poll(() => preferences.ran.length).toBe(3)
  cleanup()
  render(Library, { runs: [] })
  expect(listed()[0]).toMatch(/acme, its end was not seen,/)
  expect(JSON.parse(localStorage.getItem('signalbox.look') ?? '{}')).toMatchObject({
    ran: preferences.ran,
  })
})
