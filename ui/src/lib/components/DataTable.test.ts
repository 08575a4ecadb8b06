import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
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
