/** The time from the page's start until its first picture is painted: what that can do without waits. */
class Beginning {
  /** False for that time alone; where nobody begins, as in tests, nothing waits. */
  over = $state(true)
  #waiting: (() => void)[] = []

  begin(): void {
    this.over = false
  }

  end(): void {
    this.over = true
    this.#waiting.splice(0).forEach((act) => act())
  }

  /** Does something once it is over; at once if it is. */
  after(act: () => void): void {
    if (this.over) act()
    else this.#waiting.push(act)
  }
}

export const beginning = new Beginning()
