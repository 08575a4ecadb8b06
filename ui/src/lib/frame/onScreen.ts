import type { Destination } from './destinations'

/** A screen has few; what a list has of its own is reached in the list. */
const MOST = 40

/** What can be pressed at the head of the screen in sight and of its parts, by the names that a screen reader says. */
export function pressable(root: ParentNode = document): Destination[] {
  const found = root.querySelectorAll<HTMLElement>(
    'main header button:not(:disabled), main header a[href], main [data-command]:not(:disabled)',
  )
  const offered = new Map<string, Destination>()
  for (const element of found) {
    const label = nameOf(element)
    const inTable = element.closest('[role="grid"], [role="treegrid"], dialog, [role="dialog"]')
    if (label === '' || inTable || offered.has(label) || offered.size >= MOST) continue
    const run = () => {
      element.focus()
      element.click()
    }
    offered.set(label, { key: `press ${label}`, group: 'On this screen', label, to: { run } })
  }
  return [...offered.values()]
}

function nameOf(element: HTMLElement): string {
  const own = (element.getAttribute('aria-label') ?? element.textContent)
    .trim()
    .replace(/\s+/g, ' ')
  // "Table" alone says little: "Shown as: Table" says what it does.
  const group = element.closest('[role="radiogroup"], [role="group"], [role="tablist"]')
  const of = group?.getAttribute('aria-label')
  return of && own ? `${of}: ${own}` : own
}
