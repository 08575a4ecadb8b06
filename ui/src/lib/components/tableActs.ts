import { count } from '../format'
import { copied } from '../saved'
import type { Column } from './table'
import { cellText, toCsv, toJson, toTsv } from './tableCopy'

export type Copied = 'tsv' | 'csv' | 'json'
const MAKERS = { tsv: toTsv, csv: toCsv, json: toJson }

/** Puts a cell's text on the clipboard and says so. */
export function copyCell<T extends { key: string }>(column: Column<T>, row: T): void {
  const text = cellText(column, row)
  void copied(Promise.resolve(text), () => (text === '' ? 'An empty cell' : text.slice(0, 80)))
}

/** Puts rows on the clipboard and says how many. */
export function copyRows<T extends { key: string }>(
  format: Copied,
  columns: readonly Column<T>[],
  rows: readonly T[],
): void {
  const text = MAKERS[format](columns, rows)
  const words = `${rows.length === 1 ? 'One row' : `${count(rows.length)} rows`} with headers`
  void copied(Promise.resolve(text), () => words)
}
