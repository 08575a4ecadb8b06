import type { Found } from '../types'
import type { World } from './world'

/** Devices of the pretended fleet whose name holds a text. */
export function found(world: World, text: string): Found[] {
  const word = text.trim().toLowerCase()
  if (word.length < 2) return []
  return world.devices
    .filter(({ id }) => id.toLowerCase().includes(word))
    .slice(0, 6)
    .map(({ id, lock }) => ({
      kind: 'device',
      connection: 'locks-eu',
      id,
      label: id,
      detail: `${lock}, online`,
    }))
}
