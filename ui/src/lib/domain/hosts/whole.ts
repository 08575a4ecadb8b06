import type { Cell, Sort } from '../../backend/types'
import { columnsOf, type RowsPart } from './export'

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

/** In order: numbers as such, also where they were answered as text; what is empty last in either direction. */
export function ordered(
  rows: readonly WholeRow[],
  columns: readonly string[],
  sort: Sort | null,
): readonly WholeRow[] {
  if (!sort) return rows
  const at = columns.indexOf(sort.column)
  const valueOf = (row: WholeRow): Cell =>
    sort.column === ORGANISATION
      ? row.organisation
      : sort.column === HOST
        ? row.hostname
        : (row.cells[at] ?? null)
  const turn = sort.descending ? -1 : 1
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null)
        return Number(a.value === null) - Number(b.value === null)
      return turn * compare(a.value, b.value)
    })
    .map(({ row }) => row)
}

function compare(a: NonNullable<Cell>, b: NonNullable<Cell>): number {
  const numbers = [Number(a), Number(b)] as const
  const areNumbers = a !== '' && b !== '' && numbers.every((one) => !Number.isNaN(one))
  return areNumbers ? numbers[0] - numbers[1] : String(a).localeCompare(String(b))
}
