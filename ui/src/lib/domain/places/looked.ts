import type { View } from '../../map/projection'

const looked = new Map<string, View>()

/** Where a map looked when its screen was left; null where it never was. */
export function lastView(map: string): View | null {
  return looked.get(map) ?? null
}

export function keepView(map: string, view: View): void {
  looked.set(map, view)
}
