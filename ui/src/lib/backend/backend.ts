import type { CommandError, Commands, ErrorCode } from './types'

/**
 * The one door from the page to the host: every command of the generated table, by name. A call answers a value or
 * throws a `BackendError`. Nothing is pushed: the page pulls a frame when it has painted the last.
 */
export interface Backend {
  call<C extends keyof Commands>(command: C, args: Commands[C][0]): Promise<Commands[C][1]>
}

/** What a command answers when it fails: a stable code, and a sentence for the person who reads it. */
export class BackendError extends Error {
  readonly code: ErrorCode

  constructor({ code, message }: CommandError) {
    super(message)
    this.name = 'BackendError'
    this.code = code
  }

  /** Makes one of anything that was thrown, so that callers have one shape to show. */
  static from(thrown: unknown): BackendError {
    if (thrown instanceof BackendError) return thrown
    if (isCommandError(thrown)) return new BackendError(thrown)
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return new BackendError({ code: 'internal', message })
  }
}

function isCommandError(value: unknown): value is CommandError {
  if (typeof value !== 'object' || value === null) return false
  const { code, message } = value as Record<string, unknown>
  return typeof code === 'string' && typeof message === 'string'
}
