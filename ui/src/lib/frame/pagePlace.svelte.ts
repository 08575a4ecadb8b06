import type { Backend } from '../backend/backend'
import type { Scope, Span } from '../backend/types'
import type { Live } from '../live/live.svelte'
import { formatRoute, parseRoute, router } from '../route.svelte'
import { readLook, readScope, VIEWED, type Look } from '../views/look'
import { views } from '../views/views.svelte'

/** Where the page is. The shell keeps it while the page is torn down, and a page that is built anew begins there. */
export interface PagePlace {
  address: string
  scope: Scope
  past: Span | null
  look: Look | null
  /** The saved view that the screen stands on. */
  view: string | null
}

/** Kept at most so often. */
const GAP = 100

/** Where the last page was; null for the first, and where the shell does not say. */
export async function askPlace(backend: Backend): Promise<PagePlace | null> {
  try {
    return readPlace(await backend.call('page_place', {}))
  } catch {
    return null
  }
}

/** Reads what a page wrote, of which nothing can be relied upon. */
export function readPlace(text: string | null): PagePlace | null {
  let kept: unknown
  try {
    kept = JSON.parse(text ?? 'null')
  } catch {
    return null
  }
  if (typeof kept !== 'object' || kept === null) return null
  const { address, scope, past, look, view } = kept as Record<string, unknown>
  return {
    address: formatRoute(parseRoute(typeof address === 'string' ? address : '')),
    scope: readScope(scope),
    past: readPast(past),
    look: look ? readLook(look) : null,
    view: typeof view === 'string' ? view : null,
  }
}

/** Leads a page that begins to where the last one was; an address that was asked for comes first. */
export function resume(place: PagePlace, live: Live): void {
  live.setScope(place.scope)
  live.setPast(place.past)
  if (location.hash === '') router.go(parseRoute(place.address))
  else if (location.hash !== place.address) return
  const screen = VIEWED.find((one) => one === router.current.screen)
  if (screen && place.look) views.expect(screen, place.look, place.view)
}

/**
 * Tells the shell where the page is, whenever it is elsewhere, once it is where it begins. To be called while a component
 * is made.
 */
export function keepPlace(backend: Backend, live: Live, placed: () => boolean): void {
  let kept = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  $effect(() => {
    if (!placed()) return
    const place: PagePlace = {
      address: formatRoute(router.current),
      scope: live.scope,
      past: live.past,
      look: views.offer?.screen === router.current.screen ? views.offer.read() : null,
      view: views.standing?.name ?? null,
    }
    const text = JSON.stringify(place)
    clearTimeout(timer)
    if (text === kept) return
    timer = setTimeout(() => {
      kept = text
      // Where it is not kept, the page begins anew at Overview.
      backend.call('keep_page_place', { place: text }).catch(() => {})
    }, GAP)
  })
}

function readPast(past: unknown): Span | null {
  if (typeof past !== 'object' || past === null) return null
  const { from, to } = past as Record<string, unknown>
  return typeof from === 'number' && typeof to === 'number' && from < to ? { from, to } : null
}
