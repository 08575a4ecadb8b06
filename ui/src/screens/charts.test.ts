import { fireEvent, screen, within } from '@testing-library/svelte'
import { describe, expect, it, vi } from 'vitest'
import type { Backend } from '../lib/backend/backend'
import { mockBackend } from '../lib/backend/mock'
import type { Commands } from '../lib/backend/types'
import { plots } from '../../__mocks__/uplot'
import { asked as commandsOf, open as openWindow, sight, stage, type Call } from './stage'

vi.mock('uplot')
stage()

// The whole window is made for each, maybe while much else is done.
vi.setConfig({ testTimeout: 60_000 })
const until = <T>(ask: () => T | Promise<T>) => vi.waitFor(ask, 15_000)

const open = () => openWindow('#/overview')
const asked = (calls: readonly Call[]) => commandsOf(calls, 'series').map(({ spec }) => spec)
const key = (target: Element, name: string, code = name) =>
  fireEvent.keyDown(target, { key: name, code })

const LOCKS = 'Locks and unlocks per minute'
const JOBS = 'Jobs completed and failed per minute'

/** A chart by its name, once it has values. */
async function chart(name: string, parent: Element = document.body): Promise<HTMLElement> {
  const found = await until(() => {
    const element = parent.querySelector<HTMLElement>(`[role='slider'][aria-label='${name}']`)
    return element ?? Promise.reject(new Error(`no ${name}`))
  })
  await until(() => expect(Number(found.getAttribute('aria-valuemax'))).toBeGreaterThan(50))
  return found
}

const said = (plot: Element) => plot.getAttribute('aria-valuetext') ?? ''
const at = (plot: Element) => /^\d\d:\d\d:\d\d/.exec(said(plot))?.[0]

describe('a chart by keyboard', () => {
  it('moves its crosshair, says the values of that moment, and the others show it too', async () => {
    open()
    const [locks, jobs] = [await chart(LOCKS), await chart(JOBS)]
    expect(said(locks)).toMatch(/^The latest values/)
    locks.focus()
    await key(locks, 'Home')
    const first = at(locks)
    await key(locks, 'ArrowRight')
    expect(said(locks)).toMatch(/^\d\d:\d\d:\d\d: Unlocked \d+, Locked \d+\.$/)
    expect(at(locks)).not.toBe(first)
    await until(() => expect(at(jobs)).toBe(at(locks)))
    await fireEvent.keyDown(locks, { key: 'ArrowRight', code: 'ArrowRight', shiftKey: true })
    await key(locks, 'ArrowLeft')
    await until(() => expect(at(jobs)).toBe(at(locks)))
    locks.blur()
    await until(() => expect(said(jobs)).toMatch(/^The latest values/))
  })

  it('zooms to what is marked, stands still there, and is live again with one key', async () => {
    const calls = open()
    const locks = await chart(LOCKS)
    locks.focus()
    await key(locks, 'Home')
    await key(locks, 'Enter')
    for (let i = 0; i < 30; i++) await key(locks, 'ArrowRight')
    expect(said(locks)).toMatch(/Enter zooms/)
    await key(locks, 'Enter')
    const mark = await screen.findByTestId('zoom-mark')
    expect(mark.textContent).toMatch(/\d\d:\d\d:\d\d–\d\d:\d\d:\d\d/)
    // All charts and tiles show it, and are asked for once.
    await until(() => expect(asked(calls).at(-1)?.until).not.toBeNull())
    const spec = asked(calls).at(-1)
    expect(spec?.span).toBeLessThan(120)
    await new Promise((done) => setTimeout(done, 1500))
    const after = asked(calls).filter((one) => one.until !== null)
    expect(new Set(after.map((one) => `${one.span} ${one.until}`)).size).toBe(1)
    expect(asked(calls).at(-1)?.until).toBe(spec?.until)
    await key(document.body, 'l', 'KeyL')
    await until(() => expect(screen.queryByTestId('zoom-mark')).toBeNull())
    await until(() => expect(asked(calls).at(-1)?.until).toBeNull())
  })

  it('zooms in and out by steps, and Escape leaves the zoom', async () => {
    const calls = open()
    const locks = await chart(LOCKS)
    locks.focus()
    await key(locks, '+', 'Equal')
    await until(() => expect([150, 151]).toContain(asked(calls).at(-1)?.span))
    await key(locks, '+', 'Equal')
    await until(() => expect(asked(calls).at(-1)?.span).toBeLessThan(80))
    await key(locks, '-', 'Minus')
    await until(() => expect(asked(calls).at(-1)?.span).toBeGreaterThan(140))
    await key(locks, 'Escape')
    await until(() => expect(screen.queryByTestId('zoom-mark')).toBeNull())
  })

  it('fills the window, with the least, the mean and the greatest, and gives the focus back', async () => {
    open()
    const locks = await chart(LOCKS)
    locks.focus()
    await key(locks, 'f', 'KeyF')
    const dialog = await screen.findByTestId('large-chart')
    expect(dialog.textContent).toMatch(/Min\s*Mean\s*Max/)
    const large = await chart(LOCKS, dialog)
    await until(() => expect(document.activeElement).toBe(large))
    await key(large, '+', 'Equal')
    await screen.findByTestId('zoom-mark')
    await key(large, 'l', 'KeyL')
    await until(() => expect(screen.queryByTestId('zoom-mark')).toBeNull())
    await key(large, 'Escape')
    await until(() => expect(screen.queryByTestId('large-chart')).toBeNull())
    await until(() => expect(document.activeElement).toBe(locks))
  })
})

describe('a chart by pointer', () => {
  it('zooms to what is dragged, and a double click goes a step back', async () => {
    const box = { left: 0, width: 1000, top: 0, height: 100 } as DOMRect
    vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(box)
    const calls = open()
    const locks = await chart(LOCKS)
    await fireEvent.pointerDown(locks, { clientX: 700, button: 0 })
    await fireEvent.pointerMove(window, { clientX: 600 })
    await fireEvent.pointerUp(window, { clientX: 500 })
    await screen.findByTestId('zoom-mark')
    await until(() => expect(asked(calls).at(-1)?.until).not.toBeNull())
    expect([60, 61]).toContain(asked(calls).at(-1)?.span)
    await fireEvent.dblClick(locks)
    await until(() => expect(screen.queryByTestId('zoom-mark')).toBeNull())
    // A click is none, and what is given up neither.
    await fireEvent.pointerDown(locks, { clientX: 700, button: 0 })
    await fireEvent.pointerUp(window, { clientX: 702 })
    await fireEvent.pointerDown(locks, { clientX: 700, button: 0 })
    await fireEvent.keyDown(window, { key: 'Escape' })
    await fireEvent.pointerUp(window, { clientX: 100 })
    expect(screen.queryByTestId('zoom-mark')).toBeNull()
    vi.restoreAllMocks()
  })
})

describe('the crosshair under a pointer', () => {
  const point = async (plot: Element) => {
    await fireEvent.pointerMove(plot, { clientX: 500, clientY: 50 })
    await fireEvent.mouseMove(plot, { clientX: 500 })
  }

  it('ends in all charts when its chart scrolls away from under the pointer', async () => {
    open()
    const [locks, jobs] = [await chart(LOCKS), await chart(JOBS)]
    const under = vi.spyOn(document, 'elementFromPoint').mockReturnValue(locks)
    await point(locks)
    await until(() => expect([at(locks), at(jobs)]).not.toContain(undefined))
    await fireEvent.scroll(screen.getByTestId('screen-overview'))
    expect(at(locks)).toBeDefined()
    under.mockReturnValue(jobs)
    await fireEvent.scroll(screen.getByTestId('screen-overview'))
    await until(() => {
      expect(said(locks)).toMatch(/^The latest values/)
      expect(said(jobs)).toMatch(/^The latest values/)
    })
    vi.restoreAllMocks()
  })
})

/** A fleet of which the last quarter of each span was heard for 23 s of its minutes. */
function heardInPart(): Backend {
  const inner = mockBackend()
  return {
    async call(command, args) {
      const answer = await inner.call(command, args)
      if (!(answer instanceof ArrayBuffer)) return answer
      const { spec } = args as Commands['series'][0]
      const numbers = new Float64Array(answer)
      const points = numbers[0] ?? 0
      spec.series.forEach(({ kind }, i) => {
        const end = 2 + points * (i + 2)
        if (kind === 'heard') numbers.fill(23, end - Math.floor(points / 4), end)
      })
      return answer
    },
  }
}

describe('a count of which a part was heard', () => {
  it('is told as that, at the crosshair, in the legend and in words; what is whole is not', async () => {
    openWindow('#/overview', heardInPart())
    const locks = await chart(LOCKS)
    const figure = locks.closest('figure') as HTMLElement
    const part = () => within(figure).getByTestId('legend-part').textContent?.trim()
    expect(part()).toBe('counted for 38 % of the time')
    expect(figure.querySelector('figcaption')?.textContent).toMatch(
      /Unlocked: now \d+, counted for 38 % of the time, between .* Some of it was counted in part/,
    )
    locks.focus()
    await key(locks, 'End')
    expect(said(locks)).toMatch(/Unlocked \d+, Locked \d+, counted for 38 % of the time\.$/)
    await key(locks, 'Home')
    expect(said(locks)).toMatch(/Unlocked \d+, Locked \d+\.$/)
    expect(part()).toBe('counted in part')
    const online = (await chart('Agents and hosts online')).closest('figure') as HTMLElement
    expect(within(online).queryByTestId('legend-part')).toBeNull()
    // Of a past span it is told too.
    await key(locks, '+', 'Equal')
    await screen.findByTestId('zoom-mark')
    await until(() => {
      const words = figure.querySelector('figcaption')?.textContent
      expect(words).toMatch(/Unlocked: at last \d+, counted for 38 % of the time/)
    })
  })
})

describe('a line', () => {
  it('is hidden by its legend, and is then in no picture', async () => {
    const calls = open()
    const jobs = await chart(JOBS)
    const figure = jobs.closest('figure') as HTMLElement
    const entry = within(figure).getByTestId('legend-1')
    expect(entry.getAttribute('aria-pressed')).toBe('true')
    await fireEvent.click(entry)
    expect(entry.getAttribute('aria-pressed')).toBe('false')
    expect(figure.querySelector('figcaption')?.textContent).not.toMatch(/Failed: now/)
    const trigger = figure.querySelector('.chart-menu') as HTMLElement
    await fireEvent.keyDown(trigger, { key: 'Enter' })
    await fireEvent.click(await screen.findByTestId('chart-svg'))
    await until(() => {
      const saved = calls.find((call) => call.command === 'save_picture')
      const picture = (saved?.args as Commands['save_picture'][0] | undefined)?.picture
      expect(picture?.labels).toEqual(['Completed'])
      expect(picture?.series.series).toEqual([{ kind: 'jobsCompleted' }])
    })
    await fireEvent.click(entry)
    expect(entry.getAttribute('aria-pressed')).toBe('true')
  })
})

describe('a chart that streams', () => {
  it('is made once, whatever pictures come', async () => {
    const calls = open()
    await chart(LOCKS)
    const { made } = plots
    const pulls = () => calls.filter((call) => call.command === 'pull').length
    const before = pulls()
    await until(() => expect(pulls()).toBeGreaterThan(before + 4))
    await until(() => expect(asked(calls).length).toBeGreaterThan(3))
    expect(plots.made).toBe(made)
  })
})

describe('charts that are not in sight', () => {
  it('ask for nothing', async () => {
    sight.all = false
    const calls = open()
    await screen.findByTestId('tile-firing')
    await new Promise((done) => setTimeout(done, 1300))
    expect(asked(calls)).toEqual([])
  })
})
