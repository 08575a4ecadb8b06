import { OPEN_LAYER } from '../keys/keys'

/**
 * Takes the tooltips away of what lies under a menu or a dialog while that is open: the system draws them above everything.
 * Answers what ends it.
 */
export function hushTitles(): () => void {
  const hushed = new Map<Element, string>()

  function hush(from: Element | null) {
    const titled = '[title]:not([title=""])'
    for (let at = from?.closest(titled); at; at = at.parentElement?.closest(titled)) {
      if (at.closest(OPEN_LAYER)) continue
      hushed.set(at, at.getAttribute('title') ?? '')
      at.setAttribute('title', '')
    }
  }

  function restore() {
    // What has another by now, or none, keeps that.
    for (const [element, title] of hushed)
      if (element.getAttribute('title') === '') element.setAttribute('title', title)
    hushed.clear()
  }

  const isOpen = () => document.querySelector(OPEN_LAYER) !== null
  let over: Element | null = null
  const onpointerover = (event: PointerEvent) => {
    over = event.target instanceof Element ? event.target : null
    if (isOpen()) hush(over)
    else if (hushed.size > 0) restore()
  }
  // What opens above the page is put at the end of the body, and taken away when it has closed.
  const watch = new MutationObserver(() => {
    if (isOpen()) hush(over)
    else restore()
  })
  watch.observe(document.body, { childList: true })
  document.addEventListener('pointerover', onpointerover, { capture: true })
  return () => {
    watch.disconnect()
    document.removeEventListener('pointerover', onpointerover, { capture: true })
    restore()
  }
}
