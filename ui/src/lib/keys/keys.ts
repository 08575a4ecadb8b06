import { matchKeybindingPress, parseKeybinding } from 'tinykeys'
import { PLACE_WORDS, SHORTCUTS, type Of, type Place, type Shortcut } from './table'

/** What a shortcut does; false where the key is left to others after all. */
export type Act = (event: KeyboardEvent) => void | boolean

const PARSED = (SHORTCUTS as readonly Shortcut[]).map((shortcut) => ({
  shortcut,
  presses: shortcut.keys.flatMap((key) => parseKeybinding(key)),
}))

/** Which shortcut of a place was pressed; none where something is typed, unless it has Ctrl or Alt. */
export function pressed<P extends Place>(place: P, event: KeyboardEvent): Of<P> | undefined {
  const found = PARSED.find(
    ({ shortcut, presses }) =>
      shortcut.place === place && presses.some((press) => matchKeybindingPress(event, press)),
  )
  return found?.shortcut.id as Of<P> | undefined
}

/** Binds the shortcuts of a place to the window; answers what unbinds them. */
export function bindKeys<P extends Place>(
  place: P,
  acts: Partial<Record<Of<P>, Act | undefined>>,
): () => void {
  const onkeydown = (event: KeyboardEvent) => {
    const id = pressed(place, event)
    const act = id && acts[id]
    if (!act || event.defaultPrevented) return
    const modified = event.ctrlKey || event.metaKey || event.altKey
    if (!modified && (event.repeat || takesKeys(event.target) || layerIsOpen())) return
    if (act(event) !== false) event.preventDefault()
  }
  window.addEventListener('keydown', onkeydown)
  return () => window.removeEventListener('keydown', onkeydown)
}

/** Where a letter is a letter: something is typed there, or chosen by its first letter. */
function takesKeys(target: EventTarget | null): boolean {
  const own =
    'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]'
  return target instanceof Element && target.closest(own) !== null
}

/** Whether something lies above the page: what is pressed is meant for it, also before it has the focus. */
function layerIsOpen(): boolean {
  return document.querySelector(OPEN_LAYER) !== null
}

/** A menu, a list to choose from or a dialog that is open. */
export const OPEN_LAYER = ['menu', 'listbox', 'dialog', 'alertdialog']
  .map((role) => `[role="${role}"][data-state="open"]`)
  .join()

/** Where the space bar presses what has the focus. */
export function takesSpace(target: EventTarget | null): boolean {
  const own = 'button, a, summary, [role="option"], [role="menuitem"]'
  return target instanceof Element && target.closest(own) !== null
}

const NAMES: Record<string, string> = {
  $mod: /Mac/.test(navigator.userAgent) ? '⌘' : 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
  Escape: 'Esc',
  Equal: '+',
  Minus: '−',
}

/** A key as it is printed on the keyboard: "Ctrl K". */
export function keyWords(key: string): string {
  return key
    .split('+')
    .filter((part) => !part.startsWith('['))
    .map((part) => NAMES[part] ?? part.replace(/^(Key|Digit)/, ''))
    .map((part) => (part.length === 1 ? part.toUpperCase() : part))
    .join(' ')
}

/** The key that is shown for a shortcut. */
export function keyOf<P extends Place>(place: P, id: Of<P>): string {
  const found = PARSED.find(({ shortcut }) => shortcut.place === place && shortcut.id === id)
  return found ? keyWords(found.shortcut.keys[0]) : ''
}

export interface Listed {
  key: string
  does: string
}

/** All shortcuts by place, of which the key, the words or the place hold the text. */
export function listed(text = ''): { place: Place; words: string; shortcuts: Listed[] }[] {
  const sought = text.trim().toLowerCase()
  const holds = (words: string) => words.toLowerCase().includes(sought)
  return (Object.keys(PLACE_WORDS) as Place[])
    .map((place) => ({
      place,
      words: PLACE_WORDS[place],
      shortcuts: PARSED.filter(({ shortcut }) => shortcut.place === place)
        .map(({ shortcut }) => ({ key: keyWords(shortcut.keys[0]), does: shortcut.does }))
        .filter(({ key, does }) => holds(key) || holds(does) || holds(PLACE_WORDS[place])),
    }))
    .filter(({ shortcuts }) => shortcuts.length > 0)
}
