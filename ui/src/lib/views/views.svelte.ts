import { untrack } from 'svelte'
import type { Live } from '../live/live.svelte'
import { preferences } from '../preferences.svelte'
import { router } from '../route.svelte'
import { toasts } from '../toasts.svelte'
import {
  LONGEST_NAME,
  MOST_VIEWS,
  TABLES,
  type Look,
  type SavedView,
  type ViewedScreen,
} from './look'

/** The screen in sight, as far as views go. */
interface Offer {
  screen: ViewedScreen
  read(): Look
  write(look: Look): void
}

/** The views that were saved, and the way of looking that could be. */
class Views {
  /** What the screen in sight can be saved as; null where there is nothing to save. */
  offer: Offer | null = $state.raw(null)
  /** What the dialog asks a name for: the screen in sight, or one to give another name. */
  asking: { rename: SavedView | null } | null = $state.raw(null)
  /** A view that waits for its screen. */
  #coming: Pick<SavedView, 'screen' | 'look'> | null = null

  get list(): readonly SavedView[] {
    return preferences.views
  }

  named(name: string): SavedView | undefined {
    const sought = tidy(name)
    return this.list.find((view) => view.name === sought)
  }

  /** Says how a screen is looked at while it is in sight; answers what ends it. */
  show(offer: Offer): () => void {
    this.offer = offer
    if (this.#coming?.screen === offer.screen) this.#write(offer, this.#coming.look)
    this.#coming = null
    return () => {
      if (this.offer === offer) this.offer = null
    }
  }

  /** Looks at a screen in this way as soon as it is there. */
  expect(screen: ViewedScreen, look: Look): void {
    this.#coming = { screen, look }
  }

  /** Looks at a screen as it was when the view was saved. */
  open(kept: SavedView, live: Live): void {
    const view = $state.snapshot(kept)
    if (this.offer?.screen === view.screen) {
      live.setScope(view.scope)
      this.#write(this.offer, view.look)
      return
    }
    this.#coming = view
    router.go({ screen: view.screen })
    // A screen that is not left, for something in it is not saved, keeps its scope, too.
    if (router.current.screen === view.screen) live.setScope(view.scope)
    else this.#coming = null
  }

  /** The same with the view at a place of the list. */
  openAt(place: number, live: Live): void {
    const view = this.list[place]
    if (view) this.open(view, live)
    else toasts.done(`There is no saved view ${place + 1}`)
  }

  #write(offer: Offer, look: Look): void {
    const table = TABLES[offer.screen]
    if (table && look.layout) preferences.keepLayout(table, look.layout)
    offer.write(look)
  }

  /** Saves what is in sight; a view of the same name is written over. */
  save(name: string, live: Live): void {
    const { offer } = this
    const tidied = tidy(name)
    if (!offer || tidied === '') return
    const table = TABLES[offer.screen]
    const layout = table ? { layout: preferences.layoutOf(table) } : {}
    const look = JSON.parse(JSON.stringify({ ...offer.read(), ...layout })) as Look
    const view = { name: tidied, screen: offer.screen, scope: live.scope, look }
    const known = this.list.findIndex((one) => one.name === tidied)
    const before = preferences.views
    preferences.views = known < 0 ? [...before, view].slice(-MOST_VIEWS) : before.with(known, view)
    toasts.done(`Saved as “${tidied}”`)
  }

  /** Gives a view another name; one that had that name before is gone. */
  rename(view: SavedView, name: string): void {
    const tidied = tidy(name)
    if (tidied === '' || tidied === view.name) return
    preferences.views = this.list
      .filter((one) => one.name !== tidied)
      .map((one) => (one.name === view.name ? { ...one, name: tidied } : one))
  }

  /** Moves a view up or down in the list, and with it the key that opens it. */
  move(view: SavedView, by: 1 | -1): void {
    const from = this.list.findIndex((one) => one.name === view.name)
    const to = from + by
    const moved = this.list[from]
    if (!moved || to < 0 || to >= this.list.length) return
    preferences.views = preferences.views.toSpliced(from, 1).toSpliced(to, 0, moved)
  }

  /** Forgets a view; for a while it can be had back, where it was. */
  remove(view: SavedView): void {
    const at = this.list.findIndex((one) => one.name === view.name)
    if (at < 0) return
    preferences.views = preferences.views.toSpliced(at, 1)
    toasts.done(`“${view.name}” was deleted`, '', {
      label: 'Undo',
      run: () => {
        if (this.named(view.name)) return
        preferences.views = preferences.views.toSpliced(at, 0, view)
      },
    })
  }
}

function tidy(name: string): string {
  return name.trim().replace(/\s+/g, ' ').slice(0, LONGEST_NAME)
}

export const views = new Views()

/** Says from a screen how it is looked at, and how it is made to be looked at so again. */
export function offerView(screen: ViewedScreen, read: () => Look, write: (look: Look) => void) {
  $effect(() => untrack(() => views.show({ screen, read, write })))
}
