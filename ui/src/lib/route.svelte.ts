import type { Target } from './backend/types'
import { left } from './left.svelte'

/** Where the window is: every place has an address of its own, so that going back and linking work. */
export type Route =
  | { screen: 'overview' }
  | { screen: 'alerts'; filter?: string }
  | { screen: 'alert'; id: string }
  | { screen: 'rules' }
  | { screen: 'rule'; name: string }
  /** A new rule, which may begin as a copy of another. */
  | { screen: 'newRule'; from?: string }
  | { screen: 'devices'; filter?: string }
  | { screen: 'device'; connection: string; id: string }
  | { screen: 'jobs' }
  | { screen: 'job'; connection: string; id: string }
  | { screen: 'definition'; connection: string; id: string }
  /** `id` is its type, a slash and its id. */
  | { screen: 'actor'; connection: string; id: string }
  | { screen: 'liveQuery'; connection: string; id: string }
  | { screen: 'agents'; filter?: string }
  | { screen: 'hosts'; filter?: string }
  | { screen: 'signals' }
  | { screen: 'events'; filter?: string }
  | { screen: 'connections'; name?: string }
  | { screen: 'settings' }

const PLAIN = ['overview', 'rules', 'jobs', 'signals', 'settings'] as const
const FILTERED = ['alerts', 'devices', 'agents', 'hosts', 'events'] as const
const NAMED = ['device', 'job', 'definition', 'actor', 'liveQuery'] as const

/** Reads an address; what can't be read leads to Overview. */
export function parseRoute(hash: string): Route {
  const [screen = '', ...rest] = hash.replace(/^#\/?/, '').split('/').map(decode)
  const plain = PLAIN.find((name) => name === screen)
  if (plain) return { screen: plain }
  const filtered = FILTERED.find((name) => name === screen)
  if (filtered) return rest[0] ? { screen: filtered, filter: rest[0] } : { screen: filtered }
  const named = NAMED.find((name) => name === screen)
  if (named && rest[0] && rest[1]) return { screen: named, connection: rest[0], id: rest[1] }
  if (screen === 'alert' && rest[0]) return { screen, id: rest[0] }
  if (screen === 'rule' && rest[0]) return { screen, name: rest[0] }
  if (screen === 'newRule') return rest[0] ? { screen, from: rest[0] } : { screen }
  if (screen === 'connections') return rest[0] ? { screen, name: rest[0] } : { screen }
  return { screen: 'overview' }
}

export function formatRoute(route: Route): string {
  const parts: string[] = [route.screen]
  if ('connection' in route) parts.push(route.connection)
  if ('id' in route) parts.push(route.id)
  if ('from' in route && route.from) parts.push(route.from)
  if ('filter' in route && route.filter) parts.push(route.filter)
  if ('name' in route && route.name) parts.push(route.name)
  return `#/${parts.map(encodeURIComponent).join('/')}`
}

/** The place that something which needs the operator leads to. */
export function routeTo(target: Target): Route {
  return target.screen === 'connection' ? { screen: 'connections', name: target.name } : target
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** What the window's history holds of a place. */
interface Entry {
  name: string
  /** Which of the history it is. */
  at: number
  /** The address of the place before; null for the first. */
  from: string | null
}

let made = 0
/** A new place of the history. No two have the same name, though the history outlives the page. */
function named(at: number, from: string | null): Entry {
  return { name: `${performance.timeOrigin} ${made++}`, at, from }
}

function readEntry(state: unknown): Entry | null {
  const { name, at, from } = (state ?? {}) as Partial<Record<keyof Entry, unknown>>
  if (typeof name !== 'string' || typeof at !== 'number') return null
  return { name, at, from: typeof from === 'string' ? from : null }
}

class Router {
  current: Route = $state.raw(parseRoute(location.hash))
  #entry = named(0, null)
  /** Asked before a place or the window is left. False stays there; what it was given leaves after all. */
  guard: ((leave: () => void) => boolean) | null = null

  /** Something here is typed and not saved. */
  unsaved = $state(false)

  start(): () => void {
    const onChange = () => {
      const next = parseRoute(location.hash)
      const here = formatRoute(this.current)
      const known = readEntry(history.state)
      // What the history did not know is a link that was followed.
      const at = known?.at ?? this.#entry.at + 1
      const by = at - this.#entry.at
      if (!this.#mayLeave(next, () => (known ? traverse(by) : this.go(next)))) {
        // The history has moved already. It is led back, so that each of its places stays what it is.
        traverse(-by)
        return
      }
      const entry = known ?? named(at, formatRoute(next) === here ? this.#entry.from : here)
      if (formatRoute(next) === here) left.name(entry.name)
      else left.go(entry.name)
      if (!known) history.replaceState(entry, '')
      this.#entry = entry
      this.current = next
    }
    const entry = readEntry(history.state) ?? named(0, null)
    history.replaceState(entry, '')
    left.name(entry.name)
    this.#entry = entry
    window.addEventListener('hashchange', onChange)
    return () => window.removeEventListener('hashchange', onChange)
  }

  go(route: Route): void {
    if (!this.#mayLeave(route, () => this.go(route))) return
    const [from, to] = [formatRoute(this.current), formatRoute(route)]
    if (to !== from) {
      this.#entry = named(this.#entry.at + 1, from)
      left.go(this.#entry.name)
    }
    location.hash = to
    history.replaceState(this.#entry, '')
    this.current = route
  }

  back(): void {
    const { from } = this.#entry
    if (from === null || this.#mayLeave(parseRoute(from), () => this.back())) history.back()
  }

  /** Whether going back leads to a screen. */
  isBehind(screen: Route['screen']): boolean {
    const { from } = this.#entry
    return from !== null && parseRoute(from).screen === screen
  }

  #mayLeave(next: Route, leave: () => void): boolean {
    return formatRoute(next) === formatRoute(this.current) || (this.guard?.(leave) ?? true)
  }
}

/** Moves so many places on in the history, or back; to move none would load the page anew. */
function traverse(by: number): void {
  if (by !== 0) history.go(by)
}

export const router = new Router()
