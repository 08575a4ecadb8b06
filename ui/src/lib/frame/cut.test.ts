import { fireEvent } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tellCut } from './cut'

/** A text that needs so many pixels and has so many. */
function text(needs: number, has: number, title?: string): HTMLElement {
  const made = document.createElement('span')
  made.className = 'truncate'
  made.textContent = 'front-door-lock-17'
  if (title) made.title = title
  Object.defineProperty(made, 'scrollWidth', { value: needs })
  Object.defineProperty(made, 'clientWidth', { value: has })
  document.body.append(made)
  return made
}

describe('a text that is cut', () => {
  let end = () => {}
  beforeEach(() => (end = tellCut()))
  afterEach(() => {
    end()
    document.body.replaceChildren()
  })

  it('is told whole under the pointer, and no longer', async () => {
    const cut = text(140, 80)
    await fireEvent.pointerOver(cut)
    expect(cut.title).toBe('front-door-lock-17')
    await fireEvent.pointerOver(document.body)
    expect(cut.hasAttribute('title')).toBe(false)
  })

  it('is not told where it is seen whole, or where more is said of it', async () => {
    const whole = text(80, 80)
    await fireEvent.pointerOver(whole)
    expect(whole.hasAttribute('title')).toBe(false)
    const said = text(140, 80, 'of building 4')
    await fireEvent.pointerOver(said)
    await fireEvent.pointerOver(document.body)
    expect(said.title).toBe('of building 4')
  })
})
