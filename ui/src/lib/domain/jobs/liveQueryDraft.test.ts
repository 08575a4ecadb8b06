import { describe, expect, it } from 'vitest'
import type { LiveQueryRow } from '../../backend/types'
import { liveQueryArgs, liveQueryProblems } from './liveQueryDraft'

const entry = { connection: 'shop', id: ' open ', edge: ' orders ', filter: ' ', orderBy: '' }
const known = [{ connection: 'shop', id: 'open' }] as LiveQueryRow[]

describe('a live query as it is entered', () => {
  it('needs a name of its own on its connection', () => {
    expect(liveQueryProblems({ ...entry, id: ' ' }, []).id).toMatch(/name/)
    expect(liveQueryProblems(entry, known).id).toMatch(/shop has a live query named open already/)
    expect(liveQueryProblems({ ...entry, connection: 'other' }, known)).toEqual({})
  })

  it('keeps its own name while it is changed, and may have that of one that was destroyed', () => {
    const row = { ...known[0], key: 'shop/open', destroyed: false } as LiveQueryRow
    expect(liveQueryProblems(entry, [row], row)).toEqual({})
    expect(liveQueryProblems(entry, [row]).id).toMatch(/already/)
    expect(liveQueryProblems(entry, [{ ...row, destroyed: true }])).toEqual({})
  })

  it('needs an edge of one word', () => {
    expect(liveQueryProblems({ ...entry, edge: '' }, []).edge).toMatch(/Name the edge/)
    expect(liveQueryProblems({ ...entry, edge: 'orders where' }, []).edge).toMatch(/one word/)
  })

  it('goes without what was left empty', () => {
    expect(liveQueryArgs(entry)).toEqual({
      connection: 'shop',
      id: 'open',
      edge: 'orders',
      filter: null,
      orderBy: null,
    })
    const args = liveQueryArgs({ ...entry, filter: " status == 'held' ", orderBy: 'total desc' })
    expect(args).toMatchObject({ filter: "status == 'held'", orderBy: 'total desc' })
  })
})
