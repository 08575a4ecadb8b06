import { getContext, setContext } from 'svelte'
import type { Backend } from './backend/backend'
import type { SeriesHub } from './charts/hub'
import type { Live } from './live/live.svelte'

/** What every part of the window may reach. */
export interface App {
  backend: Backend
  live: Live
  hub: SeriesHub
}

const KEY = Symbol('app')

export function provideApp(app: App): App {
  return setContext(KEY, app)
}

export function useApp(): App {
  return getContext<App>(KEY)
}
