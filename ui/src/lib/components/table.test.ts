import { describe, expect, it, vi } from 'vitest'
import {
  ahead,
  arranged,
  AS_MADE,
  moved,
  part,
  readLayouts,
  resized,
  shownOrNot,
  type Column,
} from './table'
import { toCsv, toJson, toTsv } from './tableCopy'
import { leastWidth } from './tableFit'
import { inPlace } from './rowSet'
import { Chosen, MOST_CHOSEN } from './tableRows.svelte'
import { Slots, type Slot } from './tableSlots'

interface Row {
  key: string
  name: string
  n: number
}
const row = (n: number): Row => ({ key: `k${n}`, name: `Row ${n}`, n })
const columns: Column<Row>[] = [
  { key: 'name', label: 'Name', width: '100px', text: (row) => row.name },
  { key: 'n', label: 'Number', width: '50px', copied: (row) => `${row.n}.0` },
  { key: 'other', label: 'Other', width: 'minmax(40px, 1fr)' },
]
const keys = (list: readonly { key: string }[]) => list.map((one) => one.key)

describe('leastWidth', () => {
  it('is what the tracks need at least, with the gaps and edges', () => {
    expect(leastWidth(columns)).toBe(100 + 50 + 40 + 4 * 16)
  })
})

describe('an arrangement', () => {
  it('is kept while columns come and go', () => {
    const layout = moved(columns, AS_MADE, 'other', -2)
    expect(keys(arranged(columns, layout))).toEqual(['other', 'name', 'n'])
    const more = [
      ...columns.slice(0, 1),
      { key: 'new', label: 'New', width: '1fr' },
      ...columns.slice(1),
    ]
    expect(keys(arranged(more, layout))).toEqual(['other', 'name', 'new', 'n'])
    expect(keys(arranged(columns.slice(1), layout))).toEqual(['other', 'n'])
  })
  it('moves a column over those that are shown', () => {
    const hidden = shownOrNot(AS_MADE, 'n', false)
    expect(keys(arranged(columns, hidden))).toEqual(['name', 'other'])
    const layout = moved(columns, hidden, 'name', 1)
    expect(keys(arranged(columns, layout))).toEqual(['other', 'name'])
    expect(moved(columns, layout, 'name', 1)).toBe(layout)
  })
  it('has bounds for what is drawn, and always a column', () => {
    const layout = resized(resized(AS_MADE, 'name', 7), 'n', 9000)
    expect(arranged(columns, layout).map((column) => column.width)).toEqual([
      '48px',
      '1200px',
      'minmax(40px, 1fr)',
    ])
    const none = columns.reduce((layout, { key }) => shownOrNot(layout, key, false), AS_MADE)
    expect(keys(arranged(columns, none))).toEqual(['name'])
  })
  it('is read from whatever was kept', () => {
    const kept = {
      a: { order: ['x', 3], hidden: 'no', widths: { x: 80, y: 'wide', z: 2 } },
      b: null,
    }
    expect(readLayouts(kept)).toEqual({
      a: { order: ['x'], hidden: [], widths: { x: 80 } },
      b: AS_MADE,
    })
    expect(readLayouts('tables')).toEqual({})
  })
})

describe('what is copied', () => {
  it('has heads, and no tab or line of a cell ends it', () => {
    const rows = [{ ...row(1), name: 'a\tb\nc' }]
    expect(toTsv(columns, rows)).toBe('Name\tNumber\tOther\na b c\t1.0\t')
    expect(toCsv(columns, [{ ...row(1), name: 'a "b", c' }])).toBe(
      'Name,Number,Other\r\n"a ""b"", c",1.0,\r\n',
    )
    expect(JSON.parse(toJson(columns, [row(1)]))).toEqual([{ name: 'Row 1', n: '1.0', other: '' }])
  })
})

describe('chosen rows', () => {
  const held = { rows: [row(10), row(11), row(12)], offset: 10, count: 40_000 }
  const fetch = vi.fn(({ offset, limit }: { offset: number; limit: number }) =>
    Promise.resolve(Array.from({ length: limit }, (_, i) => row(offset + i))),
  )

  it('are those that are held, without asking', async () => {
    const chosen = new Chosen<Row>()
    await chosen.range(12, 11, held, fetch)
    expect([...chosen.rows.keys()]).toEqual(['k11', 'k12'])
    expect(fetch).not.toHaveBeenCalled()
  })
  it('are asked for beyond, up to a bound, and what is left out is counted', async () => {
    const chosen = new Chosen<Row>()
    await chosen.range(0, held.count - 1, held, fetch)
    expect(chosen.rows.size).toBe(MOST_CHOSEN)
    expect(chosen.leftOut).toBe(30_000)
    expect(fetch.mock.calls.every(([{ limit }]) => limit <= 500)).toBe(true)
  })
  it('are not overtaken by an answer that came too late', async () => {
    const chosen = new Chosen<Row>()
    const late = chosen.range(0, 600, held, fetch)
    chosen.toggle(row(3))
    await late
    expect([...chosen.rows.keys()]).toEqual(['k3'])
    expect(chosen.busy).toBe(false)
  })
  it('are copied as they are now', () => {
    const chosen = new Chosen<Row>()
    chosen.toggle(row(1))
    chosen.toggle(row(2))
    expect(chosen.current([{ ...row(2), name: 'now' }]).map(({ name }) => name)).toEqual([
      'Row 1',
      'now',
    ])
  })
})

describe('rows under the pointer', () => {
  it('stay in their places while the order changes, and what is new comes where others went', () => {
    const had = { rows: [row(1), row(2), row(7), row(3)], offset: 4 }
    const placed = (rows: ReturnType<typeof row>[], offset: number) =>
      keys(inPlace({ rows, offset }, had))
    expect(placed([row(3), row(9), row(1), row(2)], 4)).toEqual(['k1', 'k2', 'k9', 'k3'])
    expect(placed([row(8), row(1), row(3), row(9)], 6), 'scrolled on').toEqual([
      'k8',
      'k3',
      'k1',
      'k9',
    ])
    expect(placed([row(3)], 4), 'fewer').toEqual(['k3'])
  })
})

describe('what is asked for while a list is scrolled', () => {
  it('is more than is in sight, and the same until its edge comes near', () => {
    const first = ahead(part(0, 30), 0, 30, 100_000)
    expect(first).toEqual({ offset: 0, limit: 150 })
    expect(ahead(first, 70, 100, 100_000)).toBe(first)
    const next = ahead(first, 71, 101, 100_000)
    expect(next).toEqual({ offset: 0, limit: 250 })
    expect(ahead(next, 99_970, 100_000, 100_000)).toEqual({ offset: 99_850, limit: 150 })
  })
})

describe('the elements of rows', () => {
  const draw = (
    slots: Slots<Row>,
    rows: Row[],
    [first, last]: [number, number],
    more: { offset?: number; byPlace?: boolean; still?: boolean } = {},
  ) => slots.draw({ rows, offset: 0, byPlace: false, still: true, ...more, first, last })
  const told = (slots: readonly Slot<Row>[]) =>
    slots.map(({ id, at, row, waits }) => [id, at, waits ? null : row?.key])
  const list = Array.from({ length: 40 }, (_, n) => row(n))

  it('go on with their rows, and those of rows that have left are taken by others', () => {
    const slots = new Slots<Row>()
    draw(slots, list, [0, 3])
    const moving = draw(slots, list, [2, 5], { still: false })
    expect(told(moving)).toEqual([
      [0, 3, 'k3'],
      [1, 4, 'k4'],
      [2, 2, 'k2'],
    ])
    expect(draw(slots, list, [2, 5], { still: false })).toBe(moving)
    expect(told(draw(slots, list, [2, 5]))).toEqual([
      [2, 2, 'k2'],
      [0, 3, 'k3'],
      [1, 4, 'k4'],
    ])
    const turned = [list[2], list[4], list[3]] as Row[]
    expect(told(draw(slots, turned, [2, 5], { offset: 2 }))).toEqual([
      [2, 2, 'k2'],
      [1, 3, 'k4'],
      [0, 4, 'k3'],
    ])
  })
  it('show no row where the one of their place has not come', () => {
    const slots = new Slots<Row>()
    draw(slots, list.slice(0, 3), [0, 3])
    expect(told(draw(slots, list.slice(0, 3), [2, 5]))).toEqual([
      [2, 2, 'k2'],
      [0, 3, null],
      [1, 4, null],
    ])
    expect(told(draw(slots, list, [2, 5]))).toEqual([
      [2, 2, 'k2'],
      [0, 3, 'k3'],
      [1, 4, 'k4'],
    ])
  })
  it('stay in their places where rows stream through', () => {
    const slots = new Slots<Row>()
    draw(slots, list, [0, 3], { byPlace: true })
    expect(told(draw(slots, [row(99), ...list], [0, 3], { byPlace: true }))).toEqual([
      [0, 0, 'k99'],
      [1, 1, 'k0'],
      [2, 2, 'k1'],
    ])
  })
  it('are no more than there are places', () => {
    const slots = new Slots<Row>()
    draw(slots, list, [0, 20])
    expect(told(draw(slots, list, [18, 20]))).toEqual([
      [18, 18, 'k18'],
      [19, 19, 'k19'],
    ])
  })
})
