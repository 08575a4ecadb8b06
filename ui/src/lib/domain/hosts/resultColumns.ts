import type { Cell } from '../../backend/types'
import type { Column } from '../../components/table'
import { cell } from '../../format'
import { HOST, numberOf } from './whole'

/** A row that a host answered with, its cells in the order of the columns. */
interface Answered {
  hostname: string
  cells: readonly Cell[]
}

/** The columns of a query's table: the host, then those it was answered with. */
export function resultColumns<T extends Answered>(
  names: readonly string[],
  rows: readonly T[],
): Column<T>[] {
  // A host answers in text: a column of numbers stands at the end all the same.
  const isNumeric = (at: number) =>
    rows.length > 0 &&
    rows.every(({ cells }) => {
      const value = cells[at] ?? null
      return value === null || value === '' || numberOf(value) !== null
    })
  return [
    {
      key: HOST,
      label: 'Host',
      width: 'minmax(120px, 1fr)',
      sortable: true,
      text: (row) => row.hostname,
    },
    ...names.map((name, i): Column<T> => ({
      key: name,
      label: name,
      // A number is read as a whole: what is counted in bytes has twelve digits and more.
      width: isNumeric(i) ? 'minmax(112px, 1fr)' : 'minmax(96px, 1fr)',
      mono: true,
      sortable: true,
      align: isNumeric(i) ? 'end' : undefined,
      text: (row) => cell(row.cells[i] ?? null),
    })),
  ]
}
