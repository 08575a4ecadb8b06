import { copy } from './clipboard'
import { toasts } from './toasts.svelte'

/** Says that a file was written and where, and offers to copy its path and to open its folder. */
export function tellSaved(title: string, place: string, more = ''): void {
  toasts.saved(title, place, more)
}

/** Copies a text that is still being made, and says so. */
export async function copied(text: Promise<string>, words?: (text: string) => string) {
  try {
    await copy(text)
    toasts.done('Copied', words?.(await text))
  } catch (thrown) {
    toasts.failed(thrown)
  }
}
