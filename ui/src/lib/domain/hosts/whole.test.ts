import { describe, expect, it } from 'vitest'
import type { Cell } from '../../backend/types'
import { HOST, ORGANISATION, ordered, wholeOf } from './whole'

const part = (organisation: string, columns: string[], cells: Cell[][]) => ({
  organisation,
  columns,
  rows: cells.map((cells, i) => ({ key: `h/${i}`, host: `h${i}`, hostname: `host-${i}`, cells })),
})
const whole = wholeOf([
  part(
    'acme',
    ['name', 'pid'],
    [
      ['sshd', '9'],
      ['cron', '10'],
    ],
  ),
  part('lab', ['pid', 'user'], [[null, 'root']]),
])

describe('the rows of all organisations', () => {
  it('stand under the columns of all, with keys of their own', () => {
    expect(whole.columns).toEqual(['name', 'pid', 'user'])
    expect(whole.rows.map(({ cells }) => cells)).toEqual([
      ['sshd', '9', null],
      ['cron', '10', null],
      [null, null, 'root'],
    ])
    expect(new Set(whole.rows.map(({ key }) => key)).size).toBe(3)
  })
  it('are ordered by numbers as such, what is empty last', () => {
    const by = (column: string, descending: boolean) =>
      ordered(whole.rows, whole.columns, { column, descending }).map(
        ({ organisation, cells }) => `${organisation} ${String(cells[1])}`,
      )
    expect(by('pid', false)).toEqual(['acme 9', 'acme 10', 'lab null'])
    expect(by('pid', true)).toEqual(['acme 10', 'acme 9', 'lab null'])
    expect(by(ORGANISATION, true)[0]).toBe('lab null')
    expect(by(HOST, true)[0]).toBe('acme 10')
  })
  it('have numbers before texts, as each organisation’s rows are asked for', () => {
    const cells = ['x', '', '10', '0x1', ' 9 ', true, 'B', null, '1e1'] as const
    const { columns, rows } = wholeOf([
      part(
        'acme',
        ['v'],
        cells.map((cell) => [cell]),
      ),
    ])
    const values = (descending: boolean) =>
      ordered(rows, columns, { column: 'v', descending }).map(({ cells }) => cells[0])
    expect(values(false)).toEqual([true, ' 9 ', '10', '1e1', '', '0x1', 'B', 'x', null])
    expect(values(true)).toEqual(['x', 'B', '0x1', '', '10', '1e1', ' 9 ', true, null])
  })
})
