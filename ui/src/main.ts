// Have to be first: what comes after them loads uPlot.
import './lib/charts/language'
import './lib/charts/density'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './lib/design/tokens.css'
import './lib/design/base.css'
import { mount } from 'svelte'
import App from './App.svelte'
import type { Backend } from './lib/backend/backend'
import { tauriBackend } from './lib/backend/tauri'
import { askPlace } from './lib/frame/pagePlace.svelte'
import { showZoom } from './lib/frame/pageZoom.svelte'
import { beginning } from './lib/live/beginning.svelte'
import { preferences } from './lib/preferences.svelte'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no element #app to draw into')
void begin(target)

/** Not awaited by the module itself: the pretended fleet shares code with it, and would wait for it in turn. */
async function begin(target: HTMLElement): Promise<void> {
  const backend = await host()
  const place = askPlace(backend)
  // A window is built at its usual size, and need not be waited for then; one whose page is read anew may be larger.
  // Where it cannot be larger, it is said when somebody chooses it.
  const sized = showZoom(backend).catch(() => {})
  if (preferences.zoom !== 100) await sized
  beginning.begin()
  mount(App, { target, props: { backend, place } })
}

/** The shell, or in a plain browser the pretended fleet; a release build has only the shell. */
async function host(): Promise<Backend> {
  if (!__MOCK_BACKEND__ || '__TAURI_INTERNALS__' in window) return tauriBackend
  const { mockBackend } = await import('./lib/backend/mock')
  const mood = new URLSearchParams(location.search).get('state')
  const moods = ['lively', 'empty', 'stale', 'error', 'first'] as const
  return mockBackend(moods.find((one) => one === mood) ?? 'lively')
}
