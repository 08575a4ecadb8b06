import { PARTS } from '../lib/frame/parts'
import { SCREENS } from './screens'

/** Fetches all parts of the page, as is done a moment after the first picture; tests begin there. */
export async function everything(): Promise<void> {
  await Promise.all([...Object.values(PARTS), ...Object.values(SCREENS)].map((part) => part.load()))
}
