import { expect, it, vi } from 'vitest'
import { withinEdge } from './options'

vi.mock('uplot', () => ({ default: class {} }))

it('leaves out a time that the edge would cut, and no other', () => {
  const room = [200, 120, 26, 30]
  const words = ['14:03:00', '14:03:15', '14:03:30', '14:03']
  expect(withinEdge(words, (i) => room[i] ?? 0)).toEqual(['14:03:00', '14:03:15', '', '14:03'])
})
