import type { Backend } from '../backend/backend'
import { setDensity } from '../charts/density'
import { preferences } from '../preferences.svelte'
import { toasts } from '../toasts.svelte'

/** How long the new size is said, in ms. */
const SAID = 2000

/** The size that was just chosen, in percent. */
export const zoomed: { percent: number | null } = $state({ percent: null })
let timer: ReturnType<typeof setTimeout> | undefined

function tell(percent: number): void {
  zoomed.percent = percent
  clearTimeout(timer)
  timer = setTimeout(() => (zoomed.percent = null), SAID)
}

/** Has the window show the page as large as is chosen. */
export async function showZoom(backend: Backend): Promise<void> {
  setDensity(await backend.call('set_zoom', { percent: preferences.zoom }))
}

/** Does so whenever another size is chosen, one size after the other. To be called while a component is made. */
export function keepZoom(backend: Backend): void {
  let shown = preferences.zoom
  let busy = false
  async function follow(): Promise<void> {
    if (busy) return
    busy = true
    while (preferences.zoom !== shown) {
      const wanted = preferences.zoom
      try {
        await showZoom(backend)
        shown = wanted
        tell(wanted)
      } catch (thrown) {
        preferences.zoom = shown
        toasts.failed(thrown, 'The size stays as it is')
      }
    }
    busy = false
  }
  $effect(() => {
    void preferences.zoom
    void follow()
  })
}
