const ID = 'hint'
/** How far it is from what it is of, and from the edges of the window, in px. */
const GAP = 6
/** Of what is larger than this, in px, it stands at the pointer. */
const LARGE = { width: 240, height: 48 }
/** The pointer's own size, in px. */
const POINTER = 18
/** A longer text is cut. */
const LONGEST = 1200

/** What a hint is written in: one for the page, that lies above everything and is never pointed at itself. */
export class HintBox {
  #box: HTMLElement | null = null
  #of: Element | null = null

  /** Shows a text below an element, or above it where there is no room; at the pointer where the element is large. */
  show(element: Element, text: string, pointer: { x: number; y: number } | null): void {
    this.#box ??= made()
    document.body.append(this.#box)
    this.write(text)
    this.#of = element
    describe(element, true)
    place(this.#box, element.getBoundingClientRect(), pointer)
  }

  write(text: string): void {
    const written = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
    if (this.#box && this.#box.textContent !== written) this.#box.textContent = written
  }

  hide(): void {
    if (this.#of) describe(this.#of, false)
    this.#of = null
    this.#box?.remove()
  }

  remove(): void {
    this.hide()
    this.#box = null
  }
}

function made(): HTMLElement {
  const box = document.createElement('div')
  box.id = ID
  box.className = 'tooltip'
  box.role = 'tooltip'
  return box
}

/** Names it, or no longer, among what describes an element to who listens. */
function describe(element: Element, shown: boolean): void {
  const others = (element.getAttribute('aria-describedby') ?? '')
    .split(/\s+/)
    .filter((id) => id && id !== ID)
  const ids = shown ? [...others, ID] : others
  if (ids.length > 0) element.setAttribute('aria-describedby', ids.join(' '))
  else element.removeAttribute('aria-describedby')
}

function place(box: HTMLElement, of: DOMRect, pointer: { x: number; y: number } | null): void {
  const { width, height } = box.getBoundingClientRect()
  const [right, bottom] = [innerWidth - width - GAP, innerHeight - height - GAP]
  const isWide = pointer && of.width > LARGE.width
  const isTall = pointer && of.height > LARGE.height
  const left = isWide ? pointer.x - POINTER / 2 : of.left + (of.width - width) / 2
  const below = isTall ? pointer.y + POINTER : of.bottom + GAP
  const above = (isTall ? pointer.y : of.top) - GAP - height
  const top = below <= bottom ? below : above
  box.style.left = `${Math.round(Math.max(GAP, Math.min(left, right)))}px`
  box.style.top = `${Math.round(Math.max(GAP, Math.min(top, bottom)))}px`
}
