import { screen } from '@testing-library/svelte'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { plots } from '../../__mocks__/uplot'
import { mockBackend } from '../lib/backend/mock'
import type { Frame } from '../lib/backend/types'
import { beginning } from '../lib/live/beginning.svelte'
import { open, stage } from './stage'

vi.mock('uplot')
stage()
afterEach(() => {
  beginning.end()
  vi.restoreAllMocks()
})

const charts = () => document.querySelectorAll("[role='slider']").length

describe('the first picture', () => {
  it('has every number, and charts and events come when it is painted', async () => {
    beginning.begin()
    const painted: { charts: number; tile: string; latest: string }[] = []
    vi.spyOn(performance, 'mark').mockImplementation((name) => {
      if (name === 'live')
        painted.push({
          charts: charts(),
          tile: screen.getByTestId('tile-devices').textContent ?? '',
          latest: screen.getByTestId('latest').textContent ?? '',
        })
      return {} as PerformanceMark
    })
    const before = plots.made
    open('#/overview')
    await vi.waitFor(() => expect(painted).toHaveLength(1))
    expect(painted[0]?.charts).toBe(0)
    expect(painted[0]?.tile).toMatch(/\d/)
    expect(painted[0]?.latest).not.toMatch(/No events/)
    await vi.waitFor(() => expect(charts()).toBe(4))
    expect(plots.made).toBe(before + 4)
    await vi.waitFor(() => expect(screen.getByTestId('latest').querySelector('li')).not.toBeNull())
  })

  it('does not keep the charts for long where nothing is live', async () => {
    beginning.begin()
    const inner = mockBackend()
    open('#/overview', {
      async call(command, args) {
        const answer = await inner.call(command, args)
        if (command !== 'pull') return answer
        const frame = answer as Frame
        const chips = frame.chips?.map((chip) => ({ ...chip, status: 'stale' as const })) ?? null
        return { ...frame, chips } as typeof answer
      },
    })
    await screen.findByTestId('tile-devices')
    expect(charts()).toBe(0)
    await vi.waitFor(() => expect(charts()).toBe(4))
  })

  it('has the buttons that open menus, and one that is pressed before its menu is there opens then', async () => {
    beginning.begin()
    open('#/overview')
    const [scope, past, mute] = ['scope', 'past', 'mute'].map((id) => screen.getByTestId(id))
    expect(scope?.getAttribute('aria-label')).toBe('Scope: All connections')
    expect(mute?.textContent).toContain('Mute')
    past?.click()
    expect(screen.queryByTestId('past-popover')).toBeNull()
    beginning.end()
    expect(await screen.findByTestId('past-popover')).toBeTruthy()
    expect(screen.getByTestId('past').getAttribute('aria-expanded')).toBe('true')
    expect(past?.isConnected).toBe(false)
  })
})
