import type { App } from '../context'
import type { ScreenSpec } from '../backend/types'
import { mergeScreen, type PictureOf, type ScreenName } from './picture'

/** The whole of what a screen would show, once, in the scope and time that are chosen: for rows that are not in sight. */
export async function look<S extends ScreenName>(
  { backend, live }: App,
  screen: Extract<ScreenSpec, { screen: S }>,
): Promise<PictureOf<S>> {
  const spec = { have: 0, scope: live.scope, past: live.past, screen }
  const frame = await backend.call('look', { spec })
  return mergeScreen(null, frame.screen) as PictureOf<S>
}
