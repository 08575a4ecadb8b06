import type { Protocol } from '../../backend/types'

/** What a service is called, and what it brings, for a list. */
export interface Kind {
  name: string
  brings: string
}

export const KINDS: Readonly<Record<Protocol, Kind>> = {
  iotee: { name: 'IoTee', brings: 'devices and locks' },
  hantera: { name: 'Hantera', brings: 'jobs, actors, live queries' },
  agenthq: { name: 'AgentHQ', brings: 'agents, posts, tasks' },
  hyprwatch: { name: 'Hyprwatch', brings: 'hosts and SQL' },
  hydra: { name: 'Hydra', brings: 'signals and alerts' },
}

/** "IoTee · devices and locks": a service's name says nothing to whom it is new. */
export function kindWords(protocol: Protocol): string {
  const { name, brings } = KINDS[protocol]
  return `${name} · ${brings}`
}
