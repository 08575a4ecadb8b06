/**
 * The names in the places they had, and each that is new after the one it comes after: what is wrong comes first when the
 * page is opened, and no card moves under the pointer while it is looked at.
 */
export function inPlaces(names: readonly string[], had: readonly string[]): string[] {
  return names.reduce<string[]>(
    (places, name, i) => {
      if (places.includes(name)) return places
      const before = names[i - 1]
      return places.toSpliced(before === undefined ? 0 : places.indexOf(before) + 1, 0, name)
    },
    [...had],
  )
}

/** The places of the cards. They outlive one address of the page, as a card that is opened has its own. */
class CardPlaces {
  #had: readonly string[] = []

  /** The cards in their places. What was removed keeps its own while it can be taken back. */
  of<T extends { chip: { name: string } }>(
    cards: readonly T[],
    removed: readonly { name: string }[],
  ): T[] {
    const names = cards.map(({ chip }) => chip.name)
    const known = new Set([...names, ...removed.map(({ name }) => name)])
    const kept = this.#had.filter((name) => known.has(name))
    this.#had = inPlaces(names, kept)
    const places = new Map(this.#had.map((name, i) => [name, i]))
    const at = ({ chip }: T) => places.get(chip.name) ?? 0
    return cards.toSorted((a, b) => at(a) - at(b))
  }

  /** The page was left: when it is opened again, what is wrong comes first again. */
  clear(): void {
    this.#had = []
  }
}

export const cardPlaces = new CardPlaces()
