import { describe, expect, it, vi } from 'vitest'
import { Crosshair, indexAt } from './crosshair'

/** A crosshair whose next frame comes when it is told to. */
function framed() {
  const waiting: (() => void)[] = []
  const crosshair = new Crosshair((callback) => waiting.push(callback))
  return { crosshair, frame: () => waiting.splice(0).forEach((callback) => callback()), waiting }
}

describe('the linked crosshair', () => {
  it('shows the last moment of a frame in the other charts, once', () => {
    const { crosshair, frame, waiting } = framed()
    const [a, b, c] = [Symbol('a'), Symbol('b'), Symbol('c')]
    const [inA, inB, inC] = [vi.fn(), vi.fn(), vi.fn()]
    crosshair.join(a, inA)
    crosshair.join(b, inB)
    crosshair.join(c, inC)
    crosshair.point(a, 1000)
    crosshair.point(a, 2000)
    crosshair.point(a, 3000)
    expect(waiting).toHaveLength(1)
    frame()
    expect(inA).not.toHaveBeenCalled()
    expect(inB.mock.calls).toEqual([[3000]])
    expect(inC.mock.calls).toEqual([[3000]])
    crosshair.point(a, 3000)
    expect(waiting).toHaveLength(0)
  })

  it('costs a chart that is out of sight nothing, and is shown when that comes in sight', () => {
    const { crosshair, frame } = framed()
    const [a, b] = [Symbol('a'), Symbol('b')]
    const inB = vi.fn()
    crosshair.join(b, inB)()
    crosshair.point(a, 1000)
    frame()
    expect(inB).not.toHaveBeenCalled()
    crosshair.join(b, inB)
    expect(inB.mock.calls).toEqual([[1000]])
  })

  it('is taken away only by the chart that showed it', () => {
    const { crosshair, frame } = framed()
    const [a, b] = [Symbol('a'), Symbol('b')]
    const inB = vi.fn()
    const leaveA = crosshair.join(a, vi.fn())
    crosshair.join(b, inB)
    crosshair.point(a, 1000)
    crosshair.point(b, null)
    expect(crosshair.at).toBe(1000)
    leaveA()
    frame()
    expect(crosshair.at).toBeNull()
    expect(inB.mock.calls).toEqual([[null]])
  })
})

describe('the sample of a moment', () => {
  const times = [0, 10, 20, 30]
  it.each([
    [4, 0, 0],
    [6, 1, 0],
    [19, 2, 1],
    [34, 3, 3],
  ])('at %s is the nearest, %s, and of bars the one it lies in, %s', (at, nearest, within) => {
    expect(indexAt(times, at, false)).toBe(nearest)
    expect(indexAt(times, at, true)).toBe(within)
  })

  it('is none beside the samples', () => {
    expect(indexAt(times, -11, false)).toBeNull()
    expect(indexAt(times, 41, false)).toBeNull()
    expect(indexAt([], 0, false)).toBeNull()
  })
})
