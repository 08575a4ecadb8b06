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

it('brings back no title that was changed or taken away meanwhile', async () => {
  document.body.innerHTML = '<header title="the head"><a title="a link">x</a></header>'
  const [head, link] = document.querySelectorAll<HTMLElement>('[title]')
  if (!head || !link) throw new Error('not made')
  end = hushTitles()
  const menu = document.createElement('div')
  menu.innerHTML = '<div role="menu" data-state="open"></div>'
  document.body.append(menu)
  pointAt(link)
  expect([head.title, link.title]).toEqual(['', ''])
  head.title = 'another'
  link.removeAttribute('title')
  menu.remove()
  await settled()
  expect([head.title, link.getAttribute('title')]).toEqual(['another', null])
})
