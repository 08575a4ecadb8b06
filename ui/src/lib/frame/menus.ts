import type { Snippet } from 'svelte'
import { Part } from '../part.svelte'

/** How a button looks and is told that opens something. */
export interface Trigger {
  class: string
  title?: string
  'aria-label'?: string
  'data-testid'?: string
}

/** What a menu of the frame is given by what opens it. */
export interface Opened {
  open: boolean
  trigger: Trigger
  /** What stands on its button. */
  face: Snippet
}

const menus = () => import('./menuFile')

/** The menus that are opened from the frame, in one file. */
export const MENUS = {
  scope: new Part(async () => ({ default: (await menus()).Select })),
  past: new Part(async () => ({ default: (await menus()).PastMenu })),
  mute: new Part(async () => ({ default: (await menus()).MuteChoices })),
  standing: new Part(async () => ({ default: (await menus()).StandingMenu })),
  view: new Part(async () => ({ default: (await menus()).ViewMenu })),
  views: new Part(async () => ({ default: (await menus()).ViewsMenu })),
}
