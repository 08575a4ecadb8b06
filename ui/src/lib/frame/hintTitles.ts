/**
 * The titles of what is pointed at. The system would show them in its own look, above everything: while the pointer is on
 * an element its title is held here.
 */
export class Titles {
  /** What has a title, held or not. */
  static readonly SAID = '[title]'

  readonly #held = new Map<Element, { title: string; named: boolean }>()

  /** What an element's title says, held or not. */
  of(element: Element): string {
    const title = element.getAttribute('title')
    return title === '' ? (this.#held.get(element)?.title ?? '') : (title ?? '')
  }

  /** Holds the titles of all that something lies in, and gives back those of all else. */
  hush(from: Element | null): void {
    for (const element of [...this.#held.keys()])
      if (!from || !element.contains(from)) this.#giveBack(element)
    for (let at = from?.closest(Titles.SAID); at; at = at.parentElement?.closest(Titles.SAID)) {
      const title = at.getAttribute('title')
      // One that was made anew meanwhile takes the place of the held one.
      if (title) this.#hold(at, title)
    }
  }

  #hold(element: Element, title: string): void {
    const held = this.#held.get(element)
    // The title may be all that names it to who listens.
    const named =
      held?.named ?? (!element.hasAttribute('aria-label') && element.textContent.trim() === '')
    if (named) element.setAttribute('aria-label', title)
    this.#held.set(element, { title, named })
    element.setAttribute('title', '')
  }

  #giveBack(element: Element): void {
    const held = this.#held.get(element)
    this.#held.delete(element)
    if (held?.named) element.removeAttribute('aria-label')
    // What has another by now, or none, keeps that.
    if (held && element.getAttribute('title') === '') element.setAttribute('title', held.title)
  }
}
