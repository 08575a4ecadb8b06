import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Pointed } from './pointed'

const scroller = document.createElement('div')
const chart = document.createElement('div')
const line = document.createElement('i')
scroller.append(chart)
chart.append(line)
let pointed: Pointed
const gone = vi.fn(() => pointed.end())

beforeEach(() => {
  document.body.append(scroller)
  gone.mockClear()
  pointed = new Pointed(() => chart, gone)
  pointed.moved(new PointerEvent('pointermove', { clientX: 30, clientY: 40 }))
})
afterEach(() => {
  pointed.end()
  vi.restoreAllMocks()
})

/** Says what lies under the pointer. */
const under = (element: Element | null) =>
  vi.spyOn(document, 'elementFromPoint').mockReturnValue(element)

describe('an element under a pointer that rests', () => {
  it('is pointed at while something of it lies there, however it scrolls', () => {
    const asked = under(line)
    scroller.dispatchEvent(new Event('scroll'))
    expect(asked).toHaveBeenCalledWith(30, 40)
    expect([pointed.on, gone.mock.calls.length]).toEqual([true, 0])
  })

  it.each([
    ['something else', scroller],
    ['nothing', null],
  ])('is left when %s scrolls there, once', (_, element) => {
    under(element)
    scroller.dispatchEvent(new Event('scroll'))
    scroller.dispatchEvent(new Event('scroll'))
    expect([pointed.on, gone.mock.calls.length]).toEqual([false, 1])
  })

  it('is left when it gave way without a scroll', () => {
    under(scroller)
    pointed.check()
    expect(pointed.on).toBe(false)
  })

  it.each([
    ['the window', () => window.dispatchEvent(new Event('blur'))],
    ['the page', () => document.documentElement.dispatchEvent(new Event('pointerleave'))],
  ])('is left when %s is', (_, leave) => {
    leave()
    expect([pointed.on, gone.mock.calls.length]).toEqual([false, 1])
  })
})
