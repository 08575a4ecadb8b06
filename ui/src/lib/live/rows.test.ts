import { describe, expect, it } from 'vitest'
import type { RowsFrame } from '../backend/types'
import { applyRows, NO_ROWS } from './rows'

interface Row {
  key: string
  value: number
}

function frame(order: string[] | null, changed: Row[]): RowsFrame<Row> {
  return { total: 9, matching: 4, offset: 2, moved: false, order, changed }
}

describe('applyRows', () => {
  const first = applyRows<Row>(NO_ROWS, frame(['a', 'b'], [row('a', 1), row('b', 2)]))

  it('takes the whole of a first frame', () => {
    expect(first.rows.map((r) => r.key)).toEqual(['a', 'b'])
    expect(first).toMatchObject({ total: 9, matching: 4, offset: 2 })
  })

  it('keeps rows that did not change as the same objects', () => {
    const next = applyRows(first, frame(null, [row('b', 3)]))
    expect(next.rows[0]).toBe(first.rows[0])
    expect(next.rows[1]).toEqual(row('b', 3))
  })

  it('keeps the very list when nothing changed', () => {
    expect(applyRows(first, frame(null, [])).rows).toBe(first.rows)
  })

  it('follows a new order with rows it has and rows that came', () => {
    const next = applyRows(first, frame(['c', 'a'], [row('c', 5)]))
    expect(next.rows).toEqual([row('c', 5), row('a', 1)])
    expect(next.rows[1]).toBe(first.rows[0])
  })

  it('leaves out a row that nobody has sent', () => {
    expect(applyRows(first, frame(['a', 'x'], [])).rows.map((r) => r.key)).toEqual(['a'])
  })
})

function row(key: string, value: number): Row {
  return { key, value }
}
