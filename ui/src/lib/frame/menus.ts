import { Part } from '../part.svelte'

/** How a button looks and is told that opens something. */
export interface Trigger {
  class: string
  title?: string
  'aria-label'?: string
  'data-testid'?: string
}

const menus = () => import('./menuFile')

/** The menus that are opened from the frame, in one file. */
export const MENUS = {
  scope: new Part(async () => ({ default: (await menus()).Select })),
  past: new Part(async () => ({ default: (await menus()).PastMenu })),
  mute: new Part(async () => ({ default: (await menus()).MuteChoices })),
  view: new Part(async () => ({ default: (await menus()).ViewMenu })),
}
