import { BackendError, type Backend } from '../../backend/backend'
import type { ConnectionDraft, TestState, TestStep } from '../../backend/types'

/** How often a test is looked at, in ms. */
const LOOK = 150

/** A test of a connection: begun, looked at until it ends, cancelled. */
export class Trial {
  state: TestState | null = $state.raw(null)
  /** Why it could not be begun. */
  error: BackendError | null = $state.raw(null)
  running = $state(false)
  /** It was ended before its end. */
  cancelled = $state(false)
  /** Counts the turns, so that what comes of an earlier one is passed over. */
  #turn = 0
  #number: number | null = null
  readonly #backend: Backend

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** Runs one to its end, or until it is cancelled or another begins. */
  async run(draft: ConnectionDraft): Promise<void> {
    const turn = this.#begin()
    try {
      const number = await this.#backend.call('begin_test', { draft })
      if (turn !== this.#turn) return void this.#end(number)
      this.#number = number
      while (turn === this.#turn) {
        const state = await this.#backend.call('test_state', { test: number })
        if (turn !== this.#turn) return
        this.state = state
        if (state.end) break
        await new Promise((resolve) => setTimeout(resolve, LOOK))
      }
    } catch (thrown) {
      if (turn === this.#turn) this.error = BackendError.from(thrown)
    }
    if (turn === this.#turn) this.running = false
  }

  /** Ends the one that goes on. */
  cancel(): void {
    if (!this.running) return
    this.#turn++
    this.running = false
    this.cancelled = true
    if (this.#number !== null) this.#end(this.#number)
  }

  /** Forgets what was found: something was changed since. */
  forget(): void {
    this.cancel()
    this.state = null
    this.error = null
    this.cancelled = false
  }

  #begin(): number {
    this.forget()
    this.running = true
    this.#number = null
    return ++this.#turn
  }

  #end(number: number): void {
    this.#backend.call('end_test', { test: number }).catch(() => {})
  }
}

/** The step at which a test failed. */
export function failedStep(state: TestState | null): TestStep['step'] | null {
  return state?.steps.find((step) => step.state === 'failed')?.step ?? null
}
