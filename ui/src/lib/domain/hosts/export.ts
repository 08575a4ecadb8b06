import type { Cell, OutcomeRow, ResultRow } from '../../backend/types'

/** The rows of one organisation. */
export interface RowsPart {
  organisation: string
  columns: readonly string[]
  rows: readonly ResultRow[]
}

/** The outcomes of one organisation. */
export interface OutcomesPart {
  organisation: string
  outcomes: readonly OutcomeRow[]
}

/** Rows as RFC 4180 CSV, the host's name first; before it the organisation where there are several. */
export function toCsv(parts: readonly RowsPart[]): string {
  const columns = columnsOf(parts)
  return csvOf([
    [...ofSeveral(parts, 'organisation'), 'host', ...columns],
    ...parts.flatMap(({ organisation, rows, columns: own }) => {
      const places = columns.map((name) => own.indexOf(name))
      return rows.map((row) => [
        ...ofSeveral(parts, organisation),
        row.hostname,
        ...places.map((at) => row.cells[at] ?? null),
      ])
    }),
  ])
}

/** Rows as a JSON list of objects. A column named `host` or `organisation` keeps its own value under that name. */
export function toJson(parts: readonly RowsPart[]): string {
  const columns = columnsOf(parts)
  const objects = parts.flatMap(({ organisation, rows, columns: own }) => {
    const places = columns.map((name) => [name, own.indexOf(name)] as const)
    return rows.map((row) => ({
      ...(parts.length > 1 ? { organisation } : {}),
      host: row.hostname,
      ...Object.fromEntries(places.map(([name, at]) => [name, row.cells[at] ?? null])),
    }))
  })
  return JSON.stringify(objects, null, 2)
}

/** What became of each host as RFC 4180 CSV. */
export function outcomesToCsv(parts: readonly OutcomesPart[]): string {
  return csvOf([
    [...ofSeveral(parts, 'organisation'), 'host', 'id', 'outcome', 'rows', 'after_ms', 'error'],
    ...parts.flatMap(({ organisation, outcomes }) =>
      outcomes.map((row) => [
        ...ofSeveral(parts, organisation),
        row.hostname,
        row.host,
        row.outcome,
        row.rows,
        row.afterMs,
        row.error,
      ]),
    ),
  ])
}

/** What became of each host as a JSON list of objects. */
export function outcomesToJson(parts: readonly OutcomesPart[]): string {
  const objects = parts.flatMap(({ organisation, outcomes }) =>
    outcomes.map(({ hostname, host, outcome, rows, afterMs, error }) => ({
      ...(parts.length > 1 ? { organisation } : {}),
      host: hostname,
      id: host,
      outcome,
      rows,
      after_ms: afterMs,
      error,
    })),
  )
  return JSON.stringify(objects, null, 2)
}

/** The columns of all parts, in the order they first stand. */
export function columnsOf(parts: readonly RowsPart[]): string[] {
  return [...new Set(parts.flatMap(({ columns }) => columns))]
}

/** A cell that stands only where several organisations do. */
function ofSeveral(parts: readonly unknown[], cell: string): string[] {
  return parts.length > 1 ? [cell] : []
}

function csvOf(lines: readonly (readonly Cell[])[]): string {
  return lines.map((line) => line.map(field).join(',')).join('\r\n') + '\r\n'
}

function field(value: Cell): string {
  if (value === null) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}
