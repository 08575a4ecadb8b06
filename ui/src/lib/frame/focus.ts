import { flushSync } from 'svelte'
import { isLeftBehind, isLost, screen } from '../keys/focused'
import { bindKeys, OPEN_LAYER } from '../keys/keys'
import { beginning } from '../live/beginning.svelte'

/** How long after a place was changed it is looked whether the keys are still somewhere: what closes with it takes its time. */
const LOOKS = [30, 200, 500]

/**
 * Keeps the keyboard's focus from being lost: where what had it is gone, or stands in the top bar while another place was
 * gone to, the screen itself has it, from where an arrow leads into its list. Answers what ends it.
 */
export function keepFocus(): () => void {
  let last: Element | null = null
  let keyed = false
  let ended = false
  const timers = new Set<ReturnType<typeof setTimeout>>()
  const onfocusin = (event: FocusEvent) => {
    last = event.target instanceof Element ? event.target : null
  }
  // What is removed with the focus in it tells nobody; the next key is heard first here.
  const onkeydown = () => {
    keyed = true
    if (isLost() && last && !last.isConnected) toScreen()
  }
  const onpointerdown = () => (keyed = false)
  const toScreen = () => focus(keyed)
  const onplace = () => {
    for (const after of LOOKS) {
      const timer = setTimeout(() => {
        timers.delete(timer)
        if (isLost() || isLeftBehind()) toScreen()
      }, after)
      timers.add(timer)
    }
  }
  document.addEventListener('focusin', onfocusin)
  window.addEventListener('keydown', onkeydown, { capture: true })
  window.addEventListener('pointerdown', onpointerdown, { capture: true })
  window.addEventListener('hashchange', onplace)
  const unbind = bindKeys('screen', {
    enter: () => (isLost() || document.activeElement === screen()) && enter(),
  })
  // To focus is to lay out, which the first picture would wait for.
  beginning.after(() => !ended && onplace())
  return () => {
    ended = true
    document.removeEventListener('focusin', onfocusin)
    window.removeEventListener('keydown', onkeydown, { capture: true })
    window.removeEventListener('pointerdown', onpointerdown, { capture: true })
    window.removeEventListener('hashchange', onplace)
    timers.forEach(clearTimeout)
    unbind()
  }
}

/**
 * Puts the keys on the screen that one of them led to, wherever they were: in the top bar or in a field an arrow would do
 * something else. What lies above the page keeps them.
 */
export function focusScreen(): void {
  if (document.querySelector(OPEN_LAYER) === null) focus(true)
}

/** A menu, a list to choose from or what else lies over a part of the page, and keeps nobody from the rest. */
const OPEN_MENU = ['[role="menu"]', '[role="listbox"]', '[data-popover-content]']
  .map((one) => `${one}[data-state="open"]`)
  .join()
/** No menus lie over one another deeper than this. */
const DEEPEST = 3

/** Closes every menu that is open, as Escape does; a dialog stays. */
export function closeMenus(): void {
  for (let depth = 0; depth < DEEPEST && document.querySelector(OPEN_MENU); depth++) {
    const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })
    flushSync(() => document.dispatchEvent(escape))
  }
}

function focus(keyed: boolean): void {
  const to = screen()
  // Engines take what a program focuses for reached by keys, also at the start, where nobody has pressed one.
  to?.toggleAttribute('data-keyed', keyed)
  to?.focus({ preventScroll: true })
}

/** Into the first list of the screen, or to what of it can be reached first. */
function enter(): boolean {
  const list = screen()?.querySelector<HTMLElement>('[role="grid"], [role="treegrid"]')
  const first = list ?? screen()?.querySelector<HTMLElement>(REACHED)
  first?.focus()
  return first !== undefined && first !== null
}

const REACHED =
  'a[href], button:not(:disabled, [tabindex="-1"]), input:not(:disabled), [tabindex="0"]'
