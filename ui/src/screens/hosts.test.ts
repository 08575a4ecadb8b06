import { fireEvent, screen, waitFor, within } from '@testing-library/svelte'
import { expect, it } from 'vitest'
import { mockBackend } from '../lib/backend/mock'
import type { Backend } from '../lib/backend/backend'
import type { Commands, Frame } from '../lib/backend/types'
import { ALL_ORGS, consoleState } from '../lib/domain/hosts/console.svelte'
import { learned } from '../lib/domain/hosts/schema'
import { asked, open, stage } from './stage'

stage()

const parts = () =>
  within(screen.getByTestId('run-orgs'))
    .getAllByRole('radio')
    .map((one) => one.textContent.trim())

it('asks each organisation that is live where all are chosen, and shows one result with a part of each', async () => {
  consoleState.org = ALL_ORGS
  const calls = open('#/hosts')
  await fireEvent.click(await screen.findByTestId<HTMLButtonElement>('run'))
  const orgs = () => asked(calls, 'run_query').map(({ org }) => org)
  await waitFor(() => expect(orgs()).toEqual(['org_acme', 'org_lab']))
  await screen.findByTestId('run-orgs')
  await waitFor(() =>
    expect(parts().join()).toMatch(/^All: .*rows?,org_acme: .*hosts.*,org_lab: .*hosts/),
  )
  const title = () => screen.getByTestId('run-results').textContent
  await waitFor(() => expect(title()).toMatch(/rows? of 2 organisations/))
  await fireEvent.click(screen.getByRole('radio', { name: /^org_acme: / }))
  await waitFor(() => expect(title()).toMatch(/org_acme: /))
  expect(screen.getByTestId('run-outcomes').textContent).toMatch(/in org_acme/)

  // The other's part is looked at in the same way.
  consoleState.filter = 'sshd'
  await fireEvent.click(screen.getByRole('radio', { name: /^org_lab: / }))
  await waitFor(() => expect(title()).toMatch(/org_lab: /))
  expect(consoleState.filter).toBe('sshd')
  consoleState.filter = ''

  // What is left of both is stopped at once.
  await fireEvent.click(screen.getByTestId('stop-run'))
  await waitFor(() => expect(asked(calls, 'stop_query').length).toBe(2))
})

it('lists the rows of all organisations of a question in one table that names them', async () => {
  consoleState.schema = learned([])
  consoleState.org = ALL_ORGS
  open('#/hosts')
  await fireEvent.click(await screen.findByTestId<HTMLButtonElement>('run'))
  const table = () => screen.getByTestId('run-table')
  await waitFor(() => expect(table().textContent).toMatch(/org_acme/), { timeout: 10_000 })
  const head = within(table()).getByRole('columnheader', { name: 'Organisation' })
  const order = within(head).getByRole('button')
  await fireEvent.click(order)
  await fireEvent.click(order)
  await waitFor(() => expect(table().textContent).toMatch(/org_lab/), { timeout: 10_000 })
  consoleState.sort = null
  // The editor completes what was answered, as where one organisation's rows are shown.
  expect(consoleState.schema.os_version).toContain('resident_size')
  // What was asked together is so for a window that is built anew, and for nothing else of that number.
  const [group] = consoleState.asked
  const kept = JSON.parse(localStorage.getItem('signalbox.look') ?? '{}') as { asked: unknown[] }
  expect(kept.asked[0]).toEqual(group)
}, 20_000)

it('says what became of each host of each organisation, what went wrong first', async () => {
  consoleState.org = ALL_ORGS
  open('#/hosts')
  await fireEvent.click(await screen.findByTestId<HTMLButtonElement>('run'))
  const panel = await screen.findByTestId('run-outcomes')
  const groups = () =>
    within(panel)
      .queryAllByTestId('outcome-group')
      .map((head) => head.textContent.trim().replace(/\s+/g, ' '))
  // All of them have an end, and the heads say how many have which.
  await waitFor(
    () => {
      expect(groups().length).toBe(2)
      for (const head of groups()) {
        expect(head).toMatch(/org_(acme|lab) \d+ (answered|failed|timed out)/)
        expect(head).not.toMatch(/waiting/)
      }
    },
    { timeout: 20_000 },
  )
  const isTrouble = (head: string) => /failed|timed out/.test(head)
  expect(groups().map(isTrouble)).toEqual(groups().map(isTrouble).sort().reverse())
  const lists = within(panel).getAllByRole('list', { name: /^Hosts of org_/ })
  const hosts = lists.map((list) => within(list).getAllByRole('listitem').length)
  expect(panel.textContent).toMatch(
    new RegExp(`${hosts.reduce((sum, n) => sum + n, 0)} in 2 organisations`),
  )
  // A host's rows alone, and all again.
  const [host] = within(panel).getAllByTitle('Show the rows of this host alone')
  if (!host) throw new Error('no host has rows')
  await fireEvent.click(host)
  expect(consoleState.filter).toMatch(/^host="/)
  expect(host.getAttribute('aria-pressed')).toBe('true')
  await fireEvent.click(host)
  expect(consoleState.filter).toBe('')
}, 40_000)

it('lists the rows of those that can be had, and says of which it cannot', async () => {
  consoleState.org = ALL_ORGS
  const inner = mockBackend('lively')
  const wanted: unknown[] = []
  let gone = -1
  const backend: Backend = {
    async call(command, args) {
      const answer = await inner.call(command, args)
      if (command === 'run_query' && (args as { org: string }).org === 'org_acme')
        gone = answer as number
      if (command !== 'look') return answer
      const { screen } = (args as Commands['look'][0]).spec
      if (screen.screen !== 'hosts' || !screen.run) return answer
      wanted.push(screen.run.sort)
      if (screen.run.run !== gone) return answer
      const frame = answer as Frame
      return { ...frame, screen: { ...frame.screen, run: null } } as typeof answer
    },
  }
  open('#/hosts', backend)
  await fireEvent.click(await screen.findByTestId<HTMLButtonElement>('run'))
  await screen.findByTestId('run-table')
  // That there are none is said once they were read.
  const results = () => screen.getByTestId('run-results').textContent
  expect(results()).toMatch(/Reading the rows/)
  await waitFor(() => expect(results()).toMatch(/of 1 of 2 organisations/), { timeout: 10_000 })
  expect(results()).toMatch(/The answer of org_acme is not kept any more/)
  const table = () => screen.getByTestId('run-table').textContent
  await waitFor(() => expect(table()).toMatch(/org_lab/), { timeout: 10_000 })
  // The first of each organisation are those of the order that is wanted.
  consoleState.sort = { column: 'pid', descending: true }
  await waitFor(() => expect(wanted.at(-1)).toEqual(consoleState.sort), { timeout: 10_000 })
  consoleState.sort = null
}, 30_000)

it('writes the rows of all organisations of a question into one file', async () => {
  consoleState.org = ALL_ORGS
  const calls = open('#/hosts')
  await fireEvent.click(await screen.findByTestId<HTMLButtonElement>('run'))
  await screen.findByTestId('run-orgs')
  await waitFor(() => expect(parts().every((part) => /^\w+: [1-9]/.test(part))).toBe(true), {
    timeout: 10_000,
  })
  await fireEvent.pointerDown(screen.getByTestId('save-run'), { button: 0 })
  await fireEvent.keyDown(screen.getByTestId('save-run'), { key: 'Enter' })
  await fireEvent.click(await screen.findByTestId('save-rows-csv'))
  await waitFor(() => expect(asked(calls, 'save_text').length).toBe(1))
  const [saved] = asked(calls, 'save_text')
  const [head, ...lines] = saved?.text.trim().split('\r\n') ?? []
  expect(head).toMatch(/^organisation,host,pid/)
  expect(new Set(lines.map((line) => line.split(',')[0]))).toEqual(new Set(['org_acme', 'org_lab']))
  const toast = await screen.findByText(/rows \(org_acme \d+, org_lab \d+\) saved/)
  expect(toast).toBeTruthy()
}, 20_000)

it('says which organisation a question was not sent to', async () => {
  consoleState.org = ALL_ORGS
  const inner = mockBackend('lively')
  const backend: Backend = {
    ...inner,
    call: (command, args) =>
      command === 'run_query' && (args as { org: string }).org === 'org_lab'
        ? Promise.reject(new Error('not joined'))
        : inner.call(command, args),
  }
  open('#/hosts', backend)
  await fireEvent.click(await screen.findByTestId<HTMLButtonElement>('run'))
  expect(await screen.findByText(/Not sent to org_lab/)).toBeTruthy()
})

it('finds the results in sight by going back, also where the hosts were filtered', async () => {
  consoleState.org = null
  open('#/hosts')
  const filter = await screen.findByTestId('host-filter')
  await fireEvent.input(filter, { target: { value: 'srv' } })
  await fireEvent.click(await screen.findByTestId<HTMLButtonElement>('run'))
  await screen.findByTestId('run-results')
  await fireEvent.keyDown(document.body, { key: '4', code: 'Digit4', altKey: true })
  await screen.findByTestId('screen-jobs')
  await fireEvent.keyDown(document.body, { key: 'ArrowLeft', code: 'ArrowLeft', altKey: true })
  expect(await screen.findByTestId('run-results')).toBeTruthy()
  // The filter is as it was, too.
  await fireEvent.click(screen.getByRole('radio', { name: /^Inventory/ }))
  expect(screen.getByTestId<HTMLInputElement>('host-filter').value).toBe('srv')
})
