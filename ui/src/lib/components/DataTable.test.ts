import { fireEvent, render, screen } from '@testing-library/svelte'
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
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('shows each row in its place, whichever element it comes to, and of what has not come nothing', async () => {
  let asked: Range = { offset: 0, limit: 0 }
  const onrange = vi.fn((range: Range) => (asked = range))
  const props = { label: 'Rows', columns, rows: part({ offset: 0, limit: 200 }), count: 100_000 }
  const { rerender } = render(DataTable<Row>, { props: { ...props, onrange } })
  const isTrue = () => shown().every(([at, text, key]) => text === `row ${at}` && key === `k${at}`)
  await tick()
  const elements = new Set(document.querySelectorAll('[data-at]'))
  expect(shown().length).toBeGreaterThan(5)
  expect(isTrue()).toBe(true)

  const calls = onrange.mock.calls.length
  for (let row = 1; row <= 20; row++) await scrollTo(row)
  expect(isTrue()).toBe(true)
  expect(onrange.mock.calls.length - calls, 'asked ahead, and once').toBe(1)
  expect([...elements].every((element) => element.isConnected)).toBe(true)

  await scrollTo(50_000)
  expect(shown()).toEqual([])
  expect(waiting()).toBeGreaterThan(5)
  expect(screen.getByRole('rowgroup').ariaBusy ?? 'true').toBe('true')
  expect(asked.offset).toBeLessThan(50_000)
  expect(asked.offset + asked.limit).toBeGreaterThan(50_020)

  await rerender({ ...props, onrange, rows: part(asked), offset: asked.offset })
  expect(waiting()).toBe(0)
  expect(shown().length).toBeGreaterThan(5)
  expect(isTrue()).toBe(true)

  await scrollTo(49_996)
  vi.advanceTimersByTime(1000)
  await tick()
  const places = shown().map(([at]) => at)
  expect(places, 'at rest they are read in their order').toEqual([...places].sort((a, b) => a - b))
  expect(isTrue()).toBe(true)
})
