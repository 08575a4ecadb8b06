import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Steady } from './tableRows.svelte'

describe('rows in use', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const rowsOf = (keys: string) => [...keys].map((key) => ({ key }))

  it('keep their places, and the backend is told which', () => {
    let list = $state.raw({ rows: rowsOf('abc'), offset: 0 })
    let steady!: Steady<{ key: string }>
    const end = $effect.root(() => {
      steady = new Steady(() => ({ ...list, asked: 'all' }))
    })
    const keys = () => steady.rows.map(({ key }) => key).join('')
    flushSync()
    expect(steady.held).toBeNull()

    steady.used('pointer')
    flushSync()
    expect(steady.held).toEqual({ offset: 0, keys: ['a', 'b', 'c'] })
    list = { rows: rowsOf('xcba'), offset: 0 }
    flushSync()
    expect(keys(), 'what came is after what was there').toBe('abcx')
    expect(steady.moved, 'which is said').toBe(true)
    list = { rows: rowsOf('yxcba'), offset: 0 }
    flushSync()
    expect(keys(), 'and keeps the place that it took').toBe('abcxy')
    list = { rows: rowsOf('xcba'), offset: 0 }
    flushSync()
    expect(keys()).toBe('abcx')

    list = { rows: rowsOf('yczx'), offset: 1 }
    flushSync()
    expect(keys(), 'scrolled on, where the places are the same').toBe('ycxz')
    expect(steady.held).toEqual({ offset: 1, keys: ['y', 'c', 'x', 'z'] })

    steady.used('focus')
    steady.left('pointer')
    flushSync()
    expect(steady.held, 'a key is on them').not.toBeNull()
    steady.left('focus')
    flushSync()
    expect([steady.held, steady.moved]).toEqual([null, false])
    end()
  })

  it('answer another question at once, and are let go by what rests on them', () => {
    let list = $state.raw({ rows: rowsOf('abc'), offset: 0 })
    let asked = $state('all')
    let steady!: Steady<{ key: string }>
    const end = $effect.root(() => {
      steady = new Steady(() => ({ ...list, asked }))
    })
    const keys = () => steady.rows.map(({ key }) => key).join('')
    flushSync()
    steady.used('pointer')
    flushSync()
    asked = 'some'
    expect(steady.held, 'what answered before is nothing to hold').toBeNull()
    list = { rows: rowsOf('ca'), offset: 0 }
    flushSync()
    steady.used('pointer')
    flushSync()
    expect([keys(), steady.held]).toEqual(['ca', null])
    vi.advanceTimersByTime(1_000)
    flushSync()
    expect(steady.held, 'the pointer is still on them').toEqual({ offset: 0, keys: ['c', 'a'] })
    vi.advanceTimersByTime(60_000)
    flushSync()
    expect(steady.held).toBeNull()
    end()
  })
})
