import type { Cell, OutcomeRow, ResultRow } from '../../backend/types'

/** Rows as RFC 4180 CSV, the host's name first. */
export function toCsv(columns: readonly string[], rows: readonly ResultRow[]): string {
  return csvOf([['host', ...columns], ...rows.map((row) => [row.hostname, ...row.cells])])
}

/** Rows as a JSON list of objects. A column named `host` keeps its own value under that name. */
export function toJson(columns: readonly string[], rows: readonly ResultRow[]): string {
  const objects = rows.map((row) => ({
    host: row.hostname,
    ...Object.fromEntries(columns.map((name, i) => [name, row.cells[i] ?? null])),
  }))
  return JSON.stringify(objects, null, 2)
}

/** What became of each host as RFC 4180 CSV. */
export function outcomesToCsv(outcomes: readonly OutcomeRow[]): string {
  return csvOf([
    ['host', 'id', 'outcome', 'rows', 'after_ms', 'error'],
    ...outcomes.map((row) => [
      row.hostname,
      row.host,
      row.outcome,
      row.rows,
      row.afterMs,
      row.error,
    ]),
  ])
}

/** What became of each host as a JSON list of objects. */
export function outcomesToJson(outcomes: readonly OutcomeRow[]): string {
  const objects = outcomes.map(({ hostname, host, outcome, rows, afterMs, error }) => ({
    host: hostname,
    id: host,
    outcome,
    rows,
    after_ms: afterMs,
    error,
  }))
  return JSON.stringify(objects, null, 2)
}

function csvOf(lines: readonly (readonly Cell[])[]): string {
  return lines.map((line) => line.map(field).join(',')).join('\r\n') + '\r\n'
}

function field(value: Cell): string {
  if (value === null) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}
