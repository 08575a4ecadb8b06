import { fireEvent, screen } from '@testing-library/svelte'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { DEVICE_COLUMNS, preferences } from '../lib/preferences.svelte'
import { router } from '../lib/route.svelte'
import { open, stage } from './stage'

vi.mock('uplot')
stage()

beforeEach(() => {
  localStorage.clear()
  preferences.views = []
  preferences.deviceView = 'table'
  preferences.deviceColumns = [...DEVICE_COLUMNS]
})

/** The key of the row that the keys are on. */
function row(): string | null {
  const id = document.activeElement?.getAttribute('aria-activedescendant') ?? ''
  return document.getElementById(id)?.closest<HTMLElement>('[data-key]')?.dataset.key ?? null
}

/** Walks so many rows down a table and opens the one that the keys are then on. */
async function openIn(table: string, rows: number): Promise<string> {
  const grid = await screen.findByTestId(table)
  grid.focus()
  for (let i = 0; i < rows; i++) await fireEvent.keyDown(grid, { key: 'ArrowDown' })
  await vi.waitFor(() => expect(row()).not.toBeNull())
  const key = row() ?? ''
  grid.scrollTop = 40
  await fireEvent.scroll(grid)
  await fireEvent.keyDown(grid, { key: 'Enter' })
  return key
}

const altLeft = () =>
  fireEvent.keyDown(document.body, { key: 'ArrowLeft', code: 'ArrowLeft', altKey: true })

async function back(table: string, key: string) {
  await altLeft()
  const grid = await screen.findByTestId(table)
  await vi.waitFor(() => expect(document.activeElement).toBe(grid))
  await vi.waitFor(() => expect(row()).toBe(key))
  expect(grid.scrollTop).toBe(40)
}

describe('who goes back', () => {
  it('finds the devices as they were left: filter, order, place and row', async () => {
    open('#/devices')
    await screen.findByTestId('device-table')
    const filter = screen.getByTestId<HTMLInputElement>('device-filter')
    await fireEvent.input(filter, { target: { value: 'VH10' } })
    const key = await openIn('device-table', 3)
    await screen.findByTestId('screen-device')
    await back('device-table', key)
    expect(screen.getByTestId<HTMLInputElement>('device-filter').value).toBe('VH10')
  })

  it('finds them so by the link back, too', async () => {
    open('#/devices')
    const key = await openIn('device-table', 2)
    await fireEvent.click(await screen.findByTestId('back'))
    await screen.findByTestId('device-table')
    await vi.waitFor(() => expect(row()).toBe(key))
  })

  it('finds the definitions of jobs as they were left', async () => {
    open('#/jobs')
    const key = await openIn('definition-table', 1)
    await screen.findByTestId('screen-definition')
    await back('definition-table', key)
  })

  it('finds the event that was open', async () => {
    open('#/events')
    const key = await openIn('event-table', 4)
    const said = (await screen.findByTestId('event-detail')).textContent
    await fireEvent.keyDown(document.body, { key: '4', code: 'Digit4', altKey: true })
    await screen.findByTestId('screen-jobs')
    await back('event-table', key)
    expect(screen.getByTestId('event-detail').textContent).toBe(said)
  })

  it('finds the job that was opened from a list', async () => {
    open('#/jobs')
    const list = await screen.findByTestId('failures')
    const second = list.querySelectorAll<HTMLElement>('[data-key]')[1]
    const { key } = second?.dataset ?? {}
    second?.focus()
    if (second) await fireEvent.click(second)
    await screen.findByTestId('screen-job')
    await altLeft()
    await screen.findByTestId('failures')
    await vi.waitFor(() => expect((document.activeElement as HTMLElement).dataset.key).toBe(key))
  })

  it('begins anew where the place is a new one', async () => {
    open('#/devices')
    await openIn('device-table', 2)
    await screen.findByTestId('screen-device')
    await fireEvent.keyDown(document.body, { key: '3', code: 'Digit3', altKey: true })
    const grid = await screen.findByTestId('device-table')
    expect(grid.scrollTop).toBe(0)
    expect(document.activeElement).not.toBe(grid)
  })
})

describe('what is chosen for every place', () => {
  it('is as it was chosen last where an earlier place is gone back to, also beside a saved view', async () => {
    open('#/devices')
    await screen.findByTestId('device-table')
    await fireEvent.input(screen.getByTestId('device-filter'), { target: { value: 'VH10' } })
    await fireEvent.click(await screen.findByTestId('save-view-button'))
    await fireEvent.input(await screen.findByTestId('view-name'), { target: { value: 'Ten' } })
    await fireEvent.click(screen.getByTestId('view-save'))
    await openIn('device-table', 1)
    await screen.findByTestId('screen-device')
    router.go({ screen: 'devices' })
    await screen.findByTestId('screen-devices')
    const columns = [...DEVICE_COLUMNS, 'temperature']
    preferences.deviceColumns = columns
    preferences.deviceView = 'board'

    await altLeft()
    await screen.findByTestId('screen-device')
    await altLeft()
    const filter = await screen.findByTestId<HTMLInputElement>('device-filter')
    expect(filter.value).toBe('VH10')
    expect(preferences.deviceColumns).toEqual(columns)
    expect(preferences.deviceView).toBe('board')
    const stand = await screen.findByTestId('standing-view')
    expect(stand.textContent).toMatch(/Ten.*changed/)

    await fireEvent.click(screen.getByTestId('view-Ten'))
    await vi.waitFor(() => expect(preferences.deviceView).toBe('table'))
    expect(preferences.deviceColumns).toEqual([...DEVICE_COLUMNS])
    expect(stand.textContent).not.toContain('changed')
  })
})

describe('going back that is refused, for something is not saved', () => {
  /** From Overview by the rules to one of them, which is changed. */
  async function type() {
    open('#/overview')
    await screen.findByTestId('screen-overview')
    router.go({ screen: 'rules' })
    await screen.findByTestId('screen-rules')
    router.go({ screen: 'rule', name: 'cold-chain' })
    await fireEvent.input(await screen.findByTestId('rule-name'), { target: { value: 'colder' } })
  }
  async function refused() {
    await fireEvent.click(await screen.findByTestId('confirm-cancel'))
    await vi.waitFor(() => expect(screen.queryByTestId('confirm')).toBeNull())
    await vi.waitFor(() => expect(location.hash).toBe('#/rule/cold-chain'))
    expect(screen.getByTestId<HTMLInputElement>('rule-name').value).toBe('colder')
  }

  it.each([
    ['by the link', () => fireEvent.click(screen.getByTestId('back'))],
    ['by keys', altLeft],
    ['by the engine', () => history.back()],
  ])('leaves what is behind as it is: %s', async (_, leave) => {
    await type()
    for (let i = 0; i < 3; i++) {
      await leave()
      await refused()
    }
    await leave()
    await fireEvent.click(await screen.findByTestId('confirm-do'))
    await screen.findByTestId('screen-rules')
    expect(location.hash).toBe('#/rules')
    await altLeft()
    await screen.findByTestId('screen-overview')
    history.go(2)
    await screen.findByTestId('screen-rule')
  })

  it('leads by more than one place where it was to', async () => {
    await type()
    history.go(-2)
    await refused()
    history.go(-2)
    await fireEvent.click(await screen.findByTestId('confirm-do'))
    await screen.findByTestId('screen-overview')
    expect(router.current.screen).toBe('overview')
  })

  it('says of a link that is refused nothing to the history behind', async () => {
    await type()
    location.hash = '#/signals'
    history.replaceState(null, '')
    await refused()
    await fireEvent.click(screen.getByTestId('back'))
    await fireEvent.click(await screen.findByTestId('confirm-do'))
    await screen.findByTestId('screen-rules')
  })
})
