import { describe, expect, it } from 'vitest'
import type { Chip, JobRow, PostRow } from '../backend/types'
import { threads } from './agents/thread'
import { draftOf, emptyEntry, entryOf, list, problemsOf } from './connections/draft'
import { statusSentence } from './connections/status'
import { lockOf, withLock } from './devices/filter'
import { completions } from './events/complete'
import { toCsv, toJson } from './hosts/export'
import { extent } from './jobs/extent'
import { lanes } from './jobs/lanes'

const NOW = 1_800_000_000_000

describe('statusSentence', () => {
  const chip: Chip = {
    name: 'a',
    protocol: 'iotee',
    status: 'backing_off',
    since: NOW - 3000,
    cause: 'the service closed with 1001, going away',
    retryAt: NOW + 11_200,
    attempt: 4,
    rate: 0,
    lastEventAt: null,
    dropped: 0,
  }
  it('says how long it waits and why', () =>
    expect(statusSentence(chip, NOW)).toBe(
      'Waiting 12 s, attempt 4: the service closed with 1001, going away.',
    ))
  it('needs no cause', () =>
    expect(statusSentence({ ...chip, status: 'live', cause: null, since: NOW - 65_000 }, NOW)).toBe(
      'Live for 1 min 5 s.',
    ))
  it('does not end twice', () =>
    expect(statusSentence({ ...chip, status: 'refused', cause: 'go away!' }, NOW)).toBe(
      'Refused by the service: go away!',
    ))
})

describe('the draft of a connection', () => {
  const entry = { ...emptyEntry(), name: 'locks', url: 'wss://a.example/x', secret: ' s3cret ' }

  it('has no problems when it is whole', () => expect(problemsOf(entry, [])).toEqual({}))
  it('wants a name of its own', () => {
    expect(problemsOf(entry, ['locks']).name).toMatch('already')
    expect(problemsOf({ ...entry, name: ' ' }, []).name).toBeDefined()
  })
  it.each([
    ['', 'Enter the address'],
    ['a.example', 'not an address'],
    ['https://a.example', 'begins with wss://'],
    ['ws://a.example', 'unencrypted'],
  ])('refuses the address %j', (url, words) =>
    expect(problemsOf({ ...entry, url }, []).url).toMatch(words),
  )
  it.each(['ws://localhost:3000/ws', 'ws://127.0.0.1:1', 'ws://[::1]:80/'])('takes %s', (url) =>
    expect(problemsOf({ ...entry, url }, []).url).toBeUndefined(),
  )
  it('takes ws:// elsewhere when it is allowed', () =>
    expect(
      problemsOf({ ...entry, url: 'ws://a.example', allowPlaintext: true }, []).url,
    ).toBeUndefined())
  it('sends the secret only where it is ours to keep', () => {
    expect(draftOf(entry)).toMatchObject({ keep: { in: 'keychain' }, secret: 's3cret' })
    expect(draftOf({ ...entry, keepIn: 'env', secret: 'VAR' })).toMatchObject({
      keep: { in: 'env', what: 'VAR' },
      secret: null,
    })
    expect(draftOf({ ...entry, keepIn: 'command', secret: 'pass show x' })).toMatchObject({
      keep: { in: 'command', what: ['pass', 'show', 'x'] },
      secret: null,
    })
  })
  it('may leave the secret of a connection that has one as it is', () => {
    const draft = { ...draftOf(entry), secret: null, tags: ['eu'] }
    const edited = entryOf(draft)
    expect(problemsOf(edited, [], true)).toEqual({})
    expect(problemsOf(edited, []).secret).toBeDefined()
    expect(draftOf(edited)).toEqual(draft)
  })
  it('reads a list however it is divided', () => expect(list('a, b\nc;a')).toEqual(['a', 'b', 'c']))
})

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
  const rows = [{ key: '0', hostname: 'a', cells: ['x,"y"', null, 3] }]
  it('quote in CSV', () =>
    expect(toCsv(['p', 'q', 'r'], rows)).toBe('host,p,q,r\r\na,"x,""y""",,3\r\n'))
  it('are objects in JSON', () =>
    expect(JSON.parse(toJson(['p', 'q', 'r'], rows))).toEqual([
      { host: 'a', p: 'x,"y"', q: null, r: 3 },
    ]))
})

describe('extent', () => {
  it('says whatever is not there', () => {
    const query = { key: '', connection: '', id: '', lastAt: null, stale: false }
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
    const [a, b, ...rest] = lanes(jobs, NOW, 100)
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
    id,
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
