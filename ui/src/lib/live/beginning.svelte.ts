/** The time from the page's start until its first picture is painted: what that can do without waits. */
class Beginning {
  /** False for that time alone; where nobody begins, as in tests, nothing waits. */
  over = $state(true)
}

export const beginning = new Beginning()
