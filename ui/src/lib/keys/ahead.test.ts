import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectField } from './ahead'
import { bindKeys } from './keys'

const press = (key: string, more: KeyboardEventInit = {}) => {
  const code = key.length === 1 ? `Key${key.toUpperCase()}` : key
  const event = new KeyboardEvent('keydown', {
    key,
    code,
    bubbles: true,
    cancelable: true,
    ...more,
  })
  const state = event.getModifierState.bind(event)
  event.getModifierState = (name) =>
    name === 'AltGraph' ? more.modifierAltGraph === true : state(name)
  return document.body.dispatchEvent(event)
}

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

  it('is none of the key that is held down, and also what AltGr writes', async () => {
    expectField()
    for (let i = 0; i < 3; i++) expect(press(' ', { repeat: true })).toBe(false)
    press('m', { repeat: true })
    press('@', { ctrlKey: true, altKey: true, modifierAltGraph: true })
    press('m', { ctrlKey: true })
    const input = open('<input type="password">').querySelector('input')
    input?.focus()
    await Promise.resolve()
    expect(input?.value).toBe('@')
    expect(mute).not.toHaveBeenCalled()
  })

  it('is ended with Enter, which is pressed in the field', async () => {
    expectField()
    for (const key of ['Enter', 'm', 'a', 'Enter', 'p']) press(key)
    const input = open('<input type="text">').querySelector('input')
    const entered = vi.fn()
    input?.addEventListener('keydown', ({ key }) => entered(key, input.value))
    input?.focus()
    await Promise.resolve()
    expect(input?.value).toBe('ma')
    expect(entered.mock.calls).toEqual([['Enter', 'ma']])
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
