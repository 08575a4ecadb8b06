import type { Columns } from './series'

/** A chart's values as RFC 4180 CSV: a time in UTC and a value for each line. A row without any value is left out. */
export function columnsToCsv({ times, values }: Columns, labels: readonly string[]): string {
  const lines = [['time', ...labels].map(quoted).join(',')]
  times.forEach((at, i) => {
    const row = values.map((column) => column[i] ?? NaN)
    if (!row.some(Number.isFinite)) return
    const cells = row.map((value) => (Number.isFinite(value) ? String(value) : ''))
    lines.push([new Date(at).toISOString(), ...cells].join(','))
  })
  return lines.join('\r\n') + '\r\n'
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}
