import { cleanup, fireEvent, screen } from '@testing-library/svelte'
import { describe, expect, it, vi } from 'vitest'
import { mockBackend } from '../lib/backend/mock'
import { asked, open as openWindow, stage, type Call } from './stage'

vi.mock('uplot')
stage()

/** What the window asks of the backend. */
let calls: Call[]

function open(...given: Parameters<typeof openWindow>) {
  calls = openWindow(...given)
}

async function choose(menu: string, item: string) {
  const trigger = await screen.findByTestId(menu)
  await vi.waitFor(() => expect((trigger as HTMLButtonElement).disabled).toBe(false))
  trigger.focus()
  await fireEvent.keyDown(trigger, { key: 'Enter' })
  await fireEvent.click(await screen.findByTestId(item))
}

const said = <C extends Call['command']>(command: C) => asked(calls, command)[0]

describe('events as a file', () => {
  it('are those of the filter, and it is said where they are', async () => {
    open('#/events/kind%3Adevice.unlocked')
    await choose('events-export', 'events-ndjson')
    const toast = await screen.findByTestId('toast')
    expect(toast.textContent).toMatch(/events? saved.*Events\.ndjson.*Copy path/s)
    expect(said('save_events')).toEqual({
      scope: { kind: 'all' },
      filter: 'kind:device.unlocked',
      past: null,
      format: 'ndjson',
    })
  })

  it('are not all of them without a word', async () => {
    const saved = { place: '/home/me/Events.csv', rows: 20_000, more: true }
    open('#/events', 'lively', { save_events: saved })
    await choose('events-export', 'events-csv')
    const toast = await screen.findByTestId('toast')
    expect(toast.textContent).toMatch(/20\s000 events saved/)
    expect(toast.textContent).toMatch(/newest of more.*Events\.csv\s+in \/home\/me/s)
  })
})

describe('a live query', () => {
  it('is created from a dialog that says what is missing', async () => {
    open('#/jobs')
    await fireEvent.click(await screen.findByTestId('live-query-new'))
    await fireEvent.click(await screen.findByTestId('live-query-do'))
    expect(screen.getByTestId('live-query-dialog').textContent).toMatch(/Give the query a name/)
    expect(said('create_live_query')).toBeUndefined()
    await fireEvent.input(screen.getByTestId('live-query-id'), { target: { value: 'held' } })
    await fireEvent.input(screen.getByTestId('live-query-edge'), { target: { value: 'orders' } })
    await fireEvent.click(screen.getByTestId('live-query-do'))
    const list = screen.getByTestId('live-queries')
    await vi.waitFor(() => expect(list.textContent).toMatch(/held/))
    expect(said('create_live_query')).toMatchObject({ connection: 'back-office', filter: null })
  })

  it('is offered where there is none, and destroyed when it was asked twice', async () => {
    open('#/jobs', 'empty')
    await screen.findByTestId('live-query-first')
    cleanup()
    open('#/liveQuery/back-office/lq-orders')
    await fireEvent.click(await screen.findByTestId('live-query-destroy'))
    expect(said('destroy_live_query')).toBeUndefined()
    await fireEvent.click(await screen.findByTestId('confirm-do'))
    await vi.waitFor(() =>
      expect(said('destroy_live_query')).toEqual({ connection: 'back-office', id: 'lq-orders' }),
    )
    const panel = await screen.findByTestId('live-queries')
    await vi.waitFor(() => expect(panel.textContent).toMatch(/No live queries/))
  })
})

describe('a query on hosts', () => {
  it('is saved with its rows, and with what became of each host', async () => {
    open('#/hosts')
    await fireEvent.click(await screen.findByTestId('run'))
    await screen.findByTestId('run-results')
    await choose('save-run', 'save-outcomes-json')
    await vi.waitFor(() => expect(said('save_text')).toMatchObject({ kind: 'json' }))
    const { text } = said('save_text') as { text: string }
    expect(JSON.parse(text)[0]).toHaveProperty('outcome')
    expect((await screen.findByTestId('toast')).textContent).toMatch(/outcomes? saved.*Copy path/s)
  })
})

describe('the picture of an alert', () => {
  it('is of the device’s own series, over the time of the alert, with its threshold', async () => {
    const backend = mockBackend()
    const frame = await backend.call('pull', {
      spec: {
        have: 0,
        scope: { kind: 'all' },
        past: null,
        screen: {
          screen: 'alerts',
          filter: { states: ['firing'], severities: [], rule: null, text: '' },
          grouped: false,
          unfolded: [],
          offset: 0,
          limit: 100,
        },
      },
    })
    const rows = frame.screen.screen === 'alerts' ? frame.screen.alerts.changed : []
    const battery = rows.find((row) => row.rule === 'battery-low')
    const slow = rows.find((row) => row.rule === 'job-slow')
    open(`#/alert/${battery?.key}`)
    const trigger = await screen.findByLabelText(/save or copy/)
    trigger.focus()
    await fireEvent.keyDown(trigger, { key: 'Enter' })
    await fireEvent.click(await screen.findByTestId('chart-svg'))
    await screen.findByTestId('toast')
    expect(said('save_picture')).toMatchObject({
      picture: {
        title: battery?.title,
        series: {
          series: [
            {
              kind: 'field',
              connection: 'locks-eu',
              device: battery?.subject,
              field: 'battery_voltage',
            },
          ],
          scope: { kind: 'all' },
        },
        thresholds: [{ value: 11.5, label: 'threshold' }],
        format: 'svg',
      },
    })
    cleanup()
    // The time of a job is not a series of its own.
    open(`#/alert/${slow?.key}`)
    await vi.waitFor(() => expect(document.body.textContent).toMatch(/When it fired/))
    expect(screen.queryByLabelText(/save or copy/)).toBeNull()
  })
})
