import { Part } from '../part.svelte'

/** What opens above the page. None of it is needed for the first picture. */
export const PARTS = {
  palette: new Part(() => import('./Palette.svelte')),
  shortcuts: new Part(() => import('./ShortcutOverlay.svelte')),
  saveView: new Part(() => import('../views/SaveViewDialog.svelte')),
  connection: new Part(() => import('../domain/connections/ConnectionDialog.svelte')),
  importing: new Part(() => import('../domain/connections/ImportDialog.svelte')),
  exporting: new Part(() => import('../domain/connections/ExportDialog.svelte')),
}
