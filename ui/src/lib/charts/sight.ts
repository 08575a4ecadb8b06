/** Runs `enter` when the element comes in sight, and what it answered when it leaves. Answers what ends the watch. */
export function inSight(element: Element, enter: () => () => void): () => void {
  let leave: (() => void) | null = null
  const observer = new IntersectionObserver((entries) => {
    const entry = entries.at(-1)
    if (entry?.isIntersecting && !leave) leave = enter()
    else if (!entry?.isIntersecting && leave) {
      leave()
      leave = null
    }
  })
  observer.observe(element)
  return () => {
    observer.disconnect()
    leave?.()
  }
}
