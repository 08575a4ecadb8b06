import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import uPlot from 'uplot'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { EvidenceRow } from '../backend/types'
import EvidenceChart from './EvidenceChart.svelte'

vi.mock('uplot')

// From 0 to 1000 px the stand-in for uPlot shows the first second.
const evidence: EvidenceRow = {
  field: 'battery_voltage',
  threshold: 11.5,
  fired: 500,
  times: [0, 500, 1000],
  values: [12, 11.4, 11.3],
}
const AT_THE_SECOND = '11.4'
let plot: HTMLElement
const shown = () => document.querySelector('.at')?.textContent?.trim() ?? ''

/** Says what lies under the pointer. */
const under = (element: Element | null) =>
  vi.spyOn(document, 'elementFromPoint').mockReturnValue(element)

beforeEach(async () => {
  render(EvidenceChart, { evidence, title: 'Battery low', source: null })
  plot = screen.getByTestId('evidence-plot')
  expect(shown()).toBe('')
  await fireEvent.pointerMove(plot, { clientX: 510, clientY: 40 })
  await fireEvent.mouseMove(plot, { clientX: 510, clientY: 40 })
  expect(shown()).toContain(AT_THE_SECOND)
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

it('shows what is pointed at while the chart lies under the pointer, however the page scrolls', async () => {
  under(plot)
  await fireEvent.scroll(document.body)
  expect(shown()).toContain(AT_THE_SECOND)
})

it('ends its crosshair as it scrolls away under a pointer that rests, and takes it up again', async () => {
  const placed = vi.spyOn(uPlot.prototype, 'setCursor')
  under(document.body)
  await fireEvent.scroll(document.body)
  expect(shown()).toBe('')
  expect(placed).toHaveBeenCalledExactlyOnceWith({ left: -10, top: -10 }, false)
  await fireEvent.pointerMove(plot, { clientX: 990, clientY: 40 })
  await fireEvent.mouseMove(plot, { clientX: 990, clientY: 40 })
  expect(shown()).toContain('11.3')
})

it('asks for nothing more once it is gone', async () => {
  const asked = under(document.body)
  cleanup()
  await fireEvent.scroll(document.body)
  expect(asked).not.toHaveBeenCalled()
})
