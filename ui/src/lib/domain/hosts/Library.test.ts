import { cleanup, fireEvent, render as renderIn, screen } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunRow } from '../../backend/types'
import { preferences } from '../../preferences.svelte'
import { toasts } from '../../toasts.svelte'
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
  consoleState.transient = new Set()
  preferences.ran = []
  preferences.asked = []
  preferences.forgotten = []
  toasts.list = []
})
afterEach(cleanup)

const inScope = () => false
const render = (_: typeof Library, { runs }: { runs: readonly RunRow[] }, isOut = inScope) =>
  renderIn(Library, { runs, isOut })
const listed = () =>
  screen
    .queryAllByRole('listitem')
    .map((row) => row.textContent.replace(/\s+/g, ' ').trim())
    .filter((row) => row !== 'Clear history')
const kept = () => localStorage.getItem('signalbox.look') ?? ''

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

describe('a question to several organisations', () => {
  const lab: RunRow = { ...RUN, key: 'd/3', connection: 'd', org: 'lab', run: 3, startedAt: 1200 }
  const refs = [RUN, lab].map(({ connection, org, run }) => ({ connection, org, run }))
  const group = { runs: refs, unsent: [], at: 990, sql: RUN.sql }
  const others = Array.from({ length: 19 }, (_, i): RunRow => {
    const run = 10 + i
    return { ...RUN, key: `c/${run}`, run, sql: `SELECT ${run}`, startedAt: 200_000 + i }
  }).reverse()
  const ofGroup = () => listed().filter((row) => row.includes(RUN.sql))
  const asWhole = /2 organisations, 170 rows,/

  beforeEach(() => {
    consoleState.asked = [group]
  })

  it('stays one entry, as it ended, when its runs drop off the list one by one', async () => {
    const { rerender } = render(Library, { runs: [lab, RUN] })
    await expect.poll(() => preferences.ran.length).toBe(1)
    await rerender({ runs: [...others, lab] })
    expect(ofGroup()).toHaveLength(1)
    expect(ofGroup()[0]).toMatch(asWhole)
    await expect.poll(() => preferences.ran.length).toBe(20)
    await rerender({ runs: [...others] })
    await expect.poll(() => ofGroup()).toHaveLength(1)
    expect(ofGroup()[0]).toMatch(/2 organisations, 170 rows, not kept,/)
    expect(preferences.ran.filter(({ sql }) => sql === RUN.sql)).toMatchObject([
      { asked: 2, known: 2, ended: true, rows: 170 },
    ])
  })

  it('stays one entry where the scope leaves a part of it out, and is not said to be gone where it leaves out all', async () => {
    const { rerender } = render(Library, { runs: [lab, RUN] })
    await expect.poll(() => preferences.ran.length).toBe(1)
    const before = preferences.ran
    await rerender({ runs: [lab], isOut: (name: string) => name === 'c' })
    expect(ofGroup()).toHaveLength(1)
    expect(ofGroup()[0]).toMatch(asWhole)
    await rerender({ runs: [], isOut: () => true })
    expect(ofGroup()).toHaveLength(1)
    expect(ofGroup()[0]).toMatch(asWhole)
    expect(screen.getByTitle(/The scope leaves it out/)).toBeTruthy()
    expect(preferences.ran).toEqual(before)
  })

  it('is not taken for several while it is being asked', async () => {
    consoleState.asked = []
    consoleState.asking = true
    const { rerender } = render(Library, { runs: [RUN] })
    consoleState.asked = [group]
    consoleState.asking = false
    await rerender({ runs: [lab, RUN] })
    await expect.poll(() => preferences.ran.length).toBe(1)
    expect(preferences.ran).toMatchObject([{ asked: 2, known: 2 }])
  })

  it('is removed with whom it was asked, and comes back by undo', async () => {
    preferences.asked = [group]
    render(Library, { runs: [FAILED, lab, RUN] })
    await expect.poll(() => preferences.ran.length).toBe(2)
    const removes = screen.getByRole('button', { name: `Remove ${RUN.sql} from the history` })
    await fireEvent.click(removes)
    // Its runs are listed still.
    expect(ofGroup()).toEqual([])
    expect(listed()).toHaveLength(1)
    expect(kept()).not.toContain(RUN.sql)
    cleanup()
    // Neither does it come back as one of each organisation.
    consoleState.asked = []
    render(Library, { runs: [FAILED, lab, RUN] })
    expect(ofGroup()).toEqual([])
    consoleState.asked = [group]
    void toasts.list[0]?.action?.run()
    await expect.poll(() => ofGroup().length).toBe(1)
    expect(preferences.asked).toHaveLength(1)
    expect(kept()).toContain(RUN.sql)
  })
})

it('is cleared from the disk at once, and comes back by undo', async () => {
  const { rerender } = render(Library, { runs: [FAILED, RUN] })
  await expect.poll(() => preferences.ran.length).toBe(2)
  await rerender({ runs: [FAILED] })
  await fireEvent.click(screen.getByTestId('clear-history'))
  expect(listed()).toEqual(['Nothing is in the history.'])
  expect(kept()).not.toContain('SELECT')
  expect(kept()).not.toContain('no such table')
  void toasts.list[0]?.action?.run()
  await expect.poll(() => listed().length).toBe(2)
  await expect.poll(() => preferences.ran.length).toBe(2)
})

it('keeps nothing on disk of the demo fleet in somebody’s own window, and lists it', async () => {
  consoleState.transient = new Set(['demo'])
  const demo = { ...RUN, connection: 'demo', sql: 'SELECT secret' }
  render(Library, { runs: [FAILED, demo] })
  await expect.poll(() => preferences.ran.length).toBe(1)
  expect(listed()).toHaveLength(2)
  expect(kept()).not.toContain('secret')
  const { connection, org, run, sql } = demo
  consoleState.begun({ runs: [{ connection, org, run }], unsent: [], at: 1, sql })
  expect(preferences.asked).toEqual([])
})
