import { expect, it } from 'vitest'
import type { App } from '../../context'
import { mockBackend } from '../../backend/mock'
import { partsOf } from './rows'

it('gives the rows of one organisation alone, and of the others what became of their hosts', async () => {
  const backend = mockBackend('lively')
  const live = { scope: { kind: 'all' }, past: null, chips: [] }
  const app = { backend, live } as unknown as App
  const connection = 'laptops'
  const sql = 'SELECT pid FROM processes'
  const refs = await Promise.all(
    ['org_acme', 'org_lab'].map(async (org) => {
      const run = await backend.call('run_query', { connection, org, sql, target: 'all' })
      return { connection, org, run }
    }),
  )
  const all = { sort: null, filter: '' }
  const each = async (only: (typeof refs)[number] | null) => {
    const { parts } = await partsOf(app, refs, { ...all, only })
    return parts.map(({ rows, matching, outcomes }) => [
      rows.length > 0,
      matching > 0,
      outcomes.length > 0,
    ])
  }
  await expect
    .poll(() => each(null), { timeout: 20_000 })
    .toEqual([
      [true, true, true],
      [true, true, true],
    ])
  expect(await each(refs[1] ?? null)).toEqual([
    [false, false, true],
    [true, true, true],
  ])
}, 30_000)
