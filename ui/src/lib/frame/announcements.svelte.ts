import type { Announced } from '../backend/types'

/** So many are kept; of more, those that are least bad and oldest go. */
const MOST = 20
/** How long one that is not critical is shown, in ms. */
const SHOWN = 20_000

const RANK: Record<Announced['severity'], number> = { critical: 0, high: 1, medium: 2, low: 3 }

export interface Announcement extends Announced {
  /** When it came, by the page's clock. */
  at: number
}

/**
 * What the desktop does not show because the window is in front. The worst is in sight, of several the newest, and none
 * takes its place while it is pointed at. One that is critical goes when it is opened, dismissed or over: a window in front
 * is not a person before it.
 */
class Announcements {
  list: readonly Announcement[] = $state.raw([])

  /** The one that came last, until it goes: what is left then is not news. */
  newest: Announcement | null = $state.raw(null)

  #pointedAt: string | null = $state(null)

  /** The one in sight. */
  readonly first = $derived(
    this.list.find(({ key }) => key === this.#pointedAt) ?? this.list.at(0) ?? null,
  )

  add(announced: Announced, at: number): void {
    const one = { ...announced, at }
    this.newest = one
    this.list = [one, ...this.list.filter(({ key }) => key !== one.key)]
      .sort((a, b) => RANK[a.severity] - RANK[b.severity] || b.at - a.at)
      .slice(0, MOST)
    if (one.severity !== 'critical') setTimeout(() => this.#drop((other) => other === one), SHOWN)
  }

  /** The pointer is on the one in sight, or has left it. */
  pointed(over: boolean): void {
    this.#pointedAt = over ? (this.first?.key ?? null) : null
  }

  /** What was announced under these keys is over. */
  takeBack(keys: readonly string[]): void {
    this.#drop(({ key }) => keys.includes(key))
  }

  dismiss(key: string): void {
    this.takeBack([key])
  }

  #drop(goes: (one: Announcement) => boolean): void {
    this.list = this.list.filter((one) => !goes(one))
    if (this.newest && goes(this.newest)) this.newest = null
    // What is gone is told of no leave.
    if (!this.list.some(({ key }) => key === this.#pointedAt)) this.#pointedAt = null
  }
}

export const announcements = new Announcements()
