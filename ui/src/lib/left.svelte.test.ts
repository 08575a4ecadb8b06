import { beforeEach, describe, expect, it } from 'vitest'
import { left, stays } from './left.svelte'

let ends: (() => void)[] = []
beforeEach(() => {
  ends.forEach((end) => end())
  ends = []
  document.body.replaceChildren()
  left.name(`start ${Math.random()}`)
})

/** A list that is kept, as it is made in the place in sight. */
function list(keys: readonly string[]): HTMLElement {
  document.body.innerHTML = '<main id="content" tabindex="-1"><div></div></main>'
  const element = document.querySelector<HTMLElement>('main > div') as HTMLElement
  add(element, keys)
  const end = stays('list')(element)
  if (end) ends.push(end)
  return element
}

function add(element: HTMLElement, keys: readonly string[]) {
  for (const key of keys) {
    const button = document.createElement('button')
    button.dataset.key = key
    element.append(button)
  }
}
const rowOf = (element: HTMLElement, key: string) =>
  element.querySelector<HTMLElement>(`[data-key="${key}"]`)
const settled = () => new Promise((done) => setTimeout(done))

describe('a place that was left', () => {
  it('tells each part how it stood, and only there', () => {
    left.name('a')
    left.keep('x', () => 1)
    left.go('b')
    expect(left.was('x')).toBeUndefined()
    left.keep('x', () => 2)
    left.go('a')
    expect(left.was('x')).toBe(1)
    left.go('b')
    expect(left.was('x')).toBe(2)
  })

  it('forgets what was not in sight when it was left the last time', () => {
    left.name('a')
    const end = left.keep('x', () => 1)
    end()
    left.go('b')
    left.go('a')
    expect(left.was('x')).toBeUndefined()
  })

  it('is forgotten when many were left since', () => {
    left.name('first')
    left.keep('x', () => 1)
    for (let i = 0; i < 60; i++) left.go(`place ${i}`)
    left.go('first')
    expect(left.was('x')).toBeUndefined()
  })
})

describe('a list that stays', () => {
  it('is found as far scrolled, with the keys on the same row, wherever it is by now', () => {
    left.name('a')
    const before = list(['one', 'two', 'three'])
    before.scrollTop = 120
    rowOf(before, 'two')?.focus()
    left.go('b')
    left.go('a')
    const after = list(['two', 'zero', 'one', 'three'])
    expect(after.scrollTop).toBe(120)
    expect(document.activeElement).toBe(rowOf(after, 'two'))
  })

  it('waits for its row', async () => {
    left.name('a')
    rowOf(list(['one', 'two']), 'two')?.focus()
    left.go('b')
    left.go('a')
    const after = list([])
    expect(document.activeElement).toBe(document.body)
    add(after, ['one', 'two'])
    await settled()
    expect(document.activeElement).toBe(rowOf(after, 'two'))
  })

  it('leaves the keys alone once a hand came first, and where something else has them', async () => {
    left.name('a')
    rowOf(list(['one']), 'one')?.focus()
    left.go('b')
    left.go('a')
    const after = list([])
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab' }))
    add(after, ['one'])
    await settled()
    expect(document.activeElement).toBe(document.body)

    left.go('c')
    left.name('a')
    const again = list([])
    const field = document.body.appendChild(document.createElement('input'))
    field.focus()
    add(again, ['one'])
    await settled()
    expect(document.activeElement).toBe(field)
  })

  it('knows the row that was pressed where a press gives no focus', () => {
    left.name('a')
    rowOf(list(['one', 'two']), 'two')?.click()
    expect(document.activeElement).toBe(document.body)
    left.go('b')
    left.go('a')
    const after = list(['one', 'two'])
    expect(document.activeElement).toBe(rowOf(after, 'two'))
  })

  it('has no row to go to where that is gone', () => {
    left.name('a')
    rowOf(list(['one', 'two']), 'two')?.focus()
    left.go('b')
    left.go('a')
    list(['one'])
    expect(document.activeElement).toBe(document.body)
  })
})
