import { loadWorld, type Detail, type World } from './world'

/** The outline of the world, read when it is first wanted. */
export class Outline {
  /** What is there by now. */
  worlds: Partial<Record<Detail, World>> = $state.raw({})
  /** Some of it could not be read. */
  failed = $state(false)

  /** It in a detail; until that has come, in another. */
  readonly of = (detail: Detail): World | null => {
    const there = this.worlds[detail]
    if (there) return there
    loadWorld(detail).then(
      (world) => (this.worlds = { ...this.worlds, [detail]: world }),
      () => (this.failed = true),
    )
    return this.worlds.coarse ?? this.worlds.fine ?? null
  }
}
