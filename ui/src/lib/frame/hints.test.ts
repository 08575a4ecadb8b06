import { fireEvent } from '@testing-library/svelte'
import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { showHints } from './hints'

let end = () => {}
beforeEach(() => {
  vi.useFakeTimers()
  end = showHints()
})
afterEach(() => {
  end()
  vi.useRealTimers()
  document.body.replaceChildren()
})

const hint = () => document.getElementById('hint')?.textContent ?? null
const soon = () => vi.advanceTimersByTime(500)

function page(html: string): HTMLElement[] {
  document.body.innerHTML = html
  return [...document.body.querySelectorAll<HTMLElement>('[data-at]')]
}

async function point(element: Element | undefined) {
  if (!element) throw new Error('not made')
  await fireEvent.pointerOver(element)
  soon()
}

/** A text that needs so many pixels and has so many. */
function sized(text: HTMLElement | undefined, needs: number, has: number) {
  Object.defineProperty(text, 'scrollWidth', { value: needs })
  Object.defineProperty(text, 'clientWidth', { value: has })
}

describe('a hint', () => {
  it('tells the title of what is pointed at after a moment, in place of the system', async () => {
    const [button, icon] = page(
      '<header title="the head"><button data-at title="opens"><i data-at></i></button></header>',
    )
    if (icon) await fireEvent.pointerOver(icon)
    expect(hint()).toBeNull()
    expect([button?.title, document.querySelector('header')?.title]).toEqual(['', ''])
    soon()
    expect(hint()).toBe('opens')
    expect(button?.getAttribute('aria-describedby')).toBe('hint')
    await point(document.body)
    expect(hint()).toBeNull()
    expect([button?.title, document.querySelector('header')?.title]).toEqual(['opens', 'the head'])
    expect(button?.hasAttribute('aria-describedby')).toBe(false)
  })

  it('leaves what only its title names its name, and takes up a title that changes', async () => {
    const [button] = page(
      '<main><h1>A</h1><button type="button" data-at title="3 open"></button></main>',
    )
    await point(button)
    expect(button?.getAttribute('aria-label')).toBe('3 open')
    vi.useRealTimers()
    const { violations } = await axe.run(document.body, { resultTypes: ['violations'] })
    expect(
      violations.map(({ id }) => id).filter((id) => id !== 'color-contrast' && id !== 'region'),
    ).toEqual([])
    vi.useFakeTimers()
    if (button) button.title = '4 open'
    await fireEvent.pointerMove(button ?? document)
    expect(button?.title).toBe('')
    await point(document.body)
    expect([button?.title, button?.hasAttribute('aria-label')]).toEqual(['4 open', false])
  })

  it('gives back no title that was taken away meanwhile', async () => {
    const [link] = page('<a data-at title="a link">x</a>')
    await point(link)
    link?.removeAttribute('title')
    vi.advanceTimersByTime(500)
    expect(hint()).toBeNull()
    await point(document.body)
    expect(link?.hasAttribute('title')).toBe(false)
  })

  it('goes with a press, a key, a scroll of what it is in, and with what it is of', async () => {
    const [list, row, other] = page(
      '<ul data-at><li data-at title="a row">x</li><li data-at title="another">y</li></ul>',
    )
    await point(row)
    await fireEvent.pointerDown(row ?? document)
    expect(hint()).toBeNull()
    await point(row)
    expect(hint(), 'it was pressed').toBeNull()
    await point(other)
    await fireEvent.keyDown(document.body, { key: 'Escape' })
    expect(hint()).toBeNull()
    await point(row)
    expect(hint()).toBe('a row')
    await fireEvent.scroll(list ?? document)
    expect(hint()).toBeNull()
    await point(other)
    expect(hint()).toBe('another')
    list?.remove()
    soon()
    expect(hint()).toBeNull()
  })

  it('is told of what is reached by keys as well, whose title stays', () => {
    const [button] = page('<button data-at title="opens">…</button>')
    button?.focus()
    soon()
    expect(hint()).toBe('opens')
    expect(button?.title).toBe('opens')
    button?.blur()
    expect(hint()).toBeNull()
  })

  it('is told of nothing that lies under an open menu, and of what is in it', async () => {
    const [button, entry] = page(
      '<button data-at title="opens">…</button><div role="menu" data-state="open"><i data-at title="an entry">y</i></div>',
    )
    await point(button)
    expect([hint(), button?.title]).toEqual([null, ''])
    await point(entry)
    expect(hint()).toBe('an entry')
  })
})

describe('a text that is cut', () => {
  it('is told whole where it is pointed at or reached, and not where it is seen whole', async () => {
    const [cut, whole, button, inner] = page(
      '<p class="truncate" data-at>front-door-lock-17</p><p class="truncate" data-at>short</p><button data-at><b class="truncate" data-at>a long name</b></button>',
    )
    sized(cut, 140, 80)
    sized(whole, 80, 80)
    sized(inner, 140, 80)
    await point(cut)
    expect([hint(), cut?.hasAttribute('title')]).toEqual(['front-door-lock-17', false])
    await point(whole)
    expect(hint()).toBeNull()
    button?.focus()
    soon()
    expect(hint()).toBe('a long name')
  })

  it('gives way to what somebody says about it', async () => {
    const [cut] = page(
      '<div title="of building 4"><p class="truncate" data-at>front-door-lock-17</p></div>',
    )
    sized(cut, 140, 80)
    await point(cut)
    expect(hint()).toBe('of building 4')
  })
})
