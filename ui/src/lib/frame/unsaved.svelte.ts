import type { Backend } from '../backend/backend'
import { router } from '../route.svelte'

/** How the window is left. */
export type Leaving = 'close_window' | 'quit'

/**
 * Tells the shell whether something is typed and not saved: the window's own button and the tray's Quit then ask the page,
 * which does as its keys do. To be called while a component is made.
 */
export function askBeforeLeaving(backend: Backend, leave: (command: Leaving) => void): void {
  let told = false
  const tell = (on: boolean) => {
    told = on
    // A shell that does not hear it closes without asking, as one that cannot ask must.
    backend.call('set_unsaved', { on }).catch(() => {})
  }
  $effect(() => {
    if (router.unsaved !== told) tell(router.unsaved)
  })
  $effect(() => {
    const asked = (event: Event) => {
      // That it is taken up.
      tell(router.unsaved)
      leave((event as CustomEvent<unknown>).detail === 'quit' ? 'quit' : 'close_window')
    }
    window.addEventListener('signalbox:leave', asked)
    return () => window.removeEventListener('signalbox:leave', asked)
  })
}
