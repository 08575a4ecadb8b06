import { fireEvent, screen } from '@testing-library/svelte'
import { expect, it, vi } from 'vitest'
import { open, stage } from './stage'

vi.mock('uplot')
stage()

it('one button leads back to live from a zoom in the past, and the key is written on it alone', async () => {
  open('#/overview')
  await fireEvent.click(await screen.findByTestId('past'))
  await fireEvent.click(await screen.findByTestId('past-24h'))
  const plot = (await screen.findAllByTestId('plot'))[0]
  plot?.focus()
  if (plot) await fireEvent.keyDown(plot, { key: '+', code: 'Equal' })
  await screen.findByTestId('zoom-mark')
  const keys = () =>
    [...screen.getByTestId('topbar').querySelectorAll('kbd')].filter((k) => k.textContent === 'L')
  expect(keys()).toHaveLength(1)
  await fireEvent.click(screen.getByTestId('past-back'))
  await vi.waitFor(() => expect(screen.queryByTestId('zoom-mark')).toBeNull())
  expect(screen.queryByTestId('past-back')).toBeNull()
  expect(keys()).toHaveLength(0)
})
