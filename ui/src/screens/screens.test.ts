import { fireEvent, screen } from '@testing-library/svelte'
import { describe, expect, it, vi } from 'vitest'
import { DEVICE_COLUMNS, preferences } from '../lib/preferences.svelte'
import { open, stage } from './stage'

vi.mock('uplot')
stage()

describe('every screen', () => {
  const screens: [hash: string, id: string, words: RegExp][] = [
    ['#/overview', 'screen-overview', /Needs attention/],
    ['#/devices', 'screen-devices', /48 devices/],
    ['#/device/locks-eu/VH1004', 'screen-device', /battery voltage/],
    ['#/jobs', 'screen-jobs', /sync-inventory/],
    ['#/liveQuery/back-office/lq-orders', 'screen-live-query', /capped/],
    ['#/agents', 'screen-agents', /watchdog/],
    ['#/hosts', 'screen-hosts', /26 hosts/],
    ['#/signals', 'screen-signals', /2 active alerts/],
    ['#/events', 'screen-events', /events kept/],
    ['#/connections', 'screen-connections', /Live for/],
    ['#/settings', 'screen-settings', /Colours/],
  ]
  it.each(screens)('%s draws the fleet', async (hash, id, words) => {
    open(hash)
    const page = await screen.findByTestId(id)
    await vi.waitFor(() => expect(page.textContent).toMatch(words))
  })
  it.each(screens)('%s draws a fleet that tells nothing', async (hash, id) => {
    open(hash, 'empty')
    await screen.findByTestId(id)
    expect(screen.queryByTestId('trouble')).toBeNull()
  })
})

describe('the menu of columns', () => {
  const lines = () =>
    screen.getAllByRole('menuitemcheckbox').map((line) => line.textContent?.trim())
  const line = (name: RegExp) => screen.getByRole('menuitemcheckbox', { name })

  it('stands still while it is used, and takes back what was added and left out', async () => {
    preferences.deviceView = 'table'
    open('#/devices')
    const button = await screen.findByTestId('columns-devices')
    button.focus()
    await fireEvent.keyDown(button, { key: 'Enter', code: 'Enter' })
    const reset = await screen.findByTestId('columns-reset')
    expect(reset.hasAttribute('data-disabled')).toBe(true)
    const before = lines()

    await fireEvent.click(line(/^speed/))
    await vi.waitFor(() => expect(line(/^speed/).getAttribute('aria-checked')).toBe('false'))
    expect(reset.hasAttribute('data-disabled')).toBe(false)
    await fireEvent.click(line(/^satellites/))
    await vi.waitFor(() => expect(line(/^satellites/).getAttribute('aria-checked')).toBe('true'))
    expect(lines()).toEqual(before)
    expect(preferences.deviceColumns).toEqual(['battery_voltage', 'satellites'])

    await fireEvent.click(reset)
    await vi.waitFor(() => expect(preferences.deviceColumns).toEqual([...DEVICE_COLUMNS]))
  })
})

describe('the window', () => {
  it('says what is not live, and that what is shown is old', async () => {
    open('#/devices/lock%3Aunlocked', 'stale')
    const note = await screen.findByTestId('stale-note')
    expect(note.textContent).toMatch(/the last that was known\. locks-eu: Stale for/)
    expect(screen.getByTestId('chip-intel').dataset.status).toBe('needs_credential')
    await vi.waitFor(() => expect(document.body.textContent).toMatch(/Was unlocked/))
  })

  it('tells why nothing comes', async () => {
    open('#/overview', 'error')
    expect((await screen.findByTestId('trouble')).textContent).toMatch(/history is safe/)
  })

  it('opens the demo fleet from the first run', async () => {
    open('#/overview', 'first')
    await fireEvent.click(await screen.findByTestId('start-demo'))
    await screen.findByTestId('chip-locks-eu')
    expect(await screen.findByTestId('screen-overview')).toBeDefined()
  })

  it('is held still and let go by the space bar', async () => {
    open('#/overview')
    const pause = await screen.findByTestId('pause')
    await fireEvent.keyDown(document.body, { key: ' ', code: 'Space' })
    expect(pause.getAttribute('aria-pressed')).toBe('true')
    await fireEvent.keyDown(document.body, { key: ' ', code: 'Space' })
    expect(pause.getAttribute('aria-pressed')).toBe('false')
  })

  it('shows the raw JSON of an event that is opened', async () => {
    open('#/events')
    const table = await screen.findByTestId('event-table')
    const row = await vi.waitFor(() => {
      const found = table.querySelector('[data-key]')
      if (!found) throw new Error('no row yet')
      return found
    })
    await fireEvent.click(row)
    const json = await screen.findByTestId('event-json')
    expect(JSON.parse(json.textContent ?? '')).toHaveProperty('timestamp')
  })

  it('names what is wrong with a new connection before anything is sent', async () => {
    open('#/connections')
    await fireEvent.click(await screen.findByTestId('add'))
    await fireEvent.click(await screen.findByTestId('service-iotee'))
    await fireEvent.click(await screen.findByTestId('conn-save'))
    expect(document.body.textContent).toMatch(/Enter the address/)
    expect(document.body.textContent).toMatch(/Enter the API key/)
  })
})
