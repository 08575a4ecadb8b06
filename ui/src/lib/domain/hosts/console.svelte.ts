import type { RunRow, Sort } from '../../backend/types'
import { preferences } from '../../preferences.svelte'
import { isPartOf, runsOf } from './run'
import { EXAMPLES, learned, type Schema } from './schema'

/** In place of an org's key: each that is live is asked. */
export const ALL_ORGS = '*'

/** A run of one organisation. */
export interface RunRef {
  connection: string
  org: string
  run: number
}

/** Where a run is found. */
type RunPlace = Pick<RunRef, 'connection' | 'run'>

/** What the rows of a host are filtered by. */
export function hostFilter(hostname: string): string {
  return `host="${hostname}"`
}

/** One question to several organisations: a service answers for one at a time, so it is a run for each. */
export interface Together {
  runs: readonly RunRef[]
  /** The organisations that it was not sent to. */
  unsent: readonly string[]
  /** When it was asked, and what. */
  at: number
  sql: string
}

/** As many as the history lists. */
const REMEMBERED = 20

/** What the console holds while other screens are looked at: a statement half written must not be lost. */
export class ConsoleState {
  text = $state(EXAMPLES[0]?.sql ?? '')
  /** Which of the queries beside the editor are listed; null until one was chosen. */
  shelf: 'examples' | 'saved' | 'history' | null = $state(null)
  /** The run whose rows are shown; where those of all are, one of theirs. */
  run: { connection: string; run: number } | null = $state.raw(null)
  /** Whether its rows are in sight, or the hosts. */
  shown: 'hosts' | 'results' = $state('hosts')
  sort: Sort | null = $state.raw(null)
  filter = $state('')
  /** Of equal names in several organisations the host of one is chosen, for as long as the filter is the one that chose it. */
  #host: { filter: string; of: RunPlace } | null = $state.raw(null)
  /** The questions to several organisations, the latest first. */
  asked: readonly Together[] = $state.raw([])
  schema: Schema = $state.raw(learned([]))

  /** The rows of all organisations of a question are shown, and not those of one. */
  whole = $state(true)
  /** Several organisations are being asked: which runs are one question is known when all are. */
  asking = $state(false)
  /** The connections of which nothing is kept on disk, the demo's; null where it is not known. */
  transient: ReadonlySet<string> | null = $state.raw(null)

  /** `connection/org`, or `ALL_ORGS`; the first that is live where none was chosen. It is remembered. */
  get org(): string | null {
    return preferences.queryOrg
  }
  set org(org: string | null) {
    preferences.queryOrg = org
  }

  /** The question to several organisations that the run in sight belongs to. */
  get together(): Together | null {
    return this.run && this.#of(this.run)
  }

  /** Among the rows of all organisations: the run of the one whose rows are listed alone; null where those of each are. */
  get only(): RunPlace | null {
    return this.whole && this.#host?.filter === this.filter ? this.#host.of : null
  }

  /** Lists only the rows of a host of a run. */
  chooseHost(hostname: string, { connection, run }: RunPlace): void {
    this.filter = hostFilter(hostname)
    this.#host = { filter: this.filter, of: { connection, run } }
  }

  /** Takes note that several organisations were asked, and shows the rows of all. */
  begun(together: Together): void {
    this.asked = [together, ...this.asked].slice(0, REMEMBERED)
    if (together.runs.every(({ connection }) => this.isKept(connection)))
      preferences.asked = [together, ...preferences.asked]
    this.whole = true
    const [first] = together.runs
    if (first) this.open(first.connection, first.run)
  }

  /**
   * Takes up the questions that a window before asked: those of which a run is listed still. The numbers of runs begin
   * anew with the program, so what was asked and when has to be the same too, of each that is listed: not all of them are.
   */
  recall(runs: readonly RunRow[]): void {
    const isOf = (kept: Together, run: RunRow) => run.sql === kept.sql && isPartOf(kept, run)
    const here = this.asked.map(({ at }) => at)
    const kept = preferences.asked.filter((one) => {
      const listed = runsOf(one, runs)
      return !here.includes(one.at) && listed.length > 0 && listed.every((run) => isOf(one, run))
    })
    if (kept.length === 0) return
    const all = [...this.asked, ...kept].sort((a, b) => b.at - a.at)
    this.asked = all.slice(0, REMEMBERED)
  }

  /** Whether what was asked of a connection may be kept on disk. */
  isKept(connection: string): boolean {
    return this.transient !== null && !this.transient.has(connection)
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
