import { OPEN_LAYER } from '../keys/keys'
import { HintBox } from './hintBox'
import { Titles } from './hintTitles'

/** How long something is pointed at before its hint is shown, in ms. */
const DELAY = 400
/** The same right after another was shown, and for how long that is. */
const DELAY_NEXT = 60
const NEXT = 400
/** How often it is looked whether what a hint is of is still there and says the same, in ms. */
const LOOK = 250
/** Keys that are held for another, and change nothing by themselves. */
const HELD = new Set(['Shift', 'Control', 'Alt', 'Meta'])

/** What has a hint where it is reached by keys. */
const REACHED = '[title], .truncate, a, button, [role="option"], [role^="menuitem"]'

/** What leads to a hint: the pointer, at a place, or keys. */
type By = { x: number; y: number } | null

/**
 * Shows the `title` of what is pointed at, or was reached by keys, in the page's own look instead of the system's, and of a
 * text that is cut the whole of it. Nothing else is done for it: an element has its title, as ever. What lies under an open
 * menu or dialog tells nothing. Answers what ends it.
 */
export function showHints(): () => void {
  const box = new HintBox()
  const titles = new Titles()
  /** What is pointed at, or has the keys. */
  let on: { element: Element; by: By } | null = null
  /** What is pointed at and was pressed: it tells nothing until it is pointed at anew. */
  let spent: Element | null = null
  let shown = false
  let hiddenAt = -Infinity
  let waits: ReturnType<typeof setTimeout> | undefined
  let looks: ReturnType<typeof setInterval> | undefined

  function begin(element: Element, by: By) {
    if (on?.element === element) return
    end()
    on = { element, by }
    waits = setTimeout(show, performance.now() - hiddenAt < NEXT ? DELAY_NEXT : DELAY)
  }

  function show() {
    if (!on) return
    const text = textOf(on.element)
    if (text === '') return
    box.show(on.element, text, on.by)
    shown = true
    looks = setInterval(look, LOOK)
  }

  /** A list that streams puts another row under the pointer, or takes away what was there. */
  function look() {
    const text = on?.element.isConnected ? textOf(on.element) : ''
    if (text === '' || !on) return end()
    if (on.by) titles.hush(on.element)
    box.write(text)
  }

  function end() {
    clearTimeout(waits)
    clearInterval(looks)
    if (shown) {
      box.hide()
      hiddenAt = performance.now()
    }
    shown = false
    on = null
  }

  function textOf(element: Element): string {
    if (document.querySelector(OPEN_LAYER) && !element.closest(OPEN_LAYER)) return ''
    return (titles.of(element) || cutOf(element)).trim()
  }

  const onpoint = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return
    // Something is marked, drawn or dragged.
    if (event.buttons > 0) return end()
    const over = event.target instanceof Element ? event.target : null
    titles.hush(over)
    // Who says more about it than what is written there comes first.
    const told = over?.closest(Titles.SAID) ?? over?.closest('.truncate') ?? null
    if (told && told === spent) return
    spent = null
    if (told) {
      if (on?.element === told && on.by && !shown) on.by = { x: event.clientX, y: event.clientY }
      begin(told, { x: event.clientX, y: event.clientY })
    } else if (on?.by) end()
  }
  const onfocus = ({ target }: FocusEvent) => {
    if (target instanceof Element && target.matches(REACHED) && target.matches(':focus-visible'))
      begin(target, null)
  }
  const onblur = () => on && !on.by && end()
  /** What was pressed has said what it does. */
  const onpress = () => {
    spent = on?.by ? on.element : null
    end()
  }
  const onkey = ({ key }: KeyboardEvent) => !HELD.has(key) && onpress()
  const onscroll = ({ target }: Event) =>
    shown && on && target instanceof Node && target.contains(on.element) && end()
  const onleave = () => {
    titles.hush(null)
    spent = null
    end()
  }

  const heard: [keyof DocumentEventMap, (event: never) => void][] = [
    ['pointerover', onpoint],
    ['pointermove', onpoint],
    ['pointerdown', onpress],
    ['focusin', onfocus],
    ['focusout', onblur],
    ['keydown', onkey],
    ['scroll', onscroll],
  ]
  for (const [type, listener] of heard)
    document.addEventListener(type, listener as EventListener, { capture: true })
  document.documentElement.addEventListener('pointerleave', onleave)
  return () => {
    for (const [type, listener] of heard)
      document.removeEventListener(type, listener as EventListener, { capture: true })
    document.documentElement.removeEventListener('pointerleave', onleave)
    onleave()
    box.remove()
  }
}

/** The texts that are cut in an element, or its own: what is seen whole is not said twice. */
function cutOf(element: Element): string {
  const texts = [element, ...element.querySelectorAll('.truncate')]
    .filter((one) => one.classList.contains('truncate') && one.scrollWidth > one.clientWidth)
    .map((one) => one.textContent.trim())
  return [...new Set(texts)].slice(0, 4).join('\n')
}
