import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AlertRow } from '../../backend/types'
import { flatLayout } from './listing'
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

  it('keeps its places, tells each row as it is now, counts what came, and catches up', () => {
    let list = $state.raw(listed(row('a'), row('b')))
    let asked = $state('all')
    let still!: Still
    const end = $effect.root(() => {
      still = new Still(() => ({
        layout: flatLayout(list.matching),
        list,
        asked,
        range: () => ({ first: 0, last: list.matching }),
      }))
    })
    const keys = () => still.list.rows.map(({ key }) => key).join('')
    flushSync()
    vi.advanceTimersByTime(1_000)

    still.used()
    flushSync()
    list = listed(row('c'), row('b'), row('a', 'acknowledged'))
    flushSync()
    expect([keys(), still.layout.lines]).toEqual(['ab', 2])
    expect(still.list.rows[0]?.state).toBe('acknowledged')
    expect(still.waiting).toEqual({ came: 1, went: 0 })

    still.left()
    flushSync()
    expect([keys(), still.waiting]).toEqual(['cba', null])

    // Another question is never answered with what was kept.
    still.used()
    flushSync()
    asked = 'some'
    list = listed(row('d'))
    flushSync()
    expect(keys()).toBe('d')
    still.used()
    flushSync()
    list = listed(row('e'), row('d'))
    flushSync()
    expect(keys()).toBe('ed')

    // It is held no longer than it is in use.
    vi.advanceTimersByTime(1_000)
    still.used()
    flushSync()
    list = listed(row('f'))
    flushSync()
    expect([keys(), still.waiting]).toEqual(['ed', { came: 1, went: 2 }])
    vi.advanceTimersByTime(5_000)
    flushSync()
    expect(keys()).toBe('f')
    end()
  })
})
