/** Whether nobody would miss the focus where it is: nothing of a screen has it. */
export function focusIsFree(): boolean {
  return isLost() || document.activeElement === screen() || isLeftBehind()
}

/** The part of the page that a screen fills, which takes the focus itself. */
export function screen(): HTMLElement | null {
  return document.getElementById('content')
}

export function isLost(): boolean {
  const { activeElement } = document
  return activeElement === null || activeElement === document.body
}

/** Whether the keys stand in the top bar, as after a menu of it. */
export function isLeftBehind(): boolean {
  return document.activeElement?.closest('[data-testid="topbar"]') !== null
}
