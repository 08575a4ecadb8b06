import type { Sort } from '../../backend/types'
import { EXAMPLES, learned, type Schema } from './schema'

/** In place of an org's key: each that is live is asked, and answers with results of its own. */
export const ALL_ORGS = '*'

/** What the console holds while other screens are looked at: a statement half written must not be lost. */
class ConsoleState {
  text = $state(EXAMPLES[0]?.sql ?? '')
  /** `connection/org`, or `ALL_ORGS`; the first that is live where none was chosen. */
  org: string | null = $state(null)
  /** Which of the queries beside the editor are listed; null until one was chosen. */
  shelf: 'examples' | 'saved' | 'history' | null = $state(null)
  /** The run whose rows are shown. */
  run: { connection: string; run: number } | null = $state.raw(null)
  /** Whether its rows are in sight, or the hosts. */
  shown: 'hosts' | 'results' = $state('hosts')
  sort: Sort | null = $state.raw(null)
  filter = $state('')
  schema: Schema = $state.raw(learned([]))

  open(connection: string, run: number): void {
    if (this.run?.run !== run || this.run.connection !== connection) {
      this.sort = null
      this.filter = ''
    }
    this.run = { connection, run }
    this.shown = 'results'
  }

  /** Takes note of the columns that hosts answered with. */
  learn(sql: string, columns: readonly string[]): void {
    const next = learned([{ sql, columns }], this.schema)
    if (JSON.stringify(next) !== JSON.stringify(this.schema)) this.schema = next
  }
}

export const consoleState = new ConsoleState()
