import type { ErrorCode } from './types'

/** What a person can do about an error, beside reading it. */
export type ErrorAction = 'retry' | 'edit' | 'keep_for_this_run' | 'connections' | null

export interface ErrorText {
  title: string
  action: ErrorAction
}

/** One table from the code of an error to its title and what can be done; the sentence itself comes with the error. */
export const ERROR_TEXTS: Readonly<Record<ErrorCode, ErrorText>> = {
  invalid: { title: 'That can’t be used', action: 'edit' },
  not_found: { title: 'It’s no longer there', action: null },
  not_live: { title: 'The connection isn’t live', action: 'connections' },
  keychain: { title: 'The keychain didn’t keep it', action: 'keep_for_this_run' },
  configuration: { title: 'The configuration file wasn’t changed', action: 'retry' },
  file: { title: 'The file wasn’t saved', action: 'retry' },
  internal: { title: 'Something went wrong inside Signalbox', action: 'retry' },
}

/** The title and action for an error. A code from a newer host gets the words of an internal error. */
export function errorText(error: { code: string }): ErrorText {
  return Object.hasOwn(ERROR_TEXTS, error.code)
    ? ERROR_TEXTS[error.code as ErrorCode]
    : ERROR_TEXTS.internal
}
