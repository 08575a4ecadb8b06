/**
 * Tells a text that is cut whole, while the pointer is on it; of one that is seen whole nothing is said twice. Answers
 * what ends it.
 */
export function tellCut(): () => void {
  let told: HTMLElement | null = null
  const onpointerover = (event: PointerEvent) => {
    const over = event.target instanceof Element ? event.target : null
    const text = over?.closest<HTMLElement>('.truncate') ?? null
    if (text === told) return
    told?.removeAttribute('title')
    told = null
    // Somebody has more to say about it than what is written.
    if (!text || text.closest('[title]') || text.scrollWidth <= text.clientWidth) return
    told = text
    text.title = text.textContent.trim()
  }
  document.addEventListener('pointerover', onpointerover)
  return () => {
    document.removeEventListener('pointerover', onpointerover)
    told?.removeAttribute('title')
  }
}
