import type { Sort } from '../../backend/types'
import { EXAMPLES, learned, type Schema } from './schema'

/** In place of an org's key: each that is live is asked. */
export const ALL_ORGS = '*'

/** A run of one organisation. */
export interface RunRef {
  connection: string
  org: string
  run: number
}

/** One question to several organisations: a service answers for one at a time, so it is a run for each. */
export interface Together {
  runs: readonly RunRef[]
  /** The organisations that it was not sent to. */
  unsent: readonly string[]
}

/** As many as the history lists. */
const REMEMBERED = 20

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
  /** The questions to several organisations, the latest first. */
  asked: readonly Together[] = $state.raw([])
  schema: Schema = $state.raw(learned([]))

  /** The question to several organisations that the run in sight belongs to. */
  get together(): Together | null {
    return this.run && this.#of(this.run)
  }

  /** Takes note that several organisations were asked, and shows what the first says. */
  begun(together: Together): void {
    this.asked = [together, ...this.asked].slice(0, REMEMBERED)
    const [first] = together.runs
    if (first) this.open(first.connection, first.run)
  }

  open(connection: string, run: number): void {
    const isSame = this.run?.run === run && this.run.connection === connection
    const together = this.#of({ connection, run })
    // Another organisation's part of the same result is looked at in the same way.
    if (!isSame && (together === null || together !== this.together)) {
      this.sort = null
      this.filter = ''
    }
    this.run = { connection, run }
    this.shown = 'results'
  }

  #of({ connection, run }: { connection: string; run: number }): Together | null {
    const isIt = (ref: RunRef) => ref.run === run && ref.connection === connection
    return this.asked.find(({ runs }) => runs.some(isIt)) ?? null
  }

  /** Takes note of the columns that hosts answered with. */
  learn(sql: string, columns: readonly string[]): void {
    const next = learned([{ sql, columns }], this.schema)
    if (JSON.stringify(next) !== JSON.stringify(this.schema)) this.schema = next
  }
}

export const consoleState = new ConsoleState()
