import { afterEach, expect, it } from 'vitest'
import { hushTitles } from './titles'

let end = () => {}
afterEach(() => {
  end()
  document.body.replaceChildren()
})

const settled = () => new Promise((resolve) => setTimeout(resolve))

function pointAt(element: Element) {
  element.dispatchEvent(new Event('pointerover', { bubbles: true }))
}

it('says nothing of what lies under an open menu, and says it again once that is closed', async () => {
  document.body.innerHTML =
    '<header title="the head"><button title="opens">…</button></header><a title="a link">x</a>'
  const [head, button, link] = document.querySelectorAll<HTMLElement>('[title]')
  if (!head || !button || !link) throw new Error('not made')
  end = hushTitles()
  pointAt(button)
  expect(button.title).toBe('opens')
  const menu = document.createElement('div')
  menu.innerHTML = '<div role="menu" data-state="open"><i title="an entry">y</i></div>'
  document.body.append(menu)
  await settled()
  expect([button.title, head.title]).toEqual(['', ''])
  pointAt(link)
  expect(link.title).toBe('')
  const entry = menu.querySelector('i')
  if (entry) pointAt(entry)
  expect(entry?.title).toBe('an entry')
  menu.remove()
  await settled()
  expect([head.title, button.title, link.title]).toEqual(['the head', 'opens', 'a link'])
})
