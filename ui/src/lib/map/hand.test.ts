import { fireEvent } from '@testing-library/svelte'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { followHand, type Hand } from './hand'

const map = document.createElement('div')
const card = document.createElement('p')
card.setAttribute('data-over-map', '')
map.append(card)
// It lies 100 px to the right and 50 px down.
map.getBoundingClientRect = () => new DOMRect(100, 50, 800, 600)
map.setPointerCapture = () => {}

let told: unknown[][] = []
let end: () => void
const tell =
  (name: keyof Hand) =>
  (...what: unknown[]) =>
    void told.push([name, ...what])

beforeEach(() => {
  document.body.append(map)
  told = []
  end = followHand(map, {
    down: tell('down'),
    dragging: tell('dragging'),
    drag: tell('drag'),
    over: tell('over'),
    click: tell('click'),
    double: tell('double'),
    turn: tell('turn'),
  })
})
afterEach(() => end())

const pointer = (name: 'Down' | 'Move' | 'Up', x: number, y: number, on: Element = map) =>
  fireEvent[`pointer${name}`](on, { clientX: 100 + x, clientY: 50 + y, button: 0, pointerId: 1 })

it('points, in px of the map, and no longer where something lies over it', async () => {
  await pointer('Move', 10, 20)
  await pointer('Move', 12, 20, card)
  await fireEvent.pointerLeave(map)
  expect(told).toEqual([
    ['over', { x: 10, y: 20 }],
    ['over', null],
    ['over', null],
  ])
})

it('clicks where it hardly moved between down and up', async () => {
  await pointer('Down', 10, 20)
  await pointer('Move', 12, 22)
  await pointer('Up', 12, 22)
  expect(told).toEqual([['down'], ['click', { x: 12, y: 22 }]])
})

it('drags, from where it was put down, and clicks nothing with that', async () => {
  await pointer('Down', 10, 20)
  await pointer('Move', 12, 20)
  await pointer('Move', 40, 25)
  await pointer('Move', 41, 25)
  await pointer('Up', 41, 25)
  expect(told).toEqual([
    ['down'],
    ['dragging', true],
    ['drag', 30, 5],
    ['drag', 1, 0],
    ['dragging', false],
  ])
  told = []
  await pointer('Move', 50, 25)
  expect(told, 'it only points from then on').toEqual([['over', { x: 50, y: 25 }]])
})

it('gives up a drag that is taken from it', async () => {
  await pointer('Down', 10, 20)
  await pointer('Move', 40, 20)
  await fireEvent.pointerCancel(map)
  await pointer('Up', 40, 20)
  expect(told.slice(2)).toEqual([
    ['drag', 30, 0],
    ['dragging', false],
  ])
})

it('takes hold with its first button, and of the map alone', async () => {
  await fireEvent.pointerDown(map, { button: 2 })
  await pointer('Down', 10, 20, card)
  await fireEvent.dblClick(card)
  await fireEvent.wheel(card, { deltaY: 100 })
  expect(told).toEqual([])
})

it('goes nearer and back by two clicks and by the wheel, which scrolls nothing else', async () => {
  await fireEvent.dblClick(map, { clientX: 110, clientY: 70 })
  await fireEvent.dblClick(map, { clientX: 110, clientY: 70, shiftKey: true })
  // Events of a wheel know no place in jsdom.
  const wheel = (more: WheelEventInit) =>
    fireEvent(
      map,
      Object.assign(new WheelEvent('wheel', { cancelable: true, ...more }), {
        clientX: 110,
        clientY: 70,
      }),
    )
  expect(await wheel({ deltaY: -160 }), 'the page is not told').toBe(false)
  await wheel({ deltaY: 5000 })
  await wheel({ deltaY: 8, deltaMode: WheelEvent.DOM_DELTA_LINE })
  const at = { x: 10, y: 20 }
  expect(told).toEqual([
    ['double', at, false],
    ['double', at, true],
    ['turn', 0.5, at],
    ['turn', -1, at],
    ['turn', -0.45, at],
  ])
})

it('is followed no longer than is asked for', async () => {
  end()
  await pointer('Down', 10, 20)
  await pointer('Move', 40, 20)
  expect(told).toEqual([])
})
