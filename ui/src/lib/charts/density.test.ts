import { afterEach, describe, expect, it } from 'vitest'
import { mendDensity, setDensity } from './density'

afterEach(() => setDensity(1))

function screenOf(ratio: number) {
  const queries: string[] = []
  const told = {
    devicePixelRatio: ratio,
    matchMedia: (query: string) => {
      queries.push(query)
      return new EventTarget() as MediaQueryList
    },
  }
  mendDensity(told)
  return { told, queries }
}

describe('the density of the screen', () => {
  it('is told with the zoom of the page in it', () => {
    const { told } = screenOf(2)
    expect(told.devicePixelRatio).toBe(2)
    setDensity(1.5)
    expect(told.devicePixelRatio).toBe(3)
  })

  it('tells who asked for it of each change, and asks the screen for its own', () => {
    const { told, queries } = screenOf(1)
    const heard: number[] = []
    const follow = () =>
      told.matchMedia(`(resolution: ${told.devicePixelRatio}dppx)`).addEventListener(
        'change',
        () => {
          heard.push(told.devicePixelRatio)
          follow()
        },
        { once: true },
      )
    follow()
    for (const times of [1.25, 1.25, 2, 1]) setDensity(times)
    expect(heard).toEqual([1.25, 2, 1])
    expect(new Set(queries)).toEqual(
      new Set(['(min-resolution: 0.999dppx) and (max-resolution: 1.001dppx)']),
    )
  })

  it('leaves other questions as they are', () => {
    const { told, queries } = screenOf(1)
    told.matchMedia('(prefers-contrast: more)')
    expect(queries).toEqual(['(prefers-contrast: more)'])
  })
})
