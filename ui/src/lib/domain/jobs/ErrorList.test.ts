import { cleanup, render, screen } from '@testing-library/svelte'
import { afterEach, expect, it } from 'vitest'
import type { ErrorRow } from '../../backend/types'
import ErrorList from './ErrorList.svelte'

afterEach(cleanup)

const errors: ErrorRow[] = [
  { error: 'HTTP 502', count: 3, firstAt: 0, maybeBefore: true, lastAt: 9, job: 'a' },
  { error: 'no route', count: 1, firstAt: 7, maybeBefore: false, lastAt: 7, job: 'b' },
]

it('says how many rarer ways to fail are not listed, where some are', async () => {
  const { rerender } = render(ErrorList, { connection: 'jobs', errors, more: 1 })
  const more = () => screen.queryByTestId('definition-more-errors')?.textContent.trim()
  expect(more()).toBe('2 ways to fail are listed, the most frequent. 1 rarer one is not.')
  await rerender({ more: 6 })
  expect(more()).toMatch(/6 rarer ones are not\.$/)
  await rerender({ more: null })
  expect(more()).toMatch(/Rarer ones are not\.$/)
  await rerender({ more: 0 })
  expect(more()).toBeUndefined()
  // A job that is not kept any more has no page to lead to.
  expect(screen.getAllByRole('link')).toHaveLength(2)
  await rerender({ errors: errors.map((row) => ({ ...row, job: null })) })
  expect(screen.queryByRole('link')).toBeNull()
})

it('tells of no first failure where earlier ones are not kept', async () => {
  const row = { error: 'HTTP 502', count: 3, firstAt: Date.now() - 840_000, lastAt: 9, job: 'a' }
  const shown = (maybeBefore: boolean) => ({
    connection: 'jobs',
    errors: [{ ...row, maybeBefore }],
    more: 0,
  })
  const { rerender } = render(ErrorList, shown(true))
  const words = () => screen.getByTestId('definition-errors').textContent
  expect(words()).toMatch(/since .*\d\d:\d\d .* or before/)
  expect(words()).not.toMatch(/first/)
  await rerender(shown(false))
  expect(words()).toMatch(/first \d+ min ago/)
})
