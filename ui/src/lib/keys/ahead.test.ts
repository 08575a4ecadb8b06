import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectField } from './ahead'
import { bindKeys } from './keys'

const press = (key: string, target: Element = document.body) =>
  target.dispatchEvent(
    new KeyboardEvent('keydown', {
      key,
      code: `Key${key.toUpperCase()}`,
      bubbles: true,
      cancelable: true,
    }),
  )

function open(inner: string): HTMLElement {
  const dialog = document.body.appendChild(document.createElement('div'))
  dialog.role = 'dialog'
  dialog.innerHTML = inner
  return dialog
}

const mute = vi.fn()
let unbind = () => {}
beforeEach(() => (unbind = bindKeys('everywhere', { mute })))
afterEach(() => {
  unbind()
  document.body.replaceChildren()
  mute.mockReset()
  vi.useRealTimers()
})

describe('what is typed while something opens', () => {
  it('is written into its field, and presses nothing of the page', async () => {
    expectField()
    for (const key of ['m', 'a', 'p']) press(key)
    const input = open('<input type="text">').querySelector('input')
    const oninput = vi.fn()
    input?.addEventListener('input', oninput)
    input?.focus()
    await Promise.resolve()
    expect(mute).not.toHaveBeenCalled()
    expect(input?.value).toBe('map')
    expect(oninput).toHaveBeenCalledOnce()
  })

  it('presses nothing of what opens without a field', async () => {
    expectField()
    press('m')
    open('<button>Yes</button>').querySelector('button')?.focus()
    await Promise.resolve()
    press('m')
    expect(mute).toHaveBeenCalledOnce()
  })

  it('is the page\u2019s again where nothing opens', () => {
    vi.useFakeTimers()
    expectField()
    press('m')
    expect(mute).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2000)
    press('m')
    expect(mute).toHaveBeenCalledOnce()
  })

  it('is given up with Escape, and where it is called off', () => {
    expectField()
    press('Escape')
    press('m')
    expectField()()
    press('m')
    expect(mute).toHaveBeenCalledTimes(2)
  })
})

it('leaves letters to a menu that is open and does not have the focus yet', () => {
  const menu = document.body.appendChild(document.createElement('div'))
  menu.role = 'menu'
  menu.dataset.state = 'open'
  press('m')
  expect(mute).not.toHaveBeenCalled()
  menu.dataset.state = 'closed'
  press('m')
  expect(mute).toHaveBeenCalledOnce()
})
