/** What of a window tells how many pixels of the screen one of the page takes. */
export type Told = Pick<Window, 'matchMedia'> & { readonly devicePixelRatio: number }

/** How near a resolution is met: a screen's may be no round number. */
const NEAR = 0.001

let zoom = 1
/** What was asked of the screen's resolution, and is to be asked anew once that is another. */
const asked = new Set<MediaQueryList>()

/** By how much the page is zoomed beyond what the engine tells in `devicePixelRatio`. */
export function setDensity(times: number): void {
  if (times === zoom) return
  zoom = times
  for (const list of [...asked]) list.dispatchEvent(new Event('change'))
}

/**
 * Has `devicePixelRatio` tell of the page's zoom too, as browsers do: WebKit tells of the screen alone, and what is drawn on
 * a canvas would be blurred. A question for a resolution hears of each change. Has to be evaluated before anything that
 * imports uPlot, which asks once.
 */
export function mendDensity(target: Told): void {
  const told = Object.getOwnPropertyDescriptor(target, 'devicePixelRatio')
  const fixed = target.devicePixelRatio
  const ofScreen = () => (told?.get ? Number(told.get.call(target)) : fixed)
  Object.defineProperty(target, 'devicePixelRatio', {
    get: () => ofScreen() * zoom,
    configurable: true,
  })
  const ask = target.matchMedia.bind(target)
  target.matchMedia = (query) => {
    if (!query.includes('dppx')) return ask(query)
    const [least, most] = [ofScreen() - NEAR, ofScreen() + NEAR]
    const list = ask(`(min-resolution: ${least}dppx) and (max-resolution: ${most}dppx)`)
    asked.add(list)
    list.addEventListener('change', () => asked.delete(list), { once: true })
    return list
  }
}

mendDensity(window)
