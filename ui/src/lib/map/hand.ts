import type { Point } from './projection'

/** A pointer that moved less far than this, in px, clicked. */
const CLICK = 4
/** A wheel leads a step nearer with so many px. */
const STEP = 320

/** What a hand does to a map. Places are in px of the map. */
export interface Hand {
  /** It was put down. */
  down: () => void
  /** It began to drag the map, or ended that. */
  dragging: (is: boolean) => void
  /** It dragged the map by so many px. */
  drag: (x: number, y: number) => void
  /** It is over the map; null as it leaves that, or is over what lies above. */
  over: (at: Point | null) => void
  click: (at: Point) => void
  /** It clicked twice, with Shift to go back. */
  double: (at: Point, back: boolean) => void
  /** It turned the wheel or pinched: so many steps nearer, from -1 to 1. */
  turn: (by: number, at: Point) => void
}

/** Tells what a hand does to a map, until what is answered is called. What lies over the map has its own clicks and scrolls. */
export function followHand(map: HTMLElement, hand: Hand): () => void {
  let pressed: Point | null = null
  let last: Point | null = null
  let dragging = false
  const ends = new AbortController()
  const on = <K extends keyof HTMLElementEventMap>(
    name: K,
    listener: (event: HTMLElementEventMap[K]) => void,
  ) => map.addEventListener(name, listener, { signal: ends.signal, passive: false })

  on('pointerdown', (event) => {
    if (event.button !== 0 || isOver(event)) return
    hand.down()
    pressed = last = pointOf(event)
    map.setPointerCapture(event.pointerId)
  })
  on('pointermove', (event) => {
    const at = pointOf(event)
    if (!pressed || !last) return hand.over(isOver(event) ? null : at)
    if (!dragging && Math.hypot(at.x - pressed.x, at.y - pressed.y) < CLICK) return
    if (!dragging) hand.dragging((dragging = true))
    hand.drag(at.x - last.x, at.y - last.y)
    last = at
  })
  on('pointerup', (event) => {
    if (pressed && !dragging) hand.click(pointOf(event))
    release()
  })
  on('pointercancel', release)
  on('pointerleave', () => hand.over(null))
  on('dblclick', (event) => {
    if (!isOver(event)) hand.double(pointOf(event), event.shiftKey)
  })
  on('wheel', (event) => {
    if (isOver(event)) return
    // The page must not scroll.
    event.preventDefault()
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1
    // A pinch comes as a wheel with Ctrl, in smaller steps.
    const by = (-event.deltaY * lines * (event.ctrlKey ? 4 : 1)) / STEP
    hand.turn(Math.min(1, Math.max(-1, by)), pointOf(event))
  })
  return () => ends.abort()

  function release() {
    pressed = last = null
    if (dragging) hand.dragging((dragging = false))
  }

  function pointOf(event: MouseEvent): Point {
    const box = map.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
}

function isOver(event: Event): boolean {
  return event.target instanceof Element && event.target.closest('[data-over-map]') !== null
}
