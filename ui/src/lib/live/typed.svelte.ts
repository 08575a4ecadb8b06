/** A text that others see only after the typing has paused: a filter is asked for once and not at each key. */
export class Typed {
  text = $state('')
  settled = $state('')
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(text = '', pause = 120) {
    this.text = this.settled = text
    let begun = false
    $effect(() => {
      const next = this.text.trim()
      // What it was given while its screen was made, nobody types.
      if (!begun) {
        begun = true
        this.settled = next
        return
      }
      if (this.#timer !== null) clearTimeout(this.#timer)
      this.#timer = setTimeout(() => (this.settled = next), next === '' ? 0 : pause)
    })
  }
}
