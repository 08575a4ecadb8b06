/** How long a field is waited for at most, in ms: then the keys are the page's again. */
const LONGEST = 1500
/** Letters that are kept at most. */
const MOST = 200

/** What is typed while something opens that has a field; null while nothing does. */
let waiting: { typed: string; entered: boolean; timer: ReturnType<typeof setTimeout> } | null = null

/**
 * Says that something with a field is about to open. From now on what is typed is meant for it: letters are kept until a field
 * has the focus, and written there, with the Enter that ends them. Answers what ends the waiting, where it does not open after all.
 */
export function expectField(): () => void {
  if (!waiting) {
    window.addEventListener('keydown', onkeydown, { capture: true })
    document.addEventListener('focusin', onfocusin, { capture: true })
  } else clearTimeout(waiting.timer)
  const { typed, entered } = waiting ?? { typed: '', entered: false }
  waiting = { typed, entered, timer: setTimeout(end, LONGEST) }
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
  // Where AltGr writes a letter, some systems say that Ctrl and Alt are held.
  const modified = (event.ctrlKey || event.altKey) && !event.getModifierState('AltGraph')
  if (!waiting || modified || event.metaKey || event.isComposing) return
  if (fieldOf(event.target)) return end()
  if (event.key === 'Escape') return end()
  const isTyped = event.key.length === 1 || event.key === 'Backspace' || event.key === 'Enter'
  if (!isTyped) return
  // What is held down is what opened it. All of it would press what had the focus before.
  if (!event.repeat) keep(waiting, event.key)
  event.preventDefault()
  event.stopImmediatePropagation()
}

function keep(ahead: NonNullable<typeof waiting>, key: string): void {
  if (ahead.entered) return
  if (key === 'Enter') ahead.entered = ahead.typed !== ''
  else if (key === 'Backspace') ahead.typed = ahead.typed.slice(0, -1)
  else ahead.typed = (ahead.typed + key).slice(0, MOST)
}

function onfocusin(event: FocusEvent): void {
  const opened =
    event.target instanceof Element &&
    event.target.closest('[role="dialog"], [role="alertdialog"]') !== null
  if (!waiting || !opened) return
  const { typed, entered } = waiting
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
    // It is answered where Enter chooses; a form is sent by a key that is pressed alone.
    if (entered)
      field.dispatchEvent(
        new KeyboardEvent('keydown', {
          key: 'Enter',
          code: 'Enter',
          bubbles: true,
          cancelable: true,
        }),
      )
  })
}
