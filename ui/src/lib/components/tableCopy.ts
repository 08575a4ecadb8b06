import type { Column } from './table'

/** A cell as it is copied. */
export function cellText<T extends { key: string }>(column: Column<T>, row: T): string {
  const text = column.copied?.(row) ?? column.text?.(row)
  if (text !== undefined) return text === '–' ? '' : text
  const value = (row as Record<string, unknown>)[column.key]
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''
}

/** A time as it is copied: whole, in UTC. */
export function timeText(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString()
}

/** Rows as tab-separated text with heads, as a spreadsheet takes them. */
export function toTsv<T extends { key: string }>(
  columns: readonly Column<T>[],
  rows: readonly T[],
) {
  const plain = (text: string) => text.replace(/[\t\r\n]+/g, ' ')
  const lines = rows.map((row) => columns.map((column) => plain(cellText(column, row))).join('\t'))
  return [columns.map((column) => plain(column.label)).join('\t'), ...lines].join('\n')
}

/** Rows as RFC 4180 CSV with heads. */
export function toCsv<T extends { key: string }>(
  columns: readonly Column<T>[],
  rows: readonly T[],
) {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text)
  const lines = rows.map((row) => columns.map((column) => quoted(cellText(column, row))).join(','))
  return [columns.map((column) => quoted(column.label)).join(','), ...lines].join('\r\n') + '\r\n'
}

/** Rows as a JSON list of objects by the columns' keys. */
export function toJson<T extends { key: string }>(
  columns: readonly Column<T>[],
  rows: readonly T[],
) {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column.key, cellText(column, row)])),
  )
  return JSON.stringify(objects, null, 2)
}
