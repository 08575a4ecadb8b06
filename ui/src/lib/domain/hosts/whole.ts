import type { Cell, Sort } from '../../backend/types'
import type { RowsPart } from './export'

/** The heads that no column of a query has. */
export const ORGANISATION = '·organisation'
export const HOST = '·host'

/** A row among those of all organisations, its cells in the order of all columns. */
export interface WholeRow {
  key: string
  organisation: string
  hostname: string
  cells: readonly Cell[]
}

/** The rows of all organisations under the columns of all of them; a column that one did not answer with is empty there. */
export function wholeOf(parts: readonly RowsPart[]): { columns: string[]; rows: WholeRow[] } {
  const columns = columnsOf(parts)
  const rows = parts.flatMap(({ organisation, columns: own, rows }, part) => {
    const places = columns.map((name) => own.indexOf(name))
    return rows.map(({ key, hostname, cells }) => ({
      key: `${part}/${key}`,
      organisation,
      hostname,
      cells: places.map((at) => cells[at] ?? null),
    }))
  })
  return { columns, rows }
}

/** The columns of all parts, in the order they first stand. */
function columnsOf(parts: readonly RowsPart[]): string[] {
  return [...new Set(parts.flatMap(({ columns }) => columns))]
}

/**
 * In the order that a run's rows are given in when they are asked for by a column: numbers as such, also where they were
 * answered as text, then texts; what is empty last in either direction.
 */
export function ordered(
  rows: readonly WholeRow[],
  columns: readonly string[],
  sort: Sort | null,
): readonly WholeRow[] {
  if (!sort) return rows
  const at = columns.indexOf(sort.column)
  const keyOf = (row: WholeRow): Key | null =>
    sort.column === ORGANISATION
      ? row.organisation
      : sort.column === HOST
        ? row.hostname
        : keyOfCell(row.cells[at] ?? null)
  const turn = sort.descending ? -1 : 1
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null)
      return turn * compare(a.key, b.key)
    })
    .map(({ row }) => row)
}

type Key = number | string

function keyOfCell(value: Cell): Key | null {
  return typeof value === 'boolean' ? Number(value) : (numberOf(value) ?? value)
}

function compare(a: Key, b: Key): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

/** The number that a cell is, or reads as; null where it is none. */
export function numberOf(value: Cell): number | null {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return null
  const text = value.trim()
  const reads = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
  return reads && Number.isFinite(Number(text)) ? Number(text) : null
}
