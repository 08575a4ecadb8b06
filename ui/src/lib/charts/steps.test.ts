import { expect, it } from 'vitest'
import { isStep, stepped } from './steps'

it('leads from sample to sample, and no further than there are', () => {
  expect(stepped('back', 5, 100, false)).toBe(4)
  expect(stepped('on', 5, 100, false)).toBe(6)
  expect(stepped('on', 99, 100, false)).toBe(99)
  expect(stepped('back', 0, 100, false)).toBe(0)
  expect([stepped('first', 50, 100, false), stepped('last', 50, 100, false)]).toEqual([0, 99])
})

it('begins at the last where none is pointed at', () => {
  expect(stepped('back', null, 100, false)).toBe(99)
  expect(stepped('on', null, 100, false)).toBe(99)
})

it('goes a twentieth at once with Shift, and two at least', () => {
  expect(stepped('back', 50, 100, true)).toBe(45)
  expect(stepped('on', 5, 10, true)).toBe(7)
})

it('is no other key of a chart', () => {
  expect(isStep('mark')).toBe(false)
  expect(isStep('first')).toBe(true)
})
