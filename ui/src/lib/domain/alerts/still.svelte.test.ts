import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AlertGroup, AlertRow } from '../../backend/types'
import { flatLayout, groupedLayout } from './listing'
import { Still } from './still.svelte'

const row = (key: string, state = 'firing') => ({ key, state }) as AlertRow
const listed = (...rows: AlertRow[]) => ({
  total: rows.length,
  matching: rows.length,
  offset: 0,
  rows,
})

describe('a list in use', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('keeps the heads as long as the rows under them: what a head counts is there', () => {
    const grouped = (...keys: string[]) =>
      groupedLayout(
        [{ key: 'g', title: 'g', total: keys.length, open: keys } as unknown as AlertGroup],
        new Set(['g']),
      )
    const three = ['a', 'b', 'c'].map((key) => ({ ...row(key), group: 'g' }))
    let now = $state.raw({ layout: grouped('a', 'b', 'c'), list: listed(...three) })
    let still!: Still
    const end = $effect.root(() => {
      still = new Still(() => ({
        ...now,
        asked: 'all',
        chosen: false,
        range: () => ({ first: 0, last: 4 }),
      }))
    })
    flushSync()
    vi.advanceTimersByTime(1_000)
    still.used('pointer')
    flushSync()
    now = { layout: grouped('a', 'b'), list: listed(...three.slice(0, 2)) }
    flushSync()
    expect(still.layout.lines).toBe(4)
    expect(still.layout.parts?.[0]?.group.total).toBe(3)
    expect(still.waiting).toEqual({ came: 0, went: 1 })
    still.release()
    flushSync()
    expect(still.layout.parts?.[0]?.group.total).toBe(2)
    end()
  })

  it('keeps its places, tells each row as it is now, counts what came, and catches up', () => {
    let list = $state.raw(listed(row('a'), row('b')))
    let asked = $state('all')
    let chosen = $state(false)
    let still!: Still
    const end = $effect.root(() => {
      still = new Still(() => ({
        layout: flatLayout(list.matching),
        list,
        asked,
        chosen,
        range: () => ({ first: 0, last: list.matching }),
      }))
    })
    const keys = () => still.list.rows.map(({ key }) => key).join('')
    flushSync()
    vi.advanceTimersByTime(1_000)

    still.used('pointer')
    flushSync()
    list = listed(row('c'), row('b'), row('a', 'acknowledged'))
    flushSync()
    expect([keys(), still.layout.lines]).toEqual(['ab', 2])
    expect(still.list.rows[0]?.state).toBe('acknowledged')
    expect(still.waiting).toEqual({ came: 1, went: 0 })

    still.left('pointer')
    flushSync()
    expect([keys(), still.waiting]).toEqual(['cba', null])

    // Another question is never answered with what was kept.
    still.used('pointer')
    flushSync()
    asked = 'some'
    list = listed(row('d'))
    flushSync()
    expect(keys()).toBe('d')
    still.used('pointer')
    flushSync()
    list = listed(row('e'), row('d'))
    flushSync()
    expect(keys()).toBe('ed')
    // Once the answer is there, the pointer that rests on it holds it again.
    vi.advanceTimersByTime(1_000)
    flushSync()
    list = listed(row('e'))
    flushSync()
    expect([keys(), still.waiting]).toEqual(['ed', { came: 0, went: 1 }])
    still.left('pointer')
    flushSync()
    list = listed(row('e'), row('d'))
    flushSync()

    // It is held no longer than it is in use.
    vi.advanceTimersByTime(1_000)
    still.used('pointer')
    flushSync()
    list = listed(row('f'))
    flushSync()
    expect([keys(), still.waiting]).toEqual(['ed', { came: 1, went: 2 }])
    vi.advanceTimersByTime(60_000)
    flushSync()
    expect(keys()).toBe('f')

    // What is chosen stays where it is, until all is shown or it is let go.
    still.left('pointer')
    chosen = true
    flushSync()
    vi.advanceTimersByTime(600_000)
    list = listed(row('g'), row('f'))
    flushSync()
    expect([keys(), still.waiting]).toEqual(['f', { came: 1, went: 0 }])
    still.release()
    flushSync()
    expect([keys(), still.waiting]).toEqual(['gf', null])
    vi.advanceTimersByTime(1_000)
    flushSync()
    list = listed(row('g'))
    flushSync()
    expect([keys(), [...still.gone]]).toEqual(['gf', ['f']])
    chosen = false
    flushSync()
    expect([keys(), still.gone.size]).toEqual(['g', 0])
    end()
  })

  it('shows the answer to another question also while something is chosen, and then holds that', () => {
    let list = $state.raw(listed(row('a'), row('b')))
    let asked = $state('all')
    let still!: Still
    const end = $effect.root(() => {
      still = new Still(() => ({
        layout: flatLayout(list.matching),
        list,
        asked,
        chosen: true,
        range: () => ({ first: 0, last: list.matching }),
      }))
    })
    const keys = () => still.list.rows.map(({ key }) => key).join('')
    flushSync()
    vi.advanceTimersByTime(1_000)
    flushSync()
    // The question changes first: what is shown is the old answer until the new one is there.
    asked = 'some'
    flushSync()
    expect(keys()).toBe('ab')
    list = listed(row('c'))
    flushSync()
    expect([keys(), still.waiting]).toEqual(['c', null])
    vi.advanceTimersByTime(1_000)
    flushSync()
    list = listed(row('d'), row('c'))
    flushSync()
    expect([keys(), still.waiting]).toEqual(['c', { came: 1, went: 0 }])
    end()
  })

  it('is let go when both the pointer and the focus are elsewhere, and not before', () => {
    let list = $state.raw(listed(row('a')))
    let asked = $state('all')
    let still!: Still
    const end = $effect.root(() => {
      still = new Still(() => ({
        layout: flatLayout(list.matching),
        list,
        asked,
        chosen: false,
        range: () => ({ first: 0, last: list.matching }),
      }))
    })
    const keys = () => still.list.rows.map(({ key }) => key).join('')
    flushSync()
    vi.advanceTimersByTime(1_000)
    still.used('pointer')
    still.used('focus')
    flushSync()
    list = listed(row('b'), row('a'))
    still.left('pointer')
    flushSync()
    expect(keys()).toBe('a')
    still.left('focus')
    flushSync()
    expect(keys()).toBe('ba')
    // Nor does another question hold it anew for who is gone.
    asked = 'some'
    flushSync()
    vi.advanceTimersByTime(1_000)
    flushSync()
    list = listed(row('c'))
    flushSync()
    expect(keys()).toBe('c')
    end()
  })
})
