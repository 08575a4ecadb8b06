import { fireEvent, screen } from '@testing-library/svelte'
import { expect, it, vi } from 'vitest'
import { mockBackend } from '../lib/backend/mock'
import type { Mood } from '../lib/backend/mock/world'
import { asked, open, stage } from './stage'

stage()

/** A fleet whose connections are all switched off. */
async function switchedOff(mood: Mood) {
  const fleet = mockBackend(mood)
  const spec = { have: 0, scope: { kind: 'all' }, past: null } as const
  const { screen: picture } = await fleet.call('look', {
    spec: { ...spec, screen: { screen: 'connections', open: null } },
  })
  const cards = picture.screen === 'connections' ? (picture.cards ?? []) : []
  for (const { chip } of cards) await fleet.call('set_enabled', { name: chip.name, enabled: false })
  return fleet
}

const SCREENS = {
  hosts: 'laptops',
  devices: 'locks-eu',
  jobs: 'back-office',
  agents: 'crew',
  signals: 'intel',
} as const

for (const [name, connection] of Object.entries(SCREENS)) {
  it(`${name}: of a connection that is off and told nothing it says that, and switches it on`, async () => {
    const calls = open(`#/${name}`, await switchedOff('empty'))
    const page = await screen.findByTestId(`screen-${name}`)
    await vi.waitFor(() => expect(page.textContent).toContain(`${connection} is switched off`))
    expect(page.textContent).toMatch(
      /It has been off for .*, and it is not known what \w+ there are/,
    )
    expect(page.textContent).not.toMatch(/matches|filter, or clear|lower severity|0 of 0|0\/0/i)
    expect(page.querySelector('header')?.querySelector('.note')).toBeNull()
    await fireEvent.click(screen.getByTestId(`switch-on-${connection}`))
    expect(asked(calls, 'set_enabled')).toEqual([{ name: connection, enabled: true }])
  })

  it(`${name}: of a connection that is off the last that was known is shown as that, with a way to switch it on`, async () => {
    open(`#/${name}`, await switchedOff('lively'))
    const note = await screen.findByTestId('stale-note')
    expect(note.textContent).toMatch(/the last that was known.*Switched off for /s)
    expect(note.querySelector(`[data-testid="switch-on-${connection}"]`)).not.toBeNull()
  })
}

it('the console says in few words why nothing can be asked', async () => {
  open('#/hosts', await switchedOff('lively'))
  const reach = await screen.findByTestId('run-reach')
  expect(reach.textContent).toBe('laptops is switched off')
  expect(screen.getByTestId<HTMLButtonElement>('run').disabled).toBe(true)
})

it('a card of which no event came says that none did yet, and not that none ever came', async () => {
  const fleet = mockBackend('lively')
  const draft = await fleet.call('connection_draft', { name: 'laptops' })
  await fleet.call('add_connection', { draft: { ...draft, name: 'new', enabled: false } })
  open('#/connections', fleet)
  const card = await screen.findByTestId('card-new')
  expect(card.textContent).toMatch(/Last event\s*none yet/)
  expect(card.textContent).not.toContain('never')
})
