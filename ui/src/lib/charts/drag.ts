/** Shorter than this it was a click, in px. */
const CLICK = 6

/**
 * Follows a pointer that was pressed over an element, wherever it goes, until it is released. Places are in px of the
 * element. `done` is told nulls where nothing was dragged, or it was given up.
 */
export function followDrag(
  down: PointerEvent,
  over: HTMLElement,
  drawn: (from: number, to: number) => void,
  done: (from: number | null, to: number | null) => void,
): void {
  const place = (event: PointerEvent) => {
    const box = over.getBoundingClientRect()
    return Math.max(0, Math.min(box.width, event.clientX - box.left))
  }
  const from = place(down)
  const onmove = (event: PointerEvent) => {
    if (Math.abs(place(event) - from) >= CLICK) drawn(from, place(event))
  }
  const onup = (event: PointerEvent) => {
    const to = place(event)
    end(Math.abs(to - from) >= CLICK ? [Math.min(from, to), Math.max(from, to)] : [null, null])
  }
  const oncancel = () => end([null, null])
  const onkey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    oncancel()
  }
  function end([a, b]: [number | null, number | null]) {
    removeEventListener('pointermove', onmove)
    removeEventListener('pointerup', onup)
    removeEventListener('pointercancel', oncancel)
    removeEventListener('keydown', onkey, true)
    done(a, b)
  }
  addEventListener('pointermove', onmove)
  addEventListener('pointerup', onup)
  addEventListener('pointercancel', oncancel)
  // Given up with the key that gives things up, before anything else hears of it.
  addEventListener('keydown', onkey, true)
}
