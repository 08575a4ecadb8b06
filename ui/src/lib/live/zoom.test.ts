import { describe, expect, it, vi } from 'vitest'
import { mockBackend } from '../backend/mock'
import { clock } from './clock.svelte'
import { Live } from './live.svelte'
import { half, Zoom, zoomWords } from './zoom.svelte'

const T = Date.parse('2026-11-21T13:02:10Z')
const UTC = { utc: true, name: 'UTC' }

describe('a zoom', () => {
  it('goes in by steps, and back by as many', () => {
    const zoom = new Zoom()
    expect(zoom.span).toBeNull()
    zoom.into({ from: T, to: T + 120_000 })
    zoom.into({ from: T + 20_000, to: T + 60_000 })
    expect(zoom.span).toEqual({ from: T + 20_000, to: T + 60_000 })
    zoom.out()
    expect(zoom.span).toEqual({ from: T, to: T + 120_000 })
    zoom.out()
    zoom.out()
    expect(zoom.span).toBeNull()
  })

  it('is of whole seconds, and of ten at least, around what was chosen', () => {
    const zoom = new Zoom()
    zoom.into({ from: T + 400, to: T + 20_300 })
    expect(zoom.span).toEqual({ from: T, to: T + 21_000 })
    zoom.into({ from: T + 5100, to: T + 6900 })
    expect(zoom.span).toEqual({ from: T + 1000, to: T + 11_000 })
  })

  it('is left whole at once, and remembers no more than its steps', () => {
    const zoom = new Zoom()
    for (let i = 0; i < 100; i++) zoom.into({ from: T, to: T + 1_000_000 - i * 1000 })
    let steps = 0
    for (; zoom.span; steps++) zoom.out()
    expect(steps).toBe(20)
    zoom.into({ from: T, to: T + 60_000 })
    zoom.end()
    expect(zoom.span).toBeNull()
  })

  it('halves a span around a moment, and stays within it', () => {
    const span = { from: 0, to: 100_000 }
    expect(half(span, 50_000)).toEqual({ from: 25_000, to: 75_000 })
    expect(half(span, 2000)).toEqual({ from: 0, to: 50_000 })
    expect(half(span, 99_000)).toEqual({ from: 50_000, to: 100_000 })
    expect(half({ from: 0, to: 12_000 }, 6000)).toEqual({ from: 1000, to: 11_000 })
  })

  it('is told with seconds, and with its day where that is another', () => {
    const span = { from: T, to: T + 90_000 }
    expect(zoomWords(span, T, UTC)).toBe('13:02:10–13:03:40')
    expect(zoomWords(span, T + 86_400_000, UTC)).toBe('21 Nov, 13:02:10–13:03:40')
    expect(zoomWords({ from: T, to: T + 7_200_000 }, T, UTC)).toBe('13:02–15:02')
  })
})

describe('what charts show', () => {
  const zoomed = { from: T, to: T + 40_000 }
  const past = { from: T - 3_600_000, to: T + 3_600_000 }

  it('is the zoom before the past, and the past before what is live', () => {
    const live = new Live(mockBackend())
    expect(live.window).toEqual({ span: 300, until: null })
    live.setPast(past)
    expect(live.window).toEqual({ span: 7200, until: past.to })
    live.zoom.into(zoomed)
    expect(live.window).toEqual({ span: 40, until: zoomed.to })
  })

  it('is led back from a zoom in the past at once: one key, one button', () => {
    const live = new Live(mockBackend())
    live.setPast(past)
    live.zoom.into(zoomed)
    live.resume()
    expect([live.zoom.span, live.past]).toEqual([null, null])
    expect(live.window).toEqual({ span: 300, until: null })
  })

  it('stands still while zoomed and held, and one key leads out of both', () => {
    vi.useFakeTimers({ now: T + 100_000 })
    const live = new Live(mockBackend())
    live.zoom.into(zoomed)
    live.setPaused(true)
    expect(live.window.until).toBe(zoomed.to)
    live.zoom.out()
    expect(live.window.until).toBe(clock.heldAt)
    live.zoom.into(zoomed)
    live.resume()
    expect([live.paused, live.window.until]).toEqual([false, null])
    vi.useRealTimers()
  })

  it('leaves a zoom with the span that it is of', () => {
    const live = new Live(mockBackend())
    live.zoom.into(zoomed)
    live.setPast(past)
    expect(live.zoom.span).toBeNull()
  })
})
