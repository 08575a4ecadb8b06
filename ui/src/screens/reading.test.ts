import { fireEvent, screen, within } from '@testing-library/svelte'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { mockBackend } from '../lib/backend/mock'
import { paletteOf, preferences } from '../lib/preferences.svelte'
import { router } from '../lib/route.svelte'
import { toasts } from '../lib/toasts.svelte'
import { views } from '../lib/views/views.svelte'
import { open, stage } from './stage'

vi.mock('uplot')
stage()

beforeEach(() => {
  localStorage.clear()
  preferences.views = []
  preferences.zoom = 100
  preferences.theme = 'system'
})
const key = (init: KeyboardEventInit) => fireEvent.keyDown(document.body, init)

async function save(name: string) {
  await fireEvent.click(await screen.findByTestId('save-view-button'))
  await fireEvent.input(await screen.findByTestId('view-name'), { target: { value: name } })
  await fireEvent.click(screen.getByTestId('view-save'))
}

describe('shortcuts', () => {
  it('are all shown by ?, and sought by what they do', async () => {
    open('#/overview')
    await screen.findByTestId('screen-overview')
    await key({ key: '?', code: 'Slash', shiftKey: true })
    const list = within(await screen.findByTestId('shortcuts'))
    expect(list.getByText('Select all open alerts')).toBeDefined()
    await fireEvent.input(list.getByTestId('shortcut-search'), { target: { value: 'mute' } })
    expect(list.queryByText('Select all open alerts')).toBeNull()
    expect(list.getByText('Mute everything, or end it')).toBeDefined()
  })

  it('that lead away close the menu that is open, with one press', async () => {
    open('#/overview')
    await fireEvent.keyDown(await screen.findByTestId('mute'), { key: 'Enter' })
    const menu = await screen.findByTestId('mute-menu')
    await fireEvent.keyDown(menu, { key: '2', code: 'Digit2', altKey: true })
    await screen.findByTestId('screen-alerts')
    await vi.waitFor(() => expect(screen.queryByTestId('mute-menu')).toBeNull())
  })
})

describe('a saved view', () => {
  it('is looked at again as it was, from another screen', async () => {
    open('#/devices/VH1004')
    await screen.findByTestId('screen-devices')
    preferences.deviceView = 'table'
    await save('  One   lock ')
    expect(preferences.views.map((view) => view.name)).toEqual(['One lock'])
    preferences.deviceView = 'board'
    router.go({ screen: 'settings' })
    await screen.findByTestId('screen-settings')
    await fireEvent.click(screen.getByTestId('view-One lock'))
    const filter = await screen.findByTestId<HTMLInputElement>('device-filter')
    await vi.waitFor(() => expect(filter.value).toBe('VH1004'))
    expect(preferences.deviceView).toBe('table')
  })

  it('of another name of the same screen is written without leaving it', async () => {
    open('#/events/jobs')
    await screen.findByTestId('screen-events')
    await save('Jobs')
    const filter = screen.getByTestId<HTMLInputElement>('event-filter')
    await fireEvent.input(filter, { target: { value: 'locks' } })
    await fireEvent.click(screen.getByTestId('view-Jobs'))
    await vi.waitFor(() => expect(filter.value).toBe('jobs'))
  })

  it('keeps the states and severities of alerts', async () => {
    open('#/alerts/door')
    await screen.findByTestId('screen-alerts')
    await save('Doors')
    expect(preferences.views[0]?.look).toMatchObject({
      filter: 'door',
      choices: { states: [], rule: '' },
    })
  })

  it('is listed with its whole name beside a rail that has no room for it', async () => {
    const list = (query: string) => ({
      matches: query.includes('max-width: 860px'),
      addEventListener() {},
      removeEventListener() {},
    })
    vi.stubGlobal('matchMedia', list)
    open('#/signals')
    await screen.findByTestId('screen-signals')
    await save('Cyber of the last week')
    expect(screen.queryByTestId('view-Cyber of the last week')).toBeNull()
    await fireEvent.click(screen.getByTestId('rail-views-open'))
    const menu = await screen.findByTestId('views-menu')
    expect(within(menu).getByText('Cyber of the last week')).toBeDefined()
    await fireEvent.click(within(menu).getByTestId('view-Cyber of the last week'))
    await vi.waitFor(() => expect(screen.queryByTestId('views-menu')).toBeNull())
  })

  it('that is deleted can be had back, where it was', async () => {
    open('#/signals')
    await screen.findByTestId('screen-signals')
    for (const name of ['a', 'b', 'c']) await save(name)
    const [, second] = views.list
    if (second) views.remove(second)
    expect(views.list.map((view) => view.name)).toEqual(['a', 'c'])
    await toasts.list.at(-1)?.action?.run()
    expect(views.list.map((view) => view.name)).toEqual(['a', 'b', 'c'])
  })

  it('is changed in place, put back, and both can be taken back', async () => {
    open('#/events/jobs')
    await screen.findByTestId('screen-events')
    await save('Jobs')
    const kept = () => preferences.views.map(({ name, look }) => [name, look.filter])
    const filter = screen.getByTestId<HTMLInputElement>('event-filter')
    const stand = await screen.findByTestId('standing-view')
    expect(stand.textContent).not.toContain('changed')
    await fireEvent.input(filter, { target: { value: 'locks' } })
    expect(stand.textContent).toContain('changed')

    await key({ key: 'V', code: 'KeyV', shiftKey: true })
    expect(kept()).toEqual([['Jobs', 'locks']])
    expect(stand.textContent).not.toContain('changed')
    await toasts.list.at(-1)?.action?.run()
    expect(kept()).toEqual([['Jobs', 'jobs']])
    await vi.waitFor(() => expect(stand.textContent).toContain('changed'))

    await key({ key: 'k', code: 'KeyK', ctrlKey: true })
    const line = await screen.findByTestId('palette-input')
    await fireEvent.input(line, { target: { value: 'reset to' } })
    await fireEvent.keyDown(line, { key: 'Enter' })
    await vi.waitFor(() => expect(filter.value).toBe('jobs'))
    expect(stand.textContent).not.toContain('changed')
    await toasts.list.at(-1)?.action?.run()
    await vi.waitFor(() => expect(filter.value).toBe('locks'))
    expect(kept()).toEqual([['Jobs', 'jobs']])
  })

  it('is left with its screen, and found again by opening it', async () => {
    open('#/events/jobs')
    await screen.findByTestId('screen-events')
    await save('Jobs')
    await screen.findByTestId('standing-view')
    router.go({ screen: 'signals' })
    await screen.findByTestId('screen-signals')
    expect(screen.queryByTestId('standing-view')).toBeNull()
    expect(screen.getByTestId('save-view-button')).toBeDefined()
    router.go({ screen: 'events' })
    await screen.findByTestId('screen-events')
    expect(screen.queryByTestId('standing-view')).toBeNull()
    await key({ key: '1', code: 'Digit1', ctrlKey: true })
    expect((await screen.findByTestId('standing-view')).textContent).toContain('Jobs')
  })

  it('is replaced by saving under its name, which is said and can be taken back', async () => {
    open('#/events/jobs')
    await screen.findByTestId('screen-events')
    await save('Jobs')
    const filter = screen.getByTestId<HTMLInputElement>('event-filter')
    await fireEvent.input(filter, { target: { value: 'locks' } })
    await fireEvent.click(screen.getByTestId('save-view-button'))
    await fireEvent.input(await screen.findByTestId('view-name'), { target: { value: 'Jobs' } })
    expect(screen.getByText('This screen has a view of that name: it is replaced.')).toBeDefined()
    expect(screen.getByTestId('view-save').textContent).toBe('Replace')
    await fireEvent.click(screen.getByTestId('view-save'))
    expect(preferences.views.map(({ look }) => look.filter)).toEqual(['locks'])
    await toasts.list.at(-1)?.action?.run()
    expect(preferences.views.map(({ look }) => look.filter)).toEqual(['jobs'])
  })

  it('takes another name, and replaces the one that had it', async () => {
    open('#/signals')
    await screen.findByTestId('screen-signals')
    for (const name of ['a', 'b']) await save(name)
    const [first] = views.list
    if (first) views.rename(first, 'b')
    expect(views.list.map((view) => view.name)).toEqual(['b'])
  })
})

describe('reading', () => {
  it('is larger and smaller by keys, within bounds, and kept', async () => {
    const backend = mockBackend('lively')
    const call = vi.spyOn(backend, 'call')
    open('#/settings', backend)
    await screen.findByTestId('screen-settings')
    for (let i = 0; i < 9; i++) await key({ key: '+', code: 'Equal', ctrlKey: true })
    expect(preferences.zoom).toBe(200)
    await vi.waitFor(() => expect(call).toHaveBeenCalledWith('set_zoom', { percent: 200 }))
    await vi.waitFor(() => expect(screen.getByTestId('status-zoom').textContent).toBe('200 %'))
    await key({ key: '-', code: 'Minus', ctrlKey: true })
    expect(JSON.parse(localStorage.getItem('signalbox.look') ?? '{}')).toMatchObject({ zoom: 175 })
    await key({ key: '0', code: 'Digit0', ctrlKey: true })
    expect(preferences.zoom).toBe(100)
  })

  it('has more contrast where the system asks for it, in the lightness that is chosen', () => {
    const more = { light: false, contrast: true }
    expect(paletteOf('system', more)).toBe('contrast')
    expect(paletteOf('light', more)).toBe('contrast-light')
    expect(paletteOf('system', { light: true, contrast: false })).toBe('light')
    expect(paletteOf('contrast', { light: true, contrast: false })).toBe('contrast')
  })
})
