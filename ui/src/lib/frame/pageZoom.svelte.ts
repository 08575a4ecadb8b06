import type { Backend } from '../backend/backend'
import { setDensity } from '../charts/density'
import { preferences } from '../preferences.svelte'
import { toasts } from '../toasts.svelte'

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
