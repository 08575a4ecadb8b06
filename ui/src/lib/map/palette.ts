import type { Mark } from '../domain/marks'

export type Tone = Mark['tone']

/** The tokens that a canvas draws with. */
export interface Palette {
  water: string
  land: string
  border: string
  grid: string
  label: string
  halo: string
  surface: string
  line: string
  ink: string
  accent: string
  focus: string
  font: string
  tones: Record<Tone, string>
}

const TONES: readonly Tone[] = ['good', 'info', 'warn', 'bad', 'quiet']

/** Tells the palette of an element, and anew as the theme changes, until what is answered is called. */
export function watchPalette(element: Element, show: (palette: Palette) => void): () => void {
  const tell = () => show(readPalette(element))
  const themes = new MutationObserver(tell)
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  // What was drawn with another font, as its own was not there yet, is drawn anew.
  const fonts = new AbortController()
  document.fonts?.addEventListener('loadingdone', tell, { signal: fonts.signal })
  tell()
  return () => {
    themes.disconnect()
    fonts.abort()
  }
}

function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    water: of('map-water'),
    land: of('map-land'),
    border: of('map-border'),
    grid: of('map-grid'),
    label: of('map-label'),
    halo: of('map-halo'),
    surface: of('surface-raised'),
    line: of('line-strong'),
    ink: of('ink'),
    accent: of('accent'),
    focus: of('focus'),
    font: of('font-ui'),
    tones: Object.fromEntries(TONES.map((tone) => [tone, of(tone)])) as Palette['tones'],
  }
}
