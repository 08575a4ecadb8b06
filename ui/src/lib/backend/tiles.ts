import { convertFileSrc } from '@tauri-apps/api/core'

/** The address under which the host hands over a map tile; the page itself asks no server. Empty in a plain browser. */
export function tileAddress(z: number, x: number, y: number): string {
  return '__TAURI_INTERNALS__' in window ? convertFileSrc(`${z}/${x}/${y}`, 'tile') : ''
}
