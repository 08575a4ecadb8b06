import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import DataTable from './DataTable.svelte'
import type { Column, Range } from './table'

interface Row {
  key: string
  n: number
}
const part = ({ offset, limit }: Range): Row[] =>
  Array.from({ length: limit }, (_, i) => ({ key: `k${offset + i}`, n: offset + i }))
const columns: Column<Row>[] = [
  { key: 'n', label: 'Number', width: '80px', text: ({ n }) => `row ${n}` },
]

/** Places and texts of the rows that are shown. */
function shown(): [number, string, string | undefined][] {
  return [...document.querySelectorAll<HTMLElement>('[data-at]:not([aria-hidden])')].map((row) => [
    Number(row.dataset.at),
    row.textContent?.trim() ?? '',
    row.dataset.key,
  ])
}

const waiting = () => document.querySelectorAll('[data-at][aria-hidden]').length

async function scrollTo(row: number) {
  const grid = screen.getByRole('grid')
  grid.scrollTop = row * 32
  await fireEvent.scroll(grid)
  await tick()
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(640)
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('shows each row in its place, whichever element it comes to, and of what has not come nothing', async () => {
  let asked: Range = { offset: 0, limit: 0 }
  const onrange = vi.fn((range: Range) => (asked = range))
  const props = { label: 'Rows', columns, rows: part({ offset: 0, limit: 200 }), count: 100_000 }
  const { rerender } = render(DataTable<Row>, { props: { ...props, onrange } })
  const isTrue = () =>
    shown().length > 5 &&
    shown().every(([at, text, key]) => text === `row ${at}` && key === `k${at}`)
  await tick()
  const elements = new Set(document.querySelectorAll('[data-at]'))
  expect(isTrue()).toBe(true)

  const calls = onrange.mock.calls.length
  for (let row = 1; row <= 20; row++) await scrollTo(row)
  expect(isTrue()).toBe(true)
  expect(onrange.mock.calls.length - calls, 'asked ahead, and once').toBe(1)
  expect([...elements].every((element) => element.isConnected)).toBe(true)

  await scrollTo(50_000)
  expect(shown()).toEqual([])
  expect(waiting()).toBeGreaterThan(5)
  expect(screen.getByRole('rowgroup').getAttribute('aria-busy')).toBe('true')
  expect(asked.offset).toBeLessThan(50_000)
  expect(asked.offset + asked.limit).toBeGreaterThan(50_020)

  await rerender({ ...props, onrange, rows: part(asked), offset: asked.offset })
  expect(waiting()).toBe(0)
  expect(isTrue()).toBe(true)

  await scrollTo(49_996)
  vi.advanceTimersByTime(1000)
  await tick()
  const places = shown().map(([at]) => at)
  expect(places, 'at rest they are read in their order').toEqual([...places].sort((a, b) => a - b))
  expect(isTrue()).toBe(true)
})

const row = (at: number) => {
  const found = document.querySelector<HTMLElement>(`[data-at="${at}"]`)
  if (!found) throw new Error(`no row ${at}`)
  return found
}
const places = (selector: string) =>
  [...document.querySelectorAll<HTMLElement>(`[data-at]${selector}`)].map((row) =>
    Number(row.dataset.at),
  )

it('leaves what is selected, active and stale to its row when its element goes to another', async () => {
  const onopen = vi.fn()
  const rows = part({ offset: 0, limit: 200 })
  const isStale = ({ n }: Row) => n === 2
  render(DataTable<Row>, {
    props: { label: 'Rows', columns, rows, count: 100_000, isStale, onopen },
  })
  await tick()
  await fireEvent.click(row(3), { ctrlKey: true })
  const marked = () => [places('[aria-selected="true"]'), places('.active'), places('.stale')]
  expect(marked()).toEqual([[3], [3], [2]])
  const element = row(3)

  await scrollTo(60)
  expect(Number(element.dataset.at), 'it draws another row').toBeGreaterThan(40)
  expect(marked()).toEqual([[], [], []])
  expect(onopen).not.toHaveBeenCalled()
  await fireEvent.click(element)
  expect(onopen.mock.calls).toEqual([[rows[Number(element.dataset.at)]]])
  await fireEvent.click(element, { ctrlKey: true })

  await scrollTo(50_000)
  expect(waiting()).toBeGreaterThan(5)
  expect(places('.chosen, .active')).toEqual([])
  for (const at of places('[aria-hidden]')) await fireEvent.click(row(at))
  expect(onopen).toHaveBeenCalledOnce()

  await scrollTo(0)
  expect(places('.stale')).toEqual([2])
})

it('opens no row of which there is nothing to open, by no way', async () => {
  const onopen = vi.fn()
  const canOpen = ({ n }: Row) => n !== 1
  const rows = part({ offset: 0, limit: 3 })
  render(DataTable<Row>, { props: { label: 'Rows', columns, rows, onopen, canOpen } })
  await tick()
  expect(places('.opens')).toEqual([0, 2])
  await fireEvent.click(row(1))
  await fireEvent.keyDown(screen.getByRole('grid'), { key: 'Enter', code: 'Enter' })
  expect(onopen).not.toHaveBeenCalled()
  const menu = async (at: number) => {
    await fireEvent.contextMenu(row(at))
    await vi.advanceTimersByTimeAsync(100)
    return screen.getAllByRole('menuitem').map((item) => item.textContent?.trim())
  }
  expect((await menu(1)).join()).not.toMatch(/Open/)
  expect((await menu(2)).join()).toMatch(/Open/)
})

it('is on the first row in sight as the focus comes, and the next key acts on it', async () => {
  const onopen = vi.fn()
  const rows = part({ offset: 0, limit: 200 })
  render(DataTable<Row>, { props: { label: 'Rows', columns, rows, onopen } })
  const grid = screen.getByRole('grid')
  await scrollTo(10)
  await fireEvent.focus(grid)
  expect(places('.active')).toEqual([10])
  await fireEvent.keyDown(grid, { key: 'Enter', code: 'Enter' })
  expect(onopen).toHaveBeenCalledWith(rows[10])
})

it('leaves the row to the pointer where it brings the focus', async () => {
  const rows = part({ offset: 0, limit: 200 })
  render(DataTable<Row>, { props: { label: 'Rows', columns, rows } })
  const grid = screen.getByRole('grid')
  await fireEvent.pointerDown(grid)
  await fireEvent.focus(grid)
  expect(places('.active')).toEqual([])
})

describe('where there is no room for all columns', () => {
  const wide: Column<Row>[] = ['name', 'a', 'b', 'c', 'd'].map((key, i) => ({
    key,
    label: key,
    width: '100px',
    text: ({ n }) => `${key} ${n}`,
    givesWay: i === 1 ? 1 : undefined,
  }))
  const heads = () => screen.getAllByRole('columnheader').map((head) => head.textContent?.trim())
  const cells = () =>
    [...row(0).children].map((cell) => [
      cell.getAttribute('aria-colindex'),
      cell.textContent?.trim(),
    ])
  const press = async (on: Element, key: string, more: KeyboardEventInit = {}) => {
    await fireEvent.keyDown(on, { key, code: key, ...more })
    await tick()
  }
  /** Three of a hundred pixels have room in it. */
  const NARROW = 400

  async function open(width: number, more: object = {}) {
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(width)
    const rows = part({ offset: 0, limit: 3 })
    render(DataTable<Row>, { props: { label: 'Rows', columns: wide, rows, ...more } })
    await tick()
    return screen.getByRole('grid')
  }

  it('draws the first and whole ones beside it, and says which it does not', async () => {
    const grid = await open(NARROW)
    expect(grid.getAttribute('aria-colcount')).toBe('5')
    expect(heads()).toEqual(['name', 'b', 'c'])
    expect(screen.queryByTestId('columns-before')).toBeNull()
    await fireEvent.click(screen.getByRole('button', { name: '2 more columns after these: d, a' }))
    expect(cells()).toEqual([
      ['1', 'name 0'],
      ['4', 'd 0'],
      ['5', 'a 0'],
    ])
    await fireEvent.click(screen.getByRole('button', { name: '2 more columns before these: b, c' }))
    expect(heads()).toEqual(['name', 'b', 'c'])
  })

  it('says nothing where there is room', async () => {
    await open(5 * 116 + 16)
    expect(heads()).toEqual(['name', 'a', 'b', 'c', 'd'])
    expect(screen.queryByRole('button', { name: /more column/ })).toBeNull()
  })

  it('brings the cell that the keys go to', async () => {
    const grid = await open(NARROW)
    await fireEvent.focus(grid)
    const at = () =>
      document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.textContent?.trim()
    for (let presses = 0; presses < 4; presses++) await press(grid, 'ArrowRight')
    expect([at(), heads()]).toEqual(['d 0', ['name', 'c', 'd']])
    await press(grid, 'End')
    expect([at(), heads()]).toEqual(['a 0', ['name', 'd', 'a']])
    for (let presses = 0; presses < 3; presses++) await press(grid, 'ArrowLeft')
    expect([at(), heads()]).toEqual(['b 0', ['name', 'b', 'c']])
    await fireEvent.click(screen.getByTestId('columns-after'))
    expect(at(), 'the row, while its cell is not drawn').toMatch(/^name 0/)
  })

  it('brings the head that the keys go to, and the one that becomes wider', async () => {
    await open(NARROW, { name: 'narrow' })
    const button = () => document.activeElement as HTMLElement
    screen.getByRole('button', { name: 'name' }).focus()
    for (let presses = 0; presses < 3; presses++) await press(button(), 'ArrowRight')
    expect([button().textContent?.trim(), heads()]).toEqual(['d', ['name', 'c', 'd']])
    vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(150)
    await press(button(), 'ArrowRight', { ctrlKey: true })
    expect([button().textContent?.trim(), heads()]).toEqual(['d', ['name', 'd']])
  })

  it('goes a column on as a wheel is turned sideways', async () => {
    const grid = await open(NARROW)
    await fireEvent.wheel(grid, { deltaY: 500 })
    await fireEvent.wheel(grid, { deltaX: 40 })
    expect(heads()).toEqual(['name', 'b', 'c'])
    await fireEvent.wheel(grid, { deltaX: 40 })
    expect(heads()).toEqual(['name', 'c', 'd'])
    await fireEvent.wheel(grid, { deltaX: -120, deltaY: 3 })
    expect(heads()).toEqual(['name', 'b', 'c'])
  })
})
