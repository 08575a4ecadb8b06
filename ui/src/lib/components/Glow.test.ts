import { render } from '@testing-library/svelte'
import { createRawSnippet, flushSync } from 'svelte'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import Glow from './Glow.svelte'

let whose: string | undefined
vi.mock('./whose', () => ({ whoseIsShown: () => () => whose }))

const children = createRawSnippet(() => ({ render: () => '<b></b>' }))
const cancel = vi.fn()
const animate = vi.fn(() => ({ cancel }))

beforeEach(() => {
  Element.prototype.animate = animate as unknown as Element['animate']
})
afterEach(() => {
  vi.clearAllMocks()
  whose = undefined
})

it('glows when a value has changed, and not when it is shown first', async () => {
  const { rerender } = render(Glow, { value: 1, children })
  flushSync()
  expect(animate).not.toHaveBeenCalled()
  await rerender({ value: 2 })
  expect(animate).toHaveBeenCalledOnce()
})

it('ends the glow of another, and does not glow for being another', async () => {
  whose = 'a'
  const { rerender } = render(Glow, { value: 1, children })
  await rerender({ value: 2 })
  expect(animate).toHaveBeenCalledOnce()
  whose = 'b'
  await rerender({ value: 3 })
  expect(animate).toHaveBeenCalledOnce()
  expect(cancel).toHaveBeenCalledOnce()
  await rerender({ value: 4 })
  expect(animate).toHaveBeenCalledTimes(2)
})
