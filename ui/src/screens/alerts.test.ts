import { cleanup, fireEvent, screen } from '@testing-library/svelte'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Backend } from '../lib/backend/backend'
import { mockBackend } from '../lib/backend/mock'
import type { Announced, Frame } from '../lib/backend/types'
import { view } from '../lib/domain/alerts/view.svelte'
import { router } from '../lib/route.svelte'
import { asked, open, stage } from './stage'

vi.mock('uplot')
stage()

beforeEach(() => {
  view.clear()
  view.grouped = true
  view.folds = new Map()
})
async function row(text: string): Promise<HTMLElement> {
  const grid = await screen.findByTestId('alert-grid')
  return vi.waitFor(() => {
    const found = [...grid.querySelectorAll<HTMLElement>('[role=row][data-key]')].find((one) =>
      one.textContent?.includes(text),
    )
    if (!found) throw new Error(`no row ${text}`)
    return found
  })
}

async function shown(words: RegExp, id: string) {
  await vi.waitFor(() => expect(screen.getByTestId(id).textContent).toMatch(words))
}

describe('alerts', () => {
  it('says nothing is wrong where nothing is', async () => {
    open('#/alerts', 'empty')
    await shown(/Nothing is wrong/, 'screen-alerts')
  })

  it('are counted in the rail by the worst, with its shape in words', async () => {
    open('#/overview')
    await shown(/\d+,\s\d+ alerts firing, 2 critical/, 'nav-alerts')
  })

  it('are announced on their own screen too, which may show other ones', async () => {
    const inner = mockBackend('lively')
    const announced: Announced = {
      key: 'alert/1',
      title: 'VH1001 is offline',
      text: 'locks-eu',
      severity: 'high',
      target: { screen: 'alerts' },
    }
    let told = false
    open('#/alerts/some-other', {
      call: (async (command, args) => {
        const answer = await inner.call(command, args)
        if (command !== 'pull' || told) return answer
        told = true
        return { ...(answer as Frame), announced: [announced] }
      }) as Backend['call'],
    })
    await shown(/VH1001 is offline/, 'announcement')
  })

  it('fold and unfold by key', async () => {
    open('#/alerts/unlocked-too-long')
    const head = await row('unlocked-too-long')
    expect(head.getAttribute('aria-expanded')).toBe('true')
    await fireEvent.click(head)
    await vi.waitFor(() => expect(head.getAttribute('aria-expanded')).toBe('false'))
    const grid = screen.getByTestId('alert-grid')
    await fireEvent.keyDown(grid, { key: 'ArrowRight' })
    await vi.waitFor(() => expect(head.getAttribute('aria-expanded')).toBe('true'))
  })

  it('are acknowledged together, and taken back', async () => {
    const calls = open('#/alerts')
    await row('battery-low')
    await fireEvent.click(screen.getByTestId('select-group-battery-low'))
    await shown(/9 alerts selected/, 'bulk')
    await fireEvent.keyDown(document.body, { key: 'a', code: 'KeyA' })
    // Those of a group that is folded are named too.
    await shown(/VH10\d\d.*and 4 more/s, 'acknowledge-named')
    await fireEvent.input(await screen.findByTestId('acknowledge-note'), {
      target: { value: 'on it' },
    })
    await fireEvent.click(screen.getByTestId('acknowledge-do'))
    await shown(/7 alerts acknowledged/, 'toast')
    const [sent] = asked(calls, 'acknowledge')
    expect(sent).toMatchObject({ until: null, note: 'on it' })
    expect(sent?.alerts).toHaveLength(9)
    await fireEvent.click(screen.getByTestId('toast-action'))
    await vi.waitFor(() => expect(asked(calls, 'unacknowledge')).toHaveLength(1))
  })

  it('are named as they are about to be acknowledged, whichever answer comes last', async () => {
    const inner = mockBackend('lively')
    const answers: (() => void)[] = []
    view.fold('alert-issued', false)
    open('#/alerts', {
      call: (async (command, args) => {
        const answer = await inner.call(command, args)
        if (command === 'look') await new Promise<void>((done) => answers.push(done))
        return answer
      }) as Backend['call'],
    })
    await row('battery-low')
    const acknowledge = async (group: string, nth: number) => {
      await fireEvent.click(await screen.findByTestId(`select-group-${group}`))
      await fireEvent.click(screen.getByTestId('bulk-acknowledge'))
      await vi.waitFor(() => expect(answers).toHaveLength(nth))
    }
    await acknowledge('battery-low', 1)
    await fireEvent.click(screen.getByText('Cancel'))
    await fireEvent.click(screen.getByTestId('select-group-battery-low'))
    await acknowledge('alert-issued', 2)
    answers[1]?.()
    const names = () => screen.queryByTestId('acknowledge-named')?.textContent
    await vi.waitFor(() => expect(names()).toMatch(/\w/))
    const words = names()
    answers[0]?.()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(names()).toBe(words)
  })

  it('that are resolved while they are about to be acknowledged are told in the dialog, and the note is kept', async () => {
    open('#/alerts/VH1004', 'lively', { acknowledge: 0 })
    const line = await row('VH1004')
    await fireEvent.click(line.querySelector('button') as HTMLElement)
    await fireEvent.click(screen.getByTestId('bulk-acknowledge'))
    const note = await screen.findByTestId<HTMLInputElement>('acknowledge-note')
    await fireEvent.input(note, { target: { value: 'on it' } })
    expect(screen.queryByTestId('acknowledge-meanwhile')).toBeNull()
    await fireEvent.click(screen.getByTestId('acknowledge-do'))
    await shown(
      /It was resolved meanwhile: there is nothing to acknowledge/,
      'acknowledge-meanwhile',
    )
    expect(note.value).toBe('on it')
    expect(screen.queryByTestId('toast')).toBeNull()
  })

  it('that somebody knew of before stay so when the others are taken back', async () => {
    const calls = open('#/alerts/unlocked-too-long')
    await row('VH1021')
    await fireEvent.click(screen.getByTestId('select-group-unlocked-too-long'))
    await fireEvent.click(screen.getByTestId('bulk-acknowledge'))
    await fireEvent.click(await screen.findByTestId('acknowledge-do'))
    await fireEvent.click(await screen.findByTestId('toast-action'))
    await vi.waitFor(() => expect(asked(calls, 'unacknowledge')).toHaveLength(1))
    const [back] = asked(calls, 'unacknowledge')
    expect(back?.alerts).toHaveLength(3)
  })

  it('are chosen with the space bar, which then does not hold the picture', async () => {
    open('#/alerts')
    await row('sync-inventory')
    const grid = screen.getByTestId('alert-grid')
    await fireEvent.keyDown(grid, { key: 'ArrowDown' })
    await fireEvent.keyDown(grid, { key: ' ', code: 'Space' })
    await shown(/1 alert selected/, 'bulk')
    expect(screen.getByTestId('pause').getAttribute('aria-pressed')).toBe('false')
    await fireEvent.keyDown(grid, { key: 'a', ctrlKey: true })
    await shown(/45 alerts selected/, 'bulk')
    await fireEvent.keyDown(document.body, { key: 'Escape', code: 'Escape' })
    expect(screen.queryByTestId('bulk')).toBeNull()
  })

  it('keep their places while keys go through them, and are let go with the focus', async () => {
    view.states = ['firing']
    const backend = mockBackend('lively')
    open('#/alerts', backend)
    const line = await row('sync-inventory')
    const grid = screen.getByTestId('alert-grid')
    grid.focus()
    await fireEvent.keyDown(grid, { key: 'ArrowDown' })
    // What was asked is answered first.
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const key = line.getAttribute('data-key') ?? ''
    await backend.call('acknowledge', { alerts: [key], until: null, note: '' })
    await shown(/1 gone/, 'alerts-waiting')
    await fireEvent.focusOut(grid, { relatedTarget: screen.getByTestId('select-all') })
    expect(screen.queryByTestId('alerts-waiting')).not.toBeNull()
    await fireEvent.focusOut(grid, { relatedTarget: screen.getByTestId('alert-filter') })
    await vi.waitFor(() => expect(screen.queryByTestId('alerts-waiting')).toBeNull())
  })

  it('that are over say so to a key, and what nobody acknowledged is not taken back', async () => {
    view.grouped = false
    view.states = ['resolved']
    open('#/alerts')
    await row('')
    const grid = screen.getByTestId('alert-grid')
    await fireEvent.keyDown(grid, { key: 'ArrowDown' })
    await fireEvent.keyDown(document.body, { key: 'a', code: 'KeyA' })
    await shown(/This alert is over/, 'toast')
    expect(screen.queryByTestId('acknowledge-dialog')).toBeNull()
    await fireEvent.click(screen.getByTestId('state-resolved'))
    const line = await row('VH1004')
    await fireEvent.click(line.querySelector('button') as HTMLElement)
    await shown(/1 alert selected/, 'bulk')
    expect(screen.queryByTestId('bulk-unacknowledge')).toBeNull()
  })

  it('of a flat list are all chosen, those that are not held too', async () => {
    view.grouped = false
    open('#/alerts/offline')
    await row('Host build-01')
    await fireEvent.click(screen.getByTestId('select-all'))
    await shown(/27 alerts selected/, 'bulk')
    await fireEvent.click(screen.getByTestId('bulk-silence'))
    expect((await screen.findByTestId<HTMLInputElement>('silence-rule')).value).toBe('')
    await fireEvent.keyDown(screen.getByTestId('silence-dialog'), { key: 'Escape' })
    await fireEvent.click(screen.getByTestId('state-firing'))
    await vi.waitFor(() => expect(screen.queryByTestId('bulk')).toBeNull())
  })

  it('are silenced by what they have in common, and the silence ends', async () => {
    const calls = open('#/alerts/device-offline')
    await row('device-offline')
    await fireEvent.click(screen.getByTestId('select-group-device-offline\u001flocks-eu'))
    await fireEvent.click(screen.getByTestId('bulk-silence'))
    const rule = await screen.findByTestId<HTMLInputElement>('silence-rule')
    expect(rule.value).toBe('device-offline')
    expect(screen.getByTestId<HTMLInputElement>('silence-connection').value).toBe('locks-eu')
    await shown(/Covers 22 open alerts now/, 'silence-covers')
    await fireEvent.click(screen.getByTestId('silence-do'))
    await shown(/2 active silences, covering 25 open alerts/, 'silences')
    await fireEvent.click(screen.getByTestId('silences-unfold'))
    await fireEvent.click(await screen.findByTestId('end-silence-3'))
    await vi.waitFor(() => expect(asked(calls, 'end_silence')).toEqual([{ id: 3 }]))
    await vi.waitFor(() => expect(screen.queryByTestId('end-silence-3')).toBeNull())
  })

  it('are entered by an arrow after their key, wherever the keys were', async () => {
    open('#/overview')
    await screen.findByTestId('screen-overview')
    const toAlerts = async (from: HTMLElement) => {
      from.focus()
      await fireEvent.keyDown(from, { key: '2', code: 'Digit2', altKey: true })
      await row('sync-inventory')
      expect(document.activeElement).toBe(document.getElementById('content'))
      await fireEvent.keyDown(document.activeElement ?? from, { key: 'ArrowDown' })
      expect(document.activeElement).toBe(screen.getByTestId('alert-grid'))
    }
    await toAlerts(screen.getByTestId('mute'))
    // They are shown already.
    await toAlerts(screen.getByTestId('mute'))
    await toAlerts(screen.getByTestId('alert-rule'))
  })

  it('take the keys out of the top bar where they are gone to otherwise', async () => {
    open('#/overview')
    await screen.findByTestId('screen-overview')
    screen.getByTestId('mute').focus()
    location.hash = '#/alerts'
    await vi.waitFor(() => expect(document.activeElement).toBe(document.getElementById('content')))
  })

  it('show on their own page that they are silenced, which can be ended there', async () => {
    const calls = open('#/alerts/build-01')
    await fireEvent.click(await row('Host build-01'))
    await fireEvent.click(await screen.findByTestId('alert-end-silence'))
    await vi.waitFor(() => expect(asked(calls, 'end_silence')).toEqual([{ id: 1 }]))
    await vi.waitFor(() => expect(screen.queryByTestId('alert-end-silence')).toBeNull())
  })

  it('cannot be silenced all at once by an empty matcher', async () => {
    open('#/alerts')
    await row('sync-inventory')
    await fireEvent.click(screen.getByTestId('select-all'))
    await fireEvent.keyDown(document.body, { key: 's', code: 'KeyS' })
    await shown(/would silence everything/, 'silence-covers')
    expect(screen.getByTestId<HTMLButtonElement>('silence-do').disabled).toBe(true)
  })

  it('are filtered by state, and the list is found as it was left', async () => {
    open('#/alerts')
    await row('sync-inventory')
    await fireEvent.click(screen.getByTestId('state-resolved'))
    await row('VH1040')
    router.go({ screen: 'devices' })
    await screen.findByTestId('screen-devices')
    router.go({ screen: 'alerts' })
    await row('VH1040')
    expect(screen.getByTestId('state-resolved').getAttribute('aria-pressed')).toBe('true')
    await fireEvent.click(screen.getByTestId('clear-filters'))
    await row('sync-inventory')
  })

  it('begin with the first row in sight, go to either end by key, and are found at what was opened', async () => {
    open('#/alerts')
    await row('sync-inventory')
    const grid = () => screen.getByTestId('alert-grid')
    const on = () => document.getElementById(grid().getAttribute('aria-activedescendant') ?? '')
    const index = () =>
      Number(/-(\d+)$/.exec(grid().getAttribute('aria-activedescendant') ?? '')?.[1])
    const press = (key: string, more = {}) => fireEvent.keyDown(grid(), { key, code: key, ...more })
    await fireEvent.focus(grid())
    expect(index()).toBe(0)
    await press('End', { ctrlKey: true })
    const last = index()
    expect(last).toBeGreaterThan(3)
    await press('Home', { ctrlKey: true })
    expect(index()).toBe(0)
    // Left for another screen, it begins anew.
    await press('End')
    router.go({ screen: 'devices' })
    await screen.findByTestId('screen-devices')
    router.go({ screen: 'alerts' })
    await row('sync-inventory')
    expect(grid().getAttribute('aria-activedescendant')).toBeNull()
    await fireEvent.focus(grid())
    expect(index()).toBe(0)
    // Left for an alert, it is found on that one.
    while (!on()?.classList.contains('alert')) await press('ArrowDown')
    const key = on()?.dataset.key
    await press('Enter')
    await screen.findByTestId('screen-alert')
    router.go({ screen: 'alerts' })
    await row('sync-inventory')
    await vi.waitFor(() => expect(on()?.dataset.key).toBe(key))
  })

  it('say when none passes the filter', async () => {
    open('#/alerts/no-such-thing')
    await shown(/No alert matches/, 'screen-alerts')
    await shown(/open alerts are hidden by the filter/, 'screen-alerts')
    await fireEvent.click(await screen.findByTestId('empty-clear'))
    await row('sync-inventory')
  })

  it('that are muted fire on and are counted as such in every place', async () => {
    open('#/overview')
    await fireEvent.keyDown(await screen.findByTestId('mute'), { key: 'Enter' })
    await fireEvent.click((await screen.findAllByTestId(/^mute-\d/))[0] as HTMLElement)
    await shown(/\d+ firing: \d+ critical.* · muted until (\w{3} )?\d\d:\d\d/, 'health')
    await shown(
      /Alerts firing:\s*[1-9]\d*\s+\d+ open · muted until (\w{3} )?\d\d:\d\d/,
      'tile-firing',
    )
    await shown(
      /[1-9]\d* alerts firing, \d+ critical.*muted until (\w{3} )?\d\d:\d\d/,
      'nav-alerts',
    )
    await shown(/sync-inventory/, 'attention')
    expect(screen.queryByText(/All is well/)).toBeNull()
    const numberIn = (id: string) =>
      /(\d+)\s+(alerts )?firing/.exec(screen.getByTestId(id).textContent)?.[1]
    const firing = numberIn('nav-alerts')
    expect([numberIn('health'), numberIn('attention')]).toEqual([firing, firing])
    router.go({ screen: 'alerts' })
    await shown(new RegExp(`Firing\\s*${firing}\\s*all muted`), 'state-firing')
    expect((await row('sync-inventory')).textContent).toMatch(/Firing\s*Muted/)
  })

  it('open with their story, their proof and their rule', async () => {
    open('#/alerts/VH1004')
    await fireEvent.click(await row('VH1004'))
    await shown(/Fired/, 'alert-facts')
    await shown(/It has held for 1 min/, 'alert-timeline')
    await shown(/"hardwareId": "VH1004"/, 'raw-event')
    await shown(/Fires when battery_voltage is under 11\.5/, 'screen-alert')
    await fireEvent.click(screen.getByTestId('alert-target'))
    await screen.findByTestId('screen-device')
  })

  it('that are not there say so', async () => {
    open('#/alert/ffff')
    await shown(/There is no such alert/, 'screen-alert')
  })
})

describe('rules', () => {
  it('are listed, switched and filtered', async () => {
    const calls = open('#/rules')
    await shown(/16 rules, 15 on/, 'screen-rules')
    await fireEvent.click(screen.getByTestId('rule-switch-job-slow'))
    await shown(/16 rules, 14 on/, 'screen-rules')
    expect(asked(calls, 'set_rule_enabled')).toEqual([{ name: 'job-slow', enabled: false }])
    await fireEvent.input(screen.getByTestId('rules-filter'), { target: { value: 'temperature' } })
    await vi.waitFor(() => expect(screen.queryByTestId('rule-job-slow')).toBeNull())
    expect(screen.getByTestId('rule-cold-chain').textContent).toMatch(/Yours/)
  })

  it('are said in words and tried while they are written, and saved', async () => {
    const calls = open('#/rule/cold-chain')
    await shown(/temperature is over 8/, 'rule-sentence')
    expect(screen.getByTestId<HTMLButtonElement>('rule-save').disabled).toBe(true)
    await fireEvent.input(screen.getByTestId('rule-limit'), { target: { value: 'warm' } })
    await shown(/Enter a number/, 'rule-sentence')
    await fireEvent.input(screen.getByTestId('rule-limit'), { target: { value: '9,5' } })
    await shown(/temperature is over 9\.5/, 'rule-sentence')
    await fireEvent.click(screen.getByTestId('try-24'))
    await shown(/would have fired 13 times for 6 subjects/, 'trial')
    await fireEvent.click(screen.getByTestId('rule-save'))
    await screen.findByTestId('screen-rules')
    expect(asked(calls, 'save_rule')).toMatchObject([
      { name: 'cold-chain', draft: { when: { above: 9.5, clear: 7 } } },
    ])
  })

  it('are not lost by leaving', async () => {
    open('#/rule/cold-chain')
    await fireEvent.input(await screen.findByTestId('rule-name'), { target: { value: 'colder' } })
    router.go({ screen: 'devices' })
    await shown(/Leave without saving/, 'confirm')
    expect(router.current.screen).toBe('rule')
    await fireEvent.click(screen.getByTestId('confirm-do'))
    await screen.findByTestId('screen-devices')
  })

  it('are not lost by closing the window', async () => {
    const calls = open('#/rule/cold-chain')
    await fireEvent.input(await screen.findByTestId('rule-name'), { target: { value: 'colder' } })
    await fireEvent.keyDown(document.body, { key: 'w', code: 'KeyW', ctrlKey: true })
    await shown(/Leave without saving/, 'confirm')
    expect(asked(calls, 'close_window')).toHaveLength(0)
    await fireEvent.click(screen.getByTestId('confirm-do'))
    expect(asked(calls, 'close_window')).toHaveLength(1)
  })

  it('that are built in are reset, and one’s own removed', async () => {
    const calls = open('#/rule/battery-low')
    const button = await screen.findByTestId('rule-remove')
    expect(button.textContent).toBe('Reset')
    await fireEvent.click(button)
    await fireEvent.click(await screen.findByTestId('confirm-do'))
    await screen.findByTestId('screen-rules')
    expect(asked(calls, 'remove_rule')).toEqual([{ name: 'battery-low' }])
    await shown(/Built in 9 open/, 'rule-battery-low')
  })

  it('begin empty, or as a copy', async () => {
    open('#/newRule/battery-low')
    expect((await screen.findByTestId<HTMLInputElement>('rule-name')).value).toBe(
      'battery-low-copy',
    )
    cleanup()
    open('#/newRule')
    expect((await screen.findByTestId<HTMLInputElement>('rule-name')).value).toBe('')
    await shown(/appears here as you edit it/, 'rule-sentence')
  })

  it('that are not there say so', async () => {
    open('#/rule/none')
    await shown(/There is no such rule/, 'screen-rule')
  })
})
