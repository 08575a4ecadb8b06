import type { Cell, ResultRow } from '../../backend/types'

/** Rows as RFC 4180 CSV, the host's name first. */
export function toCsv(columns: readonly string[], rows: readonly ResultRow[]): string {
  const lines = [['host', ...columns], ...rows.map((row) => [row.hostname, ...row.cells])]
  return lines.map((line) => line.map(field).join(',')).join('\r\n') + '\r\n'
}

/** Rows as a JSON list of objects. A column named `host` keeps its own value under that name. */
export function toJson(columns: readonly string[], rows: readonly ResultRow[]): string {
  const objects = rows.map((row) => ({
    host: row.hostname,
    ...Object.fromEntries(columns.map((name, i) => [name, row.cells[i] ?? null])),
  }))
  return JSON.stringify(objects, null, 2)
}

function field(value: Cell): string {
  if (value === null) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}
