import { left } from '../left.svelte'
import type { Live } from '../live/live.svelte'
import { preferences } from '../preferences.svelte'
import { router } from '../route.svelte'
import { toasts } from '../toasts.svelte'
import {
  isAsSaved,
  LONGEST_NAME,
  MOST_VIEWS,
  TABLES,
  viewWords,
  type Look,
  type SavedView,
  type Seen,
  type ViewedScreen,
} from './look'

/** The screen in sight, as far as views go. */
interface Offer extends Part {
  screen: ViewedScreen
  kept: Part | null
}

/** What a way of looking consists of. */
interface Part {
  read(): Look
  write(look: Look): void
}

/** What of a place is its own when it is left, and the view that it stands on. */
interface Left {
  look: Look
  view: string | null
}

/** The views that were saved, and the way of looking that could be. */
class Views {
  /** What the screen in sight can be saved as; null where there is nothing to save. */
  offer: Offer | null = $state.raw(null)
  /** What the dialog asks a name for: the screen in sight, or one to give another name. */
  asking: { rename: SavedView | null } | null = $state.raw(null)
  /** The same: what is state reads as it was before while a screen goes, and the next is there already. */
  #shown: Offer | null = null
  /** The name of the view that the screen in sight was opened with or saved as. */
  #standing: string | null = $state(null)
  /** What waits for its screen, and of which view it is. */
  #coming: (Pick<Seen, 'screen' | 'look'> & { view: string | null }) | null = null

  get list(): readonly SavedView[] {
    return preferences.views
  }

  named(name: string): SavedView | undefined {
    const sought = tidy(name)
    return this.list.find((view) => view.name === sought)
  }

  /** The view that the screen in sight stands on, whatever was changed since. */
  get standing(): SavedView | null {
    const view = this.list.find(({ name }) => name === this.#standing)
    return view && view.screen === this.offer?.screen ? view : null
  }

  /** Whether the screen in sight is looked at otherwise than the view that it stands on. */
  isChanged(live: Live): boolean {
    const { offer, standing } = this
    return offer !== null && standing !== null && !isAsSaved(standing, seen(offer, live))
  }

  /** Says how a screen is looked at while it is in sight; answers what ends it. */
  show(offer: Offer): () => void {
    this.offer = offer
    this.#shown = offer
    const coming = this.#coming?.screen === offer.screen ? this.#coming : null
    this.#coming = null
    const was = left.was(`look ${offer.screen}`) as Left | undefined
    if (coming) this.#write(offer, coming.look)
    // What is as it was left, as where it outlives its screen, is left so.
    else if (was && JSON.stringify(was.look) !== JSON.stringify(offer.read())) offer.write(was.look)
    this.#standing = (coming ?? was)?.view ?? null
    return () => {
      if (this.#shown === offer) this.offer = null
    }
  }

  /** How the screen in sight is left. */
  left(offer: Offer): Left {
    const look = JSON.parse(JSON.stringify(offer.read())) as Look
    return { look, view: this.standing?.name ?? null }
  }

  /** Looks at a screen in this way as soon as it is there. `view` names the one that it stands on. */
  expect(screen: ViewedScreen, look: Look, view: string | null): void {
    this.#coming = { screen, look, view }
  }

  /** Looks at a screen as it was when the view was saved. */
  open(view: SavedView, live: Live): void {
    this.#look(view, view.name, live)
  }

  /** The same with the view at a place of the list. */
  openAt(place: number, live: Live): void {
    const view = this.list[place]
    if (view) this.open(view, live)
    else toasts.done(`There is no saved view ${place + 1}`)
  }

  #look(kept: Seen, view: string | null, live: Live): void {
    const { screen, scope, look } = $state.snapshot(kept) as Seen
    if (this.offer?.screen === screen) {
      live.setScope(scope)
      this.#write(this.offer, look)
      this.#standing = view
      return
    }
    this.#coming = { screen, look, view }
    router.go({ screen })
    // A screen that is not left, for something in it is not saved, keeps its scope, too.
    if (router.current.screen === screen) live.setScope(scope)
    else this.#coming = null
  }

  #write(offer: Offer, look: Look): void {
    const table = TABLES[offer.screen]
    if (table && look.layout) preferences.keepLayout(table, look.layout)
    offer.kept?.write(look)
    offer.write(look)
  }

  /** Saves what is in sight; a view of the same name is written over, which can be taken back. */
  save(name: string, live: Live): void {
    const { offer } = this
    const tidied = tidy(name)
    if (!offer || tidied === '') return
    const view = { name: tidied, ...seen(offer, live) }
    const known = this.named(tidied)
    this.#standing = tidied
    if (known) return this.#replace(known, view, `“${tidied}” was replaced`)
    preferences.views = [...preferences.views, view].slice(-MOST_VIEWS)
    toasts.done(`Saved as “${tidied}”`)
  }

  /** Saves what was changed into the view that the screen in sight stands on. */
  update(live: Live): void {
    const { offer, standing } = this
    if (!offer || !standing || !this.isChanged(live)) return
    const view = { name: standing.name, ...seen(offer, live) }
    this.#replace(standing, view, `“${view.name}” was updated`)
  }

  /** Takes back what was changed since the view was opened. */
  reset(live: Live): void {
    const { offer, standing } = this
    if (!offer || !standing || !this.isChanged(live)) return
    const before = seen(offer, live)
    this.open(standing, live)
    toasts.done(`“${standing.name}” is as it was saved`, '', {
      label: 'Undo',
      run: () => this.#look(before, standing.name, live),
    })
  }

  #replace(before: SavedView, view: SavedView, said: string): void {
    const put = (one: SavedView) => {
      preferences.views = this.list.map((kept) => (kept.name === one.name ? one : kept))
    }
    const kept = $state.snapshot(before) as SavedView
    put(view)
    toasts.done(said, viewWords(view), { label: 'Undo', run: () => put(kept) })
  }

  /** Gives a view another name; one that had that name before is gone. */
  rename(view: SavedView, name: string): void {
    const tidied = tidy(name)
    if (tidied === '' || tidied === view.name) return
    if (this.#standing === view.name) this.#standing = tidied
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

/** How a screen is looked at just now. */
function seen({ screen, read, kept }: Offer, live: Live): Seen {
  const table = TABLES[screen]
  const layout = table ? { layout: preferences.layoutOf(table) } : {}
  const look = JSON.parse(JSON.stringify({ ...read(), ...kept?.read(), ...layout })) as Look
  return { screen, scope: live.scope, look }
}

function tidy(name: string): string {
  return name.trim().replace(/\s+/g, ' ').slice(0, LONGEST_NAME)
}

export const views = new Views()

/**
 * Says from a screen how it is looked at, and how it is made to be looked at so again. To be called while it is made.
 * `kept` is what of it is chosen for every place of the screen and kept on disk: it is saved with a view and written when
 * one is opened, but not by going back to a place, nor does it name a field that `read` has.
 */
export function offerView(
  screen: ViewedScreen,
  read: () => Look,
  write: (look: Look) => void,
  kept: Part | null = null,
) {
  const offer = { screen, read, write, kept }
  const end = views.show(offer)
  $effect(() => {
    const forget = left.keep(`look ${screen}`, () => views.left(offer))
    return () => {
      forget()
      end()
    }
  })
}
