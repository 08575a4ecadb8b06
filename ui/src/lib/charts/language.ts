/**
 * Gives `navigator.language` a value that `Intl` takes. WebKitGTK reports "C" under LANG=C, and uPlot makes a number
 * format from it when it is loaded, which throws. Has to be evaluated before anything that imports uPlot.
 */
export function mendLanguage(target: { readonly language: string }): void {
  if (isLanguageTag(target.language)) return
  Object.defineProperty(target, 'language', { value: 'en', configurable: true })
}

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

mendLanguage(navigator)
