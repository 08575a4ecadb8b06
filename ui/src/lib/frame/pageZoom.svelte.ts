import type { Backend } from '../backend/backend'
import { setDensity } from '../charts/density'
import { preferences } from '../preferences.svelte'
import { toasts } from '../toasts.svelte'

/** Has the window show the page as large as is chosen. */
export async function showZoom(backend: Backend): Promise<void> {
  setDensity(await backend.call('set_zoom', { percent: preferences.zoom }))
}

/** Does so whenever another size is chosen. To be called while a component is made. */
export function keepZoom(backend: Backend): void {
  let shown = preferences.zoom
  $effect(() => {
    if (preferences.zoom === shown) return
    shown = preferences.zoom
    showZoom(backend).catch((thrown: unknown) => toasts.failed(thrown, 'The size stays as it is'))
  })
}
