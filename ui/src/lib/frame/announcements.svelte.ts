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
 * What the desktop does not show because the window is in front. The worst and newest is in sight. One that is critical
 * stays until it is opened, dismissed or over: a window in front is not a person before it.
 */
class Announcements {
  list: readonly Announcement[] = $state.raw([])

  /** The one in sight. */
  readonly first = $derived(this.list.at(0) ?? null)

  add(announced: Announced, at: number): void {
    const others = this.list.filter(({ key }) => key !== announced.key)
    this.list = [{ ...announced, at }, ...others]
      .sort((a, b) => RANK[a.severity] - RANK[b.severity] || b.at - a.at)
      .slice(0, MOST)
    if (announced.severity !== 'critical')
      setTimeout(() => this.#drop((one) => one.key === announced.key && one.at === at), SHOWN)
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
  }
}

export const announcements = new Announcements()
