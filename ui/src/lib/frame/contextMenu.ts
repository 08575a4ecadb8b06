/**
 * Leaves the engine's own menu to what is typed in and to text that is marked, where it copies and pastes: elsewhere it
 * offers to reload and to go back, which a window does not. Answers what ends it.
 */
export function tameContextMenu(): () => void {
  const oncontextmenu = (event: MouseEvent) => {
    const typed =
      event.target instanceof Element &&
      event.target.closest('input, textarea, [contenteditable="true"]') !== null
    const marked = getSelection()?.isCollapsed === false
    if (!typed && !marked) event.preventDefault()
  }
  window.addEventListener('contextmenu', oncontextmenu)
  return () => window.removeEventListener('contextmenu', oncontextmenu)
}
