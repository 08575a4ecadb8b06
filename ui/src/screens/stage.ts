import { cleanup, render } from '@testing-library/svelte'
import { afterEach, beforeAll, beforeEach, vi } from 'vitest'
import App from '../App.svelte'
import type { Backend } from '../lib/backend/backend'
import { mockBackend } from '../lib/backend/mock'
import type { Mood } from '../lib/backend/mock/world'
import type { Commands } from '../lib/backend/types'
import { CHART } from '../lib/charts/part'
import { MENUS } from '../lib/frame/menus'
import { PARTS } from '../lib/frame/parts'
import { left } from '../lib/left.svelte'
import { parseRoute, router } from '../lib/route.svelte'
import { toasts } from '../lib/toasts.svelte'
import { SCREENS } from './screens'

/** A command that the window gave, with what it asked. */
export type Call = { [C in keyof Commands]: { command: C; args: Commands[C][0] } }[keyof Commands]

/** Nothing is laid out here, so what is in sight is told to those who ask: everything, or nothing. */
export const sight = { all: true }

/** Sets up a file whose tests open the whole window, as it is a moment after the start: all of it is fetched. */
export function stage(): void {
  beforeAll(fetched, 60_000)
  beforeEach(() => {
    sight.all = true
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(private readonly told: (entries: { isIntersecting: boolean }[]) => void) {}
        observe() {
          this.told([{ isIntersecting: sight.all }])
        }
        unobserve() {}
        disconnect() {}
      },
    )
  })
  afterEach(() => {
    cleanup()
    router.guard = null
    toasts.list = []
    vi.unstubAllGlobals()
  })
}

async function fetched(): Promise<void> {
  const parts = [CHART, ...Object.values(MENUS), ...Object.values(PARTS), ...Object.values(SCREENS)]
  await Promise.all(parts.map((part) => part.load()))
}

/**
 * Opens the window at a place, and gives the commands it gives, oldest first. `answer` has what is answered to some of
 * them instead of what the backend would.
 */
export function open(
  hash: string,
  fleet: Mood | Backend = 'lively',
  answer: { readonly [C in keyof Commands]?: Commands[C][1] } = {},
): Call[] {
  // Nothing was left before.
  left.name('')
  location.hash = hash
  router.current = parseRoute(hash)
  const inner = typeof fleet === 'string' ? mockBackend(fleet) : fleet
  const calls: Call[] = []
  const backend: Backend = {
    call(command, args) {
      calls.push({ command, args } as Call)
      const known = answer[command]
      return known === undefined ? inner.call(command, args) : Promise.resolve(known)
    },
  }
  render(App, { backend })
  return calls
}

/** What was asked with each giving of one command, oldest first. */
export function asked<C extends keyof Commands>(
  calls: readonly Call[],
  command: C,
): Commands[C][0][] {
  return calls.flatMap((call) => (call.command === command ? [call.args as Commands[C][0]] : []))
}
