import { fireEvent, screen, waitFor, within } from '@testing-library/svelte'
import { expect, it } from 'vitest'
import { asked, open, stage } from './stage'

stage()

const filterBy = async (text: string) => {
  const filter = await screen.findByTestId<HTMLInputElement>('event-filter')
  filter.focus()
  await fireEvent.input(filter, { target: { value: text } })
  return filter
}

/** Opens the newest event of a kind. */
async function opened(kind: string): Promise<HTMLElement> {
  await filterBy(`kind:${kind}`)
  const table = await screen.findByTestId('event-table')
  const rows = () => [...table.querySelectorAll<HTMLElement>('[data-key]')]
  await waitFor(() => {
    expect(rows().length).toBeGreaterThan(0)
    expect(rows().every((row) => row.textContent.includes(kind))).toBe(true)
  })
  const [first] = rows()
  if (first) await fireEvent.click(first)
  return screen.findByTestId('event-detail')
}

it('leaves plain words as they are where the filter is left, and takes a kind that was chosen', async () => {
  open('#/events')
  const filter = await filterBy('offline')
  // `true` where the key goes on to the next place in the page.
  expect(await fireEvent.keyDown(filter, { key: 'Tab' })).toBe(true)
  expect(filter.value).toBe('offline')
  await fireEvent.keyDown(filter, { key: 'ArrowDown' })
  expect(await fireEvent.keyDown(filter, { key: 'Tab' })).toBe(false)
  expect(filter.value).toBe('kind:host.offline')
  await filterBy('batt')
  expect(await fireEvent.keyDown(filter, { key: 'Tab' })).toBe(false)
  expect(filter.value).toBe('battery_voltage')
})

it('tells of the button that shows a code where there is one, and keeps the keys on it', async () => {
  const calls = open('#/events', 'lively', { event_json: '{"source":"rfid","code":"•••"}' })
  const detail = await opened('device.unlocked')
  const button = await within(detail).findByTestId('reveal-code')
  expect(detail.textContent).toMatch(/“Show code” above/)
  // What is said stands there before there is something to say.
  const said = within(detail).getByRole('status')
  expect(said.textContent).toBe('')
  button.focus()
  await fireEvent.click(button)
  await waitFor(() => expect(said.textContent).toMatch(/Code 04A2B/))
  expect(document.activeElement).toBe(button)
  expect(button.textContent).toMatch(/04A2B/)
  expect(asked(calls, 'reveal_code').length).toBe(1)
})

it('does not tell of that button beside an event that has none', async () => {
  open('#/events', 'lively', { event_json: '{"headers":{"code":"•••"}}' })
  const detail = await opened('job')
  await waitFor(() => expect(detail.textContent).toMatch(/••• is hidden\./))
  expect(detail.textContent).not.toMatch(/Show code/)
})
