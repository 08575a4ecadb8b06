import { fireEvent, screen } from '@testing-library/svelte'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { wizard } from '../lib/domain/connections/wizard.svelte'
import { toasts } from '../lib/toasts.svelte'
import { asked, open, stage } from './stage'

vi.mock('uplot')
stage()
afterEach(() => (wizard.open = false))

/** A click as the dialogs hear it: they tell where it began, and wait a moment. */
async function click(element: Element) {
  await fireEvent.pointerDown(element, { button: 0, clientX: 5, clientY: 5 })
  await fireEvent.pointerUp(element, { button: 0 })
  await fireEvent.click(element)
  await new Promise((done) => setTimeout(done, 50))
}

describe('a dialog in which something is typed', () => {
  async function typeInto(): Promise<HTMLInputElement> {
    open('#/connections')
    await screen.findByTestId('card-crew')
    wizard.begin({ what: 'edit', name: 'crew' })
    const name = await screen.findByTestId<HTMLInputElement>('conn-name')
    await fireEvent.input(name, { target: { value: 'crew-of-two' } })
    return name
  }

  it('stays while a message beside it is closed, and when it is clicked beside', async () => {
    const name = await typeInto()
    toasts.failed(new Error('It did not work.'))
    await click(await screen.findByLabelText('Close the message'))
    expect(screen.queryByTestId('toast')).toBeNull()
    await click(document.querySelector('.dialog-overlay') ?? document.body)
    expect(screen.getByTestId('conn-name')).toBe(name)
    expect(name.value).toBe('crew-of-two')
    expect(screen.queryByTestId('confirm')).toBeNull()
  })

  it.each(['Escape', 'Cancel', 'Close'])('asks before %s discards it', async (way) => {
    const name = await typeInto()
    const leave = async () => {
      if (way === 'Escape') await fireEvent.keyDown(name, { key: 'Escape', code: 'Escape' })
      else if (way === 'Cancel') await fireEvent.click(screen.getByTestId('conn-cancel'))
      else await fireEvent.click(screen.getByLabelText('Close'))
    }
    await leave()
    expect((await screen.findByTestId('confirm')).textContent).toContain('Discard what you typed?')
    await fireEvent.click(screen.getByTestId('confirm-cancel'))
    await vi.waitFor(() => expect(screen.queryByTestId('confirm')).toBeNull())
    expect(name.value).toBe('crew-of-two')
    expect(wizard.open).toBe(true)
    await leave()
    await fireEvent.click(await screen.findByTestId('confirm-do'))
    await vi.waitFor(() => expect(screen.queryByTestId('connection-dialog')).toBeNull())
  })

  it('does not ask where nothing was typed', async () => {
    open('#/connections')
    await screen.findByTestId('card-crew')
    wizard.begin({ what: 'edit', name: 'crew' })
    await screen.findByTestId('conn-name')
    await fireEvent.click(screen.getByTestId('conn-cancel'))
    await vi.waitFor(() => expect(screen.queryByTestId('connection-dialog')).toBeNull())
    expect(screen.queryByTestId('confirm')).toBeNull()
  })
})

describe('a connection to what is watched already', () => {
  it('says so before it is saved, and forbids nothing', async () => {
    const calls = open('#/connections')
    await screen.findByTestId('card-locks-eu')
    wizard.begin({ what: 'duplicate', name: 'locks-eu' })
    const note = await screen.findByTestId('conn-twin')
    expect(note.textContent).toMatch(/locks-eu watches this address already, and the devices VH/)
    await fireEvent.input(screen.getByTestId('conn-subscribe'), { target: { value: 'OTHER1' } })
    await vi.waitFor(() => expect(note.textContent).toMatch(/but none of these devices/))
    const url = screen.getByTestId('conn-url')
    await fireEvent.input(url, { target: { value: 'wss://api.other.example/realtime' } })
    await vi.waitFor(() => expect(screen.queryByTestId('conn-twin')).toBeNull())
    await fireEvent.input(url, { target: { value: 'wss://api.iotee.example/realtime' } })
    await screen.findByTestId('conn-twin')
    await click(screen.getByTestId('conn-save'))
    await vi.waitFor(() => expect(asked(calls, 'add_connection')).toHaveLength(1))
  })
})
