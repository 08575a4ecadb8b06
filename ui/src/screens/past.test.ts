import { fireEvent, screen, within } from '@testing-library/svelte'
import { describe, expect, it, vi } from 'vitest'
import type { Backend } from '../lib/backend/backend'
import { mockBackend } from '../lib/backend/mock'
import type { SettingsDraft } from '../lib/backend/types'
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
    await vi.waitFor(() => expect(button.textContent).toMatch(/Muted until (\w{3} )?\d\d:\d\d/))
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
    expect(card.textContent).toMatch(/Nothing was watched for 9 h 32 min\./)
    expect(card.textContent).toMatch(/31 alerts began, 22 of them are over\. More may have begun/)
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
    expect(screen.getByTestId('settings-unsaved').textContent).toMatch(/Not saved yet/)
    await fireEvent.keyDown(document.body, { key: 's', code: 'KeyS', ctrlKey: true })
    await vi.waitFor(() =>
      expect(last(calls, 'save_settings')?.settings).toMatchObject({
        closeToTray: true,
        keepDays: 30,
      }),
    )
  })

  it('wait for Save whatever loses the keys or the sight of them', async () => {
    const calls = open('#/settings')
    await type('keep-days', '3')
    screen.getByTestId('keep-days').focus()
    await fireEvent.focusOut(screen.getByTestId('keep-days'))
    for (const name of ['blur', 'pagehide']) window.dispatchEvent(new Event(name))
    document.dispatchEvent(new Event('visibilitychange'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(last(calls, 'save_settings')).toBeUndefined()
    await fireEvent.click(screen.getByTestId('settings-discard'))
    await vi.waitFor(() => expect(screen.queryByTestId('settings-unsaved')).toBeNull())
    expect((screen.getByTestId('keep-days') as HTMLInputElement).value).toBe('90')
  })

  it('are not lost by going to another screen', async () => {
    const calls = open('#/settings')
    await type('keep-days', '30')
    router.go({ screen: 'jobs' })
    expect(router.current.screen).toBe('settings')
    await fireEvent.click(await screen.findByTestId('confirm-do'))
    await screen.findByTestId('screen-jobs')
    expect(last(calls, 'save_settings')).toBeUndefined()
  })

  it.each([
    ['w', 'close_window'],
    ['q', 'quit'],
  ] as const)('are not lost by Ctrl+%s', async (letter, command) => {
    const calls = open('#/settings')
    const leave = () =>
      fireEvent.keyDown(document.body, {
        key: letter,
        code: `Key${letter.toUpperCase()}`,
        ctrlKey: true,
      })
    await type('keep-days', '30')
    await leave()
    await fireEvent.click(await screen.findByTestId('confirm-cancel'))
    expect(asked(calls, command)).toHaveLength(0)
    expect((screen.getByTestId('keep-days') as HTMLInputElement).value).toBe('30')
    await leave()
    await fireEvent.click(await screen.findByTestId('confirm-do'))
    expect(asked(calls, command)).toHaveLength(1)
    await leave()
    expect(asked(calls, command)).toHaveLength(2)
    expect(last(calls, 'save_settings')).toBeUndefined()
  })

  it('write each what the one before has left', async () => {
    const inner = mockBackend('lively')
    const written: SettingsDraft[] = []
    const ends: { done: () => void; refuse: () => void }[] = []
    open('#/settings', {
      call: (async (command, args) => {
        if (command !== 'save_settings') return inner.call(command, args)
        written.push((args as { settings: SettingsDraft }).settings)
        await new Promise<void>((done, refused) =>
          ends.push({ done, refuse: () => refused(new Error('The disk is full.')) }),
        )
        return null
      }) as Backend['call'],
    })
    await type('keep-days', '30')
    const [tray, sound] = ['close-to-tray', 'sound'].map((id) =>
      screen.getByTestId<HTMLInputElement>(id),
    ) as [HTMLInputElement, HTMLInputElement]
    const was = { tray: tray.checked, sound: sound.checked }
    await fireEvent.click(screen.getByTestId('settings-save'))
    await fireEvent.click(tray)
    await fireEvent.click(sound)
    await vi.waitFor(() => expect(ends).toHaveLength(1))
    ends[0]?.done()
    await vi.waitFor(() => expect(ends).toHaveLength(2))
    expect(written[1]).toMatchObject({ keepDays: 30, closeToTray: !was.tray })
    ends[1]?.refuse()
    await vi.waitFor(() => expect(ends).toHaveLength(3))
    expect(written[2]).toMatchObject({
      keepDays: 30,
      closeToTray: was.tray,
      sound: !was.sound,
    })
    ends[2]?.done()
    await vi.waitFor(() => expect(tray.checked).toBe(was.tray))
    expect(sound.checked).toBe(!was.sound)
    expect(document.body.textContent).toMatch(/The disk is full/)
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
