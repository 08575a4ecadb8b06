import { bindKeys } from '../../keys/keys'

export interface AlertActions {
  acknowledge(): void
  silence(): void
  unacknowledge(): void
  clear(): void
  /** Brings the focus to the list. */
  list(): void
}

/** Binds the keys of alerts; answers what unbinds them. Where something is typed, and in a dialog, they are letters. */
export function bindAlertKeys({ list, ...actions }: Partial<AlertActions>): () => void {
  return bindKeys('alerts', {
    ...actions,
    list:
      list &&
      (() => {
        const focused = document.activeElement
        if (focused !== document.body && focused?.id !== 'content') return false
        list()
      }),
  })
}
