import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { afterEach, expect, it } from 'vitest'
import type { OutcomeRow, RunRow } from '../../backend/types'
import { count } from '../../format'
import { consoleState } from './console.svelte'
import OutcomeList from './OutcomeList.svelte'

const run: RunRow = {
  key: 'laptops/1',
  connection: 'laptops',
  org: 'acme',
  run: 1,
  sql: 'SELECT 1',
  target: 'all',
  startedAt: 0,
  endedAt: 1,
  error: null,
  rows: 0,
  stopped: false,
  dropped: 0,
  hostsDropped: 0,
  hosts: 2400,
  answered: 2399,
}
const outcomes = Array.from({ length: 2400 }, (_, i): OutcomeRow => ({
  host: `h${i}`,
  hostname: `host-${String(i).padStart(4, '0')}`,
  outcome: i === 2000 ? 'error' : 'answered',
  rows: 1,
  afterMs: 5,
  error: i === 2000 ? 'no such table' : null,
  online: null,
  since: null,
}))
afterEach(cleanup)
const listed = () => screen.getAllByRole('listitem')

it('lists the first of thousands of hosts, and more when asked: what failed is among the first', async () => {
  render(OutcomeList, { parts: [{ organisation: 'acme', run, outcomes }], named: true })
  expect(listed().length).toBe(100)
  expect(listed()[0]?.textContent).toMatch(/host-2000.*no such table/s)
  const head = screen.getByTestId('outcome-group').textContent
  expect(head).not.toContain('laptops')
  expect(head).toContain(`1 failed · ${count(2399)} answered`)
  await fireEvent.click(screen.getByRole('button', { name: `Show 400 of ${count(2300)} more` }))
  expect(listed().length).toBe(500)
})

it('names the connection of each organisation where there are several', () => {
  const other = { ...run, key: 'servers/1', connection: 'servers', org: 'lab' }
  const few = outcomes.slice(0, 3)
  const parts = [
    { organisation: 'acme', run, outcomes: few },
    { organisation: 'lab', run: other, outcomes: few },
  ]
  render(OutcomeList, { parts, named: true })
  const heads = screen.getAllByTestId('outcome-group').map((head) => head.textContent)
  expect(heads[0]).toMatch(/acme laptops/)
  expect(heads[1]).toMatch(/lab servers/)
})

it('has no heads where one organisation is shown', () => {
  const few = outcomes.slice(0, 3)
  render(OutcomeList, { parts: [{ organisation: 'acme', run, outcomes: few }] })
  expect(screen.queryByTestId('outcome-group')).toBeNull()
  expect(screen.queryByRole('button', { name: /more/ })).toBeNull()
  expect(listed().length).toBe(3)
})

it('shows the rows of one host alone, also where another organisation has one of its name', async () => {
  const other = { ...run, key: 'laptops/2', org: 'lab', run: 2 }
  const few = outcomes.slice(0, 1)
  consoleState.filter = ''
  consoleState.whole = true
  const parts = [
    { organisation: 'acme', run, outcomes: few },
    { organisation: 'lab', run: other, outcomes: few },
  ]
  const { rerender } = render(OutcomeList, { parts, named: true })
  const rows = () => screen.getAllByTitle('Show the rows of this host alone')
  const pressed = () => rows().map((row) => row.getAttribute('aria-pressed'))
  await fireEvent.click(rows()[1]!)
  expect(pressed()).toEqual(['false', 'true'])
  expect(consoleState.filter).toBe('host="host-0000"')
  expect(consoleState.only).toEqual({ connection: 'laptops', run: 2 })
  await fireEvent.click(rows()[0]!)
  expect(pressed()).toEqual(['true', 'false'])
  await fireEvent.click(rows()[0]!)
  expect(consoleState.filter).toBe('')
  // Who writes another filter wants the rows of all.
  await fireEvent.click(rows()[1]!)
  consoleState.filter = 'sshd'
  expect(consoleState.only).toBeNull()
  consoleState.filter = 'host="host-0000"'
  // Where one organisation is shown there is no other.
  consoleState.whole = false
  await rerender({ parts: parts.slice(0, 1), named: false })
  expect(pressed()).toEqual(['true'])
  consoleState.filter = ''
  consoleState.whole = true
})
