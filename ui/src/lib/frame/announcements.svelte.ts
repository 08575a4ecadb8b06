import type { Announced } from '../backend/types'

/** So many are kept; of more, those that are least bad and oldest go. */
const MOST = 20
/** How long one that is not critical is shown, in ms. */
const SHOWN = 20_000
/** How often that long one waits for its turn behind others. */
const TURNS = 3

const RANK: Record<Announced['severity'], number> = { critical: 0, high: 1, medium: 2, low: 3 }

export interface Announcement extends Announced {
  /** When it came, by the page's clock. */
  at: number
}

/**
 * What the desktop does not show because the window is in front. The one in sight stays there until it goes or a worse one
 * comes: what is read and clicked does not change meanwhile. One that is critical goes when it is opened, dismissed or over:
 * a window in front is not a person before it.
 */
class Announcements {
  list: readonly Announcement[] = $state.raw([])

  #shown = $state('')

  /** The one in sight. */
  readonly first = $derived(
    this.list.find(({ key }) => key === this.#shown) ?? this.list.at(0) ?? null,
  )

  /** The one that came last, until it goes: what is left then is not news. */
  newest: Announcement | null = $state.raw(null)

  add(announced: Announced, at: number): void {
    const { first } = this
    const stays = first !== null && RANK[first.severity] <= RANK[announced.severity]
    this.#shown = stays ? first.key : announced.key
    const others = this.list.filter(({ key }) => key !== announced.key)
    const one = { ...announced, at }
    this.newest = one
    this.list = [one, ...others]
      .sort((a, b) => RANK[a.severity] - RANK[b.severity] || b.at - a.at)
      .slice(0, MOST)
    if (one.severity !== 'critical') this.#leaveLater(one, this.first === one, TURNS)
  }

  /** What was announced under these keys is over. */
  takeBack(keys: readonly string[]): void {
    this.#drop(({ key }) => keys.includes(key))
  }

  dismiss(key: string): void {
    this.takeBack([key])
  }

  /** Drops one that was in sight long enough, and one that a critical one hides; others wait for their turn. */
  #leaveLater(one: Announcement, wasInSight: boolean, turns: number): void {
    setTimeout(() => {
      if (!this.list.includes(one)) return
      const { first } = this
      const hasTurn = first === one ? !wasInSight : first?.severity !== 'critical'
      if (hasTurn && turns > 0) this.#leaveLater(one, first === one, turns - 1)
      else this.#drop((other) => other === one)
    }, SHOWN)
  }

  #drop(goes: (one: Announcement) => boolean): void {
    this.list = this.list.filter((one) => !goes(one))
    if (this.newest && goes(this.newest)) this.newest = null
  }
}

export const announcements = new Announcements()
