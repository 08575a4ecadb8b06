/** How long a field is waited for at most, in ms: then the keys are the page's again. */
const LONGEST = 1500
/** Letters that are kept at most. */
const MOST = 200

/** What is typed while something opens that has a field; null while nothing does. */
let waiting: { typed: string; timer: ReturnType<typeof setTimeout> } | null = null

/**
 * Says that something with a field is about to open. From now on what is typed is meant for it: letters are kept until a field
 * has the focus, and written there. Answers what ends the waiting, where it does not open after all.
 */
export function expectField(): () => void {
  if (!waiting) {
    window.addEventListener('keydown', onkeydown, { capture: true })
    document.addEventListener('focusin', onfocusin, { capture: true })
  } else clearTimeout(waiting.timer)
  waiting = { typed: waiting?.typed ?? '', timer: setTimeout(end, LONGEST) }
  return end
}

function end(): void {
  if (!waiting) return
  clearTimeout(waiting.timer)
  waiting = null
  window.removeEventListener('keydown', onkeydown, { capture: true })
  document.removeEventListener('focusin', onfocusin, { capture: true })
}

/** A field that is typed in, in what opened. */
function fieldOf(target: EventTarget | null): HTMLInputElement | HTMLTextAreaElement | null {
  const isField =
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement &&
      ['text', 'search', 'password', 'url'].includes(target.type))
  return isField && target.closest('[role="dialog"], [role="alertdialog"]') ? target : null
}

function onkeydown(event: KeyboardEvent): void {
  if (!waiting || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (fieldOf(event.target)) return end()
  if (event.key === 'Escape') return end()
  if (event.key === 'Backspace') waiting.typed = waiting.typed.slice(0, -1)
  else if (event.key.length === 1) waiting.typed = (waiting.typed + event.key).slice(0, MOST)
  // It would press what had the focus before.
  else if (event.key !== 'Enter') return
  event.preventDefault()
  event.stopImmediatePropagation()
}

function onfocusin(event: FocusEvent): void {
  const opened =
    event.target instanceof Element &&
    event.target.closest('[role="dialog"], [role="alertdialog"]') !== null
  if (!waiting || !opened) return
  const { typed } = waiting
  const field = fieldOf(event.target)
  end()
  // What opened begins with something else than a field: letters would press what they do not mean.
  if (!field || typed === '') return
  // After what the focus itself does, which may be to choose all of what is there.
  queueMicrotask(() => {
    field.setRangeText(typed, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end')
    field.dispatchEvent(
      new InputEvent('input', { bubbles: true, data: typed, inputType: 'insertText' }),
    )
  })
}
