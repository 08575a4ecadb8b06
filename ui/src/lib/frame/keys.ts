import { tinykeys } from 'tinykeys'
import type { Route } from '../route.svelte'

export interface Actions {
  pause(): void
  search(): void
  mute(): void
  /** Back from the past, or from a held picture, to what is live. */
  live(): void
  go(route: Route): void
}

/** The rail's order: Alt and the number of an entry leads to it; 0 is the tenth. */
export const PLACES = [
  'overview',
  'alerts',
  'devices',
  'jobs',
  'agents',
  'hosts',
  'signals',
  'events',
  'connections',
  'settings',
] as const

/** Binds the keys that work everywhere; answers what unbinds them. */
export function bindKeys(actions: Actions): () => void {
  const plain = (act: () => void) => (event: KeyboardEvent) => {
    if (takesKeys(event.target)) return
    event.preventDefault()
    act()
  }
  const always = (act: () => void) => (event: KeyboardEvent) => {
    event.preventDefault()
    act()
  }
  const places = Object.fromEntries(
    PLACES.map((screen, i) => [`Alt+Digit${(i + 1) % 10}`, always(() => actions.go({ screen }))]),
  )
  return tinykeys(window, {
    Space: (event) => {
      if (takesSpace(event.target)) return
      event.preventDefault()
      actions.pause()
    },
    '/': plain(() => focusFilter() || actions.search()),
    m: plain(actions.mute),
    l: plain(actions.live),
    '$mod+KeyK': always(() => actions.search()),
    ...places,
  })
}

/** The screen's own filter comes before the search of everything. */
function focusFilter(): boolean {
  const filter = document.querySelector<HTMLInputElement>('main [data-filter]')
  filter?.focus()
  filter?.select()
  return filter !== null
}

function takesKeys(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest(
        'input, textarea, select, [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]',
      ) !== null)
  )
}

function takesSpace(target: EventTarget | null): boolean {
  return (
    takesKeys(target) ||
    (target instanceof HTMLElement &&
      target.closest('button, a, summary, [role="option"], [role="menuitem"]') !== null)
  )
}
