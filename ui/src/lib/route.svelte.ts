import type { Target } from './backend/types'

/** Where the window is: every place has an address of its own, so that going back and linking work. */
export type Route =
  | { screen: 'overview' }
  | { screen: 'devices'; filter?: string }
  | { screen: 'device'; connection: string; id: string }
  | { screen: 'jobs' }
  | { screen: 'job'; connection: string; id: string }
  | { screen: 'liveQuery'; connection: string; id: string }
  | { screen: 'agents' }
  | { screen: 'hosts'; filter?: string }
  | { screen: 'signals' }
  | { screen: 'events'; filter?: string }
  | { screen: 'connections'; name?: string }
  | { screen: 'settings' }

const PLAIN = ['overview', 'jobs', 'agents', 'signals', 'settings'] as const
const FILTERED = ['devices', 'hosts', 'events'] as const
const NAMED = ['device', 'job', 'liveQuery'] as const

/** Reads an address; what can't be read leads to Overview. */
export function parseRoute(hash: string): Route {
  const [screen = '', ...rest] = hash.replace(/^#\/?/, '').split('/').map(decode)
  const plain = PLAIN.find((name) => name === screen)
  if (plain) return { screen: plain }
  const filtered = FILTERED.find((name) => name === screen)
  if (filtered) return rest[0] ? { screen: filtered, filter: rest[0] } : { screen: filtered }
  const named = NAMED.find((name) => name === screen)
  if (named && rest[0] && rest[1]) return { screen: named, connection: rest[0], id: rest[1] }
  if (screen === 'connections') return rest[0] ? { screen, name: rest[0] } : { screen }
  return { screen: 'overview' }
}

export function formatRoute(route: Route): string {
  const parts: string[] = [route.screen]
  if ('connection' in route) parts.push(route.connection, route.id)
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

class Router {
  current: Route = $state.raw(parseRoute(location.hash))

  start(): () => void {
    const onChange = () => (this.current = parseRoute(location.hash))
    window.addEventListener('hashchange', onChange)
    return () => window.removeEventListener('hashchange', onChange)
  }

  go(route: Route): void {
    location.hash = formatRoute(route)
    this.current = route
  }

  back(): void {
    history.back()
  }
}

export const router = new Router()
