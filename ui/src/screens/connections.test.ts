import { fireEvent, screen } from '@testing-library/svelte'
import { expect, it, vi } from 'vitest'
import { mockBackend } from '../lib/backend/mock'
import { wizard } from '../lib/domain/connections/wizard.svelte'
import { asked, open, stage } from './stage'

vi.mock('uplot')
stage()

it('a connection that was removed stays in the list to be taken back, also once the message is gone', async () => {
  const calls = open('#/connections')
  await screen.findByTestId('card-crew')
  const menu = screen.getByTestId('menu-crew')
  menu.focus()
  await fireEvent.keyDown(menu, { key: 'Enter', code: 'Enter' })
  await fireEvent.click(await screen.findByTestId('remove-crew'))
  const line = await screen.findByTestId('removed-crew')
  expect(line.textContent).toMatch(/Removed\. Its settings and its credential are deleted in 5 min/)
  expect(screen.queryByTestId('card-crew')).toBeNull()
  await fireEvent.click(screen.getByLabelText('Close the message'))
  await fireEvent.click(screen.getByTestId('restore-crew'))
  await screen.findByTestId('card-crew')
  await vi.waitFor(() => expect(screen.queryByTestId('removed-crew')).toBeNull())
  expect(asked(calls, 'restore_connection')).toEqual([{ name: 'crew' }])
})

it('a connection that is switched off says so, keeps its place, and is switched on again', async () => {
  const calls = open('#/connections')
  await screen.findByTestId('card-crew')
  const places = () =>
    [...document.querySelectorAll<HTMLElement>('[data-testid^="card-"]')].map(
      ({ dataset }) => dataset.testid,
    )
  const before = places()
  const [first = ''] = before
  const name = first.replace('card-', '')
  await fireEvent.click(screen.getByTestId(`enable-${name}`))
  await screen.findByText(`${name} was switched off`)
  const isOff = () =>
    vi.waitFor(() => expect(screen.getByTestId(first).dataset.status).toBe('stopped'))
  await isOff()
  expect(places()).toEqual(before)

  // Its card has an address of its own, and with it another screen.
  await fireEvent.click(screen.getByTestId(`details-${name}`))
  await vi.waitFor(() => expect(location.hash).toContain(name))
  await isOff()
  expect(places()).toEqual(before)

  await fireEvent.click(screen.getByText('Undo'))
  await vi.waitFor(() =>
    expect(asked(calls, 'set_enabled')).toEqual([
      { name, enabled: false },
      { name, enabled: true },
    ]),
  )
})

it('the last one that was removed can be taken back when the window is opened again', async () => {
  const fleet = mockBackend('lively')
  const spec = { have: 0, scope: { kind: 'all' }, past: null } as const
  const { screen: picture } = await fleet.call('look', {
    spec: { ...spec, screen: { screen: 'connections', open: null } },
  })
  const cards = picture.screen === 'connections' ? (picture.cards ?? []) : []
  for (const { chip } of cards) await fleet.call('remove_connection', { name: chip.name })
  open('#/connections', fleet)
  await screen.findByTestId('removed-crew')
  expect(screen.queryByTestId('first-run')).toBeNull()
})

it('where none was removed lately, the list of connections is the beginning', async () => {
  open('#/connections', 'first')
  await screen.findByTestId('first-run')
})

it('a definition says whether its jobs fail more than they did', async () => {
  open('#/definition/back-office/send-order-mails')
  const trend = await screen.findByTestId('definition-trend')
  expect(trend.textContent).toMatch(
    /of 40 jobs failed in the last hour, \d+ of 41 in the hour before/,
  )
  expect(screen.getByTestId('definition-failures').textContent).toMatch(
    /counted by Signalbox, per min/,
  )
})

it('a test that watches nothing does not say that it works', async () => {
  open('#/connections')
  wizard.begin()
  await fireEvent.click(await screen.findByTestId('service-iotee'))
  await fireEvent.input(await screen.findByTestId('conn-url'), {
    target: { value: 'wss://iot.example.com/realtime' },
  })
  await fireEvent.input(screen.getByTestId('conn-secret'), { target: { value: 'iot_x' } })
  const ended = async () => {
    await fireEvent.click(screen.getByTestId('conn-test'))
    return (await screen.findByTestId('conn-outcome')).textContent
  }
  const states = () =>
    [...document.querySelectorAll<HTMLElement>('[data-step]')].map(({ dataset }) => dataset.state)

  expect(await ended()).toMatch(/Signed in.*Nothing is watched yet: add hardware ids/)
  expect(states().slice(-3)).toEqual(['done', 'nothing', 'nothing'])

  await fireEvent.input(screen.getByTestId('conn-subscribe'), { target: { value: 'ABC123' } })
  expect(await ended()).toMatch(/It works/)
  expect(states().slice(-3)).toEqual(['done', 'done', 'done'])
}, 20_000)
