import { Part } from '../part.svelte'

/** What draws charts, in a file of its own: the first picture has none. */
export const CHART = new Part(() => import('./Chart.svelte'))
