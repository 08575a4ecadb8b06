import type { Cell, OutcomeRow, ResultRow, Sort } from '../../backend/types'
import { ordered, wholeOf, type WholeRow } from './whole'

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

/** How a file of several organisations is written. */
export interface Form {
  /** The order of all rows; without one each organisation's stand together, as they came. */
  sort?: Sort | null
  /** Each row names its organisation, also where only one could be had. */
  named?: boolean
}

/** Rows as RFC 4180 CSV, the host's name first; before it the organisation where there are several. */
export function toCsv(parts: readonly RowsPart[], form: Form = {}): string {
  const { columns, rows } = tableOf(parts, form)
  const named = isNamed(parts, form)
  return csvOf([
    [...(named ? ['organisation'] : []), 'host', ...columns],
    ...rows.map(({ organisation, hostname, cells }) => [
      ...(named ? [organisation] : []),
      hostname,
      ...cells,
    ]),
  ])
}

/** Rows as a JSON list of objects. A column named `host` or `organisation` keeps its own value under that name. */
export function toJson(parts: readonly RowsPart[], form: Form = {}): string {
  const { columns, rows } = tableOf(parts, form)
  const named = isNamed(parts, form)
  const objects = rows.map(({ organisation, hostname, cells }) => ({
    ...(named ? { organisation } : {}),
    host: hostname,
    ...Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? null])),
  }))
  return JSON.stringify(objects, null, 2)
}

/** What became of each host as RFC 4180 CSV. */
export function outcomesToCsv(parts: readonly OutcomesPart[], form: Form = {}): string {
  const named = isNamed(parts, form)
  return csvOf([
    [...(named ? ['organisation'] : []), 'host', 'id', 'outcome', 'rows', 'after_ms', 'error'],
    ...parts.flatMap(({ organisation, outcomes }) =>
      outcomes.map((row) => [
        ...(named ? [organisation] : []),
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
export function outcomesToJson(parts: readonly OutcomesPart[], form: Form = {}): string {
  const named = isNamed(parts, form)
  const objects = parts.flatMap(({ organisation, outcomes }) =>
    outcomes.map(({ hostname, host, outcome, rows, afterMs, error }) => ({
      ...(named ? { organisation } : {}),
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

/** Those of one organisation are in order already. */
function tableOf(
  parts: readonly RowsPart[],
  { sort = null }: Form,
): { columns: readonly string[]; rows: readonly WholeRow[] } {
  const { columns, rows } = wholeOf(parts)
  return { columns, rows: parts.length > 1 ? ordered(rows, columns, sort) : rows }
}

function isNamed(parts: readonly unknown[], { named = parts.length > 1 }: Form): boolean {
  return named
}

function csvOf(lines: readonly (readonly Cell[])[]): string {
  return lines.map((line) => line.map(field).join(',')).join('\r\n') + '\r\n'
}

function field(value: Cell): string {
  if (value === null) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}
