import { describe, expect, it } from 'vitest'
import type { JobRow, PostRow } from '../backend/types'
import { threads } from './agents/thread'
import { lockOf, withLock } from './devices/filter'
import { completions } from './events/complete'
import { toCsv, toJson } from './hosts/export'
import { extent } from './jobs/extent'
import { lanes } from './jobs/lanes'

const NOW = 1_800_000_000_000

describe('the lock state in a filter', () => {
  it('is put in, changed and taken out, the rest left as it was', () => {
    expect(withLock('depot', 'unlocked')).toBe('depot lock:unlocked')
    expect(withLock('lock:locked depot', 'unknown')).toBe('depot lock:unknown')
    expect(withLock('lock:locked', 'all')).toBe('')
    expect(lockOf('a lock:unlocked b')).toBe('unlocked')
    expect(lockOf('a clock:unlocked')).toBe('all')
  })
})

describe('completions', () => {
  it('offer keys, kinds and connections', () => {
    expect(completions('ki', [])).toEqual(['kind:'])
    expect(completions('kind:device.un', [])).toEqual(['kind:device.unlocked'])
    expect(completions('x connection:lo', ['locks-eu', 'intel'])).toEqual(['connection:locks-eu'])
  })
  it('offer nothing for a finished word or none', () => {
    expect(completions('kind:device.unlocked', [])).toEqual([])
    expect(completions('', [])).toEqual([])
  })
})

describe('exports of a run', () => {
  const part = {
    organisation: 'o',
    columns: ['p', 'q', 'r'],
    rows: [{ key: '0', hostname: 'a', cells: ['x,"y"', null, 3] }],
  }
  it('quote in CSV', () => expect(toCsv([part])).toBe('host,p,q,r\r\na,"x,""y""",,3\r\n'))
  it('are objects in JSON', () =>
    expect(JSON.parse(toJson([part]))).toEqual([{ host: 'a', p: 'x,"y"', q: null, r: 3 }]))
})

describe('extent', () => {
  it('says whatever is not there', () => {
    const query = {
      key: '',
      connection: '',
      id: '',
      lastAt: null,
      asked: null,
      destroyed: false,
      stale: false,
    }
    const whole = { capped: false, loading: false, dropped: 0 }
    expect(extent({ ...query, ...whole, nodes: 125, total: 101 })).toBe('125 rows')
    expect(
      extent({ ...query, nodes: 42, total: 1342, capped: true, loading: true, dropped: 2 }),
    ).toBe(
      '42 rows of 1\u202f342, still loading, capped: the service tracks only the first ones, 2 did not fit here',
    )
  })
})

describe('lanes', () => {
  it('stacks jobs of one definition that overlap and leaves out those before the span', () => {
    const jobs = [
      job('a', 0, 50),
      job('a', 20, null),
      job('b', 60, 80),
      job('a', 60, 70),
      job('c', -90, -80),
    ]
    const [a, b, ...rest] = lanes(jobs, { from: NOW - 100, to: NOW }, NOW)
    expect(a?.bars.map((bar) => bar.level)).toEqual([0, 1, 0])
    expect(a?.bars[1]).toMatchObject({ from: 0.2, to: 1 })
    expect([b?.name, rest.length]).toEqual(['b', 0])
  })
})

/** A job whose times are counted from the beginning of a span of 100 ms. */
function job(definition: string, from: number, to: number | null): JobRow {
  const begin = NOW - 100
  return {
    key: `${definition}${from}`,
    connection: '',
    id: '',
    definition,
    state: to === null ? 'running' : 'completed',
    scheduledAt: null,
    startedAt: begin + from,
    finishedAt: to === null ? null : begin + to,
    elapsedMs: null,
    error: null,
    stale: false,
  }
}

describe('threads', () => {
  it('gather replies, also to replies, under their first post', () => {
    const found = threads([
      post('c', 'b', 3),
      post('b', 'a', 2),
      post('a', null, 1),
      post('d', null, 9),
    ])
    expect(found.map((thread) => thread.post.id)).toEqual(['d', 'a'])
    expect(found[1]?.replies.map((reply) => reply.id)).toEqual(['b', 'c'])
  })
  it('show a reply whose first post is not held', () =>
    expect(threads([post('b', 'gone', 2)]).map((thread) => thread.post.id)).toEqual(['b']))
  it('end with posts that answer each other', () =>
    expect(threads([post('a', 'b', 1), post('b', 'a', 2)]).length).toBeGreaterThan(0))
})

function post(id: string, parent: string | null, at: number): PostRow {
  return {
    key: id,
    connection: 'crew',
    id,
    channel: 'crew/general',
    authorId: null,
    author: '',
    authorType: null,
    title: null,
    content: '',
    parent,
    pinned: false,
    at,
    editedAt: null,
  }
}
