import { bindKeys, takesSpace, type Act } from '../keys/keys'
import { PLACES, type Of } from '../keys/table'
import type { Route } from '../route.svelte'
import { closeMenus } from './focus'

type Everywhere = Of<'everywhere'>
/** What the keys that work everywhere do, but for those that lead to a screen. */
export type Actions = Record<
  Exclude<Everywhere, (typeof PLACES)[number] | 'openView'>,
  () => void
> & { openView: (place: number) => void }

/** Binds the keys that work everywhere; answers what unbinds them. */
export function bindFrameKeys(actions: Actions, go: (route: Route) => void): () => void {
  const places: Partial<Record<Everywhere, Act>> = Object.fromEntries(
    PLACES.map((screen) => [screen, away(() => go({ screen }))]),
  )
  return bindKeys('everywhere', {
    ...places,
    ...actions,
    pause: (event) => {
      if (takesSpace(event.target)) return false
      actions.pause()
    },
    openView: away((event) => actions.openView(Number(event.code.replace('Digit', '')) - 1)),
    palette: away(actions.palette),
    back: away(actions.back),
    search: () => focusFilter() || actions.search(),
  })
}

/** What leads away from where a menu is open closes it. */
function away(act: (event: KeyboardEvent) => void): Act {
  return (event) => {
    closeMenus()
    act(event)
  }
}

/** The screen's own filter comes before the search of everything. */
function focusFilter(): boolean {
  const filter = document.querySelector<HTMLInputElement>('main [data-filter]')
  filter?.focus()
  filter?.select()
  return filter !== null
}
