import { tinykeys } from 'tinykeys'

export interface AlertActions {
  acknowledge(): void
  silence(): void
  unacknowledge(): void
  clear(): void
  /** Brings the focus to the list. */
  list(): void
}

/** Binds the keys of alerts; answers what unbinds them. Where something is typed, and in a dialog, they are letters. */
export function bindAlertKeys(actions: Partial<AlertActions>): () => void {
  const plain = (act: (() => void) | undefined) => (event: KeyboardEvent) => {
    if (!act || event.repeat || isTyped(event.target)) return
    event.preventDefault()
    act()
  }
  return tinykeys(window, {
    a: plain(actions.acknowledge),
    s: plain(actions.silence),
    u: plain(actions.unacknowledge),
    Escape: plain(actions.clear),
    ArrowDown: (event) => {
      const free =
        document.activeElement === document.body || document.activeElement?.id === 'content'
      if (free) plain(actions.list)(event)
    },
  })
}

function isTyped(target: EventTarget | null): boolean {
  const typed =
    'input, textarea, select, [role="dialog"], [role="alertdialog"], [role="listbox"], [role="menu"]'
  return target instanceof Element && target.closest(typed) !== null
}
