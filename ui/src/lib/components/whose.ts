import { getContext, setContext } from 'svelte'

const KEY = Symbol('whose')

/** Says to what is within whose values it shows: elements of a table show one row and then another. */
export function tellWhose(whose: () => string | undefined): void {
  setContext(KEY, whose)
}

/** Whose values are shown here, where that can change. */
export function whoseIsShown(): (() => string | undefined) | undefined {
  return getContext<(() => string | undefined) | undefined>(KEY)
}
