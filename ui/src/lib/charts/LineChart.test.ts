import { render, screen } from '@testing-library/svelte'
import { expect, it, vi } from 'vitest'
import { beginning } from '../live/beginning.svelte'
import LineChart from './LineChart.svelte'
import { CHART } from './part'

it('says so where what draws charts could not be read, and tries again when asked', async () => {
  const load = vi.spyOn(CHART, 'load').mockResolvedValue()
  beginning.end()
  render(LineChart, { title: 'Rates', lines: [] })
  expect((await screen.findByRole('status')).textContent).toContain('could not be read')
  const again = await screen.findByRole('button', { name: 'Try again' })
  load.mockClear()
  again.click()
  expect(load).toHaveBeenCalledOnce()
})
