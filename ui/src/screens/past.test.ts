import { fireEvent, screen, within } from '@testing-library/svelte'
import { describe, expect, it, vi } from 'vitest'
import { router } from '../lib/route.svelte'
import { asked, open, stage, type Call } from './stage'

vi.mock('uplot')
stage()

const last = <C extends Call['command']>(calls: readonly Call[], command: C) =>
  asked(calls, command).at(-1)

const key = (letter: string) =>
  fireEvent.keyDown(document.body, { key: letter, code: `Key${letter.toUpperCase()}` })

async function type(testid: string, value: string) {
  await fireEvent.input(await screen.findByTestId(testid), { target: { value } })
}

describe('the mute', () => {
  it('says what it covers, silences everything, and is ended', async () => {
    const calls = open('#/overview')
    const button = await screen.findByTestId('mute')
    await screen.findByTestId('tile-firing')
    await key('m')
    const covers = await screen.findByTestId('mute-covers')
    await vi.waitFor(() => expect(covers.textContent).toMatch(/45 open alerts\s+are muted/))
    const before = Date.now()
    await fireEvent.click(await screen.findByTestId('mute-1h'))
    await vi.waitFor(() => expect(button.textContent).toMatch(/Muted until \d\d:\d\d/))
    const told = last(calls, 'silence')
    expect(told?.matcher).toEqual({ rule: null, connection: null, subject: null, severity: null })
    expect(Math.abs((told?.until ?? 0) - before - 3_600_000)).toBeLessThan(5000)
    await key('m')
    await fireEvent.click(await screen.findByTestId('unmute'))
    await vi.waitFor(() => expect(button.textContent?.trim()).toBe('Mute'))
  })

  it('leaves its letter to what is typed', async () => {
    open('#/events')
    const filter = await screen.findByTestId('event-filter')
    await fireEvent.keyDown(filter, { key: 'm', code: 'KeyM' })
    expect(screen.queryByTestId('mute-menu')).toBeNull()
  })
})

describe('the past', () => {
  it('is chosen by a preset, said on every screen, asked of charts and lists, and left by one key', async () => {
    const calls = open('#/overview')
    await screen.findByTestId('tile-firing')
    await fireEvent.click(await screen.findByTestId('past'))
    await fireEvent.click(await screen.findByTestId('past-6h'))
    const banner = await screen.findByTestId('past-banner')
    expect(banner.textContent).toMatch(/Of that time/)
    await vi.waitFor(() => expect(last(calls, 'pull')?.spec.past).not.toBeNull())
    const past = last(calls, 'pull')?.spec.past
    // The tiles go on as they are now; the charts are of that time.
    await vi.waitFor(() => {
      const asked = calls.flatMap((call) => (call.command === 'series' ? [call.args.spec] : []))
      const charts = asked.filter((spec) => spec.until === past?.to)
      expect(charts.map((spec) => spec.span)).toContain(21_600)
    })
    await fireEvent.click(screen.getByTestId('nav-events'))
    const page = await screen.findByTestId('screen-events')
    await vi.waitFor(() => expect(page.textContent).toMatch(/events of that time/))
    await vi.waitFor(() => expect(page.textContent).toMatch(/\d+ \w{3} \d\d:\d\d:\d\d/))
    await key('l')
    await vi.waitFor(() => expect(screen.queryByTestId('past-banner')).toBeNull())
    await vi.waitFor(() => expect(last(calls, 'pull')?.spec.past).toBeNull())
    await vi.waitFor(() => expect(page.textContent).toMatch(/events kept/))
  })

  it('leads on from a screen that shows now, and does not claim that it shows then', async () => {
    open('#/devices')
    await fireEvent.click(await screen.findByTestId('past'))
    await fireEvent.click(await screen.findByTestId('past-24h'))
    const banner = await screen.findByTestId('past-banner')
    expect(banner.textContent).toMatch(/As of now/)
    expect(banner.textContent).not.toMatch(/Of that time/)
    await fireEvent.click(await screen.findByText('Unlocks then'))
    await vi.waitFor(() =>
      expect(router.current).toEqual({ screen: 'events', filter: 'kind:device.unlocked' }),
    )
    const page = await screen.findByTestId('screen-events')
    await vi.waitFor(() => expect(page.textContent).toMatch(/\d events of that time/))
    const there = await within(page).findByTestId('past-banner')
    await vi.waitFor(() => expect(there.textContent).toMatch(/Of that time/))
  })

  it('is refused by field when it cannot be', async () => {
    const calls = open('#/overview')
    await screen.findByTestId('tile-firing')
    await fireEvent.click(await screen.findByTestId('past'))
    await type('past-from-date', '2026-02-30')
    await fireEvent.submit(await screen.findByTestId('past-form'))
    expect((await screen.findByTestId('past-form')).textContent).toMatch(/no such date/)
    expect(last(calls, 'pull')?.spec.past).toBeNull()
  })

  it('opens a stored event by its place in the history', async () => {
    const calls = open('#/events')
    await screen.findByTestId('event-table')
    await fireEvent.click(await screen.findByTestId('past'))
    await fireEvent.click(await screen.findByTestId('past-24h'))
    const row = await vi.waitFor(() => {
      const found = document.querySelector('[data-key^="history/"]')
      if (!found) throw new Error('no row of the past yet')
      return found
    })
    await fireEvent.click(row)
    await screen.findByTestId('event-json')
    expect(`history/${last(calls, 'stored_event_json')?.id ?? ''}`).toBe(
      row.getAttribute('data-key'),
    )
  })
})

describe('the time away', () => {
  it('is told once, with the way to each alert', async () => {
    open('#/overview')
    const card = await screen.findByTestId('away')
    expect(card.textContent).toMatch(/31 alerts began,\s+22 of them are over/)
    expect(card.querySelectorAll('a[href^="#/alert/"]')).toHaveLength(3)
    await fireEvent.click(screen.getByTestId('away-more'))
    expect(card.querySelectorAll('a[href^="#/alert/"]')).toHaveLength(20)
    await fireEvent.click(screen.getByTestId('away-dismiss'))
    await vi.waitFor(() => expect(screen.queryByTestId('away')).toBeNull())
  })
})

describe('the settings', () => {
  it('are saved as a whole once nothing is wrong', async () => {
    const calls = open('#/settings')
    await type('quiet-from', '25:00')
    await fireEvent.click(await screen.findByTestId('settings-save'))
    expect(screen.getByTestId('settings-unsaved').textContent).toMatch(/One field/)
    expect(last(calls, 'save_settings')).toBeUndefined()
    await type('quiet-from', '21:30')
    await type('command-low', '/usr/bin/logger')
    await type('arguments-low', '-t "my fleet"')
    await fireEvent.click(screen.getByTestId('settings-save'))
    await vi.waitFor(() => expect(screen.queryByTestId('settings-unsaved')).toBeNull())
    expect(last(calls, 'save_settings')?.settings).toMatchObject({
      quietHours: '21:30-07:00',
      commands: [expect.anything(), [], [], ['/usr/bin/logger', '-t', 'my fleet']],
    })
  })

  it('keep a switch at once, and what is typed waits', async () => {
    const calls = open('#/settings')
    await type('keep-days', '30')
    await fireEvent.click(await screen.findByTestId('close-to-tray'))
    await vi.waitFor(() =>
      expect(last(calls, 'save_settings')?.settings).toMatchObject({ closeToTray: true }),
    )
    expect(last(calls, 'save_settings')?.settings.keepDays).not.toBe(30)
    expect(screen.getByTestId('settings-unsaved').textContent).toMatch(/as soon as you leave/)
    await fireEvent.focusOut(screen.getByTestId('keep-days'))
    await vi.waitFor(() =>
      expect(last(calls, 'save_settings')?.settings).toMatchObject({
        closeToTray: true,
        keepDays: 30,
      }),
    )
  })

  it.each([
    ['the window is hidden or closes', () => window.dispatchEvent(new Event('pagehide'))],
    ['another screen is gone to', () => router.go({ screen: 'jobs' })],
  ])('are kept as they were typed when %s', async (_, leave) => {
    const calls = open('#/settings')
    await type('keep-days', '30')
    leave()
    expect(last(calls, 'save_settings')?.settings.keepDays).toBe(30)
  })

  it('are kept before the window closes on its key', async () => {
    const calls = open('#/settings')
    await type('keep-days', '30')
    await fireEvent.keyDown(document.body, { key: 'w', code: 'KeyW', ctrlKey: true })
    await vi.waitFor(() => expect(asked(calls, 'close_window')).toHaveLength(1))
    const order = calls.map((call) => call.command)
    expect(order.indexOf('save_settings')).toBeGreaterThan(0)
    expect(order.indexOf('save_settings')).toBeLessThan(order.indexOf('close_window'))
  })

  it('are not lost by leaving where they cannot be kept', async () => {
    const calls = open('#/settings')
    await type('keep-days', 'many')
    window.dispatchEvent(new Event('pagehide'))
    router.go({ screen: 'jobs' })
    expect(router.current.screen).toBe('settings')
    await fireEvent.click(await screen.findByTestId('confirm-do'))
    await screen.findByTestId('screen-jobs')
    expect(last(calls, 'save_settings')).toBeUndefined()
  })

  it('are not taken half typed when another window has the keys', async () => {
    const calls = open('#/settings')
    await type('keep-days', '3')
    screen.getByTestId('keep-days').focus()
    await fireEvent.focusOut(screen.getByTestId('keep-days'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(last(calls, 'save_settings')).toBeUndefined()
  })

  it('are as they were once they are discarded', async () => {
    const calls = open('#/settings')
    await type('keep-days', '30')
    await fireEvent.focusOut(screen.getByTestId('keep-days'))
    await fireEvent.click(screen.getByTestId('settings-discard'))
    await vi.waitFor(() => expect(screen.queryByTestId('settings-unsaved')).toBeNull())
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(last(calls, 'save_settings')).toBeUndefined()
  })

  it('save a shift report of the hours that are chosen', async () => {
    const calls = open('#/settings')
    await screen.findByTestId('save-report')
    await fireEvent.click(screen.getByText('12 h'))
    await fireEvent.click(screen.getByTestId('save-report'))
    await vi.waitFor(() => expect(document.body.textContent).toMatch(/shift-report-12h/))
    expect(last(calls, 'save_report')?.hours).toBe(12)
  })
})

describe('a history that cannot be written', () => {
  it('is said on every screen, also once the message is closed', async () => {
    open('#/jobs', 'stale')
    const message = await screen.findByTestId('history-problem')
    expect(message.textContent).toMatch(/The disk is full/)
    await fireEvent.click(within(message).getByLabelText('Close the message'))
    expect(screen.queryByTestId('history-problem')).toBeNull()
    expect(screen.getByTestId('status-history')).toBeDefined()
  })
})
