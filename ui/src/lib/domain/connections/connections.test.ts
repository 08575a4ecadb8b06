import { describe, expect, it } from 'vitest'
import type { Chip, ConnectionDraft, ImportPlan, ImportRow } from '../../backend/types'
import { addressWords, guessService, takeAddress } from './address'
import { joinCommand, splitCommand } from './commandLine'
import { draftOf, emptyEntry, entryOf, freeName, list, problemsOf } from './draft'
import { credentialEnd, lagWords, subscriptionWords } from './facts'
import { choicesOf, offered } from './importing'
import { inPlaces } from './places'
import { statusSentence } from './status'
import { trialWords } from './steps'

const NOW = 1_800_000_000_000
const UTC = { utc: true, name: 'UTC' }

describe('statusSentence', () => {
  const chip: Chip = {
    tags: [],
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
    expect(freeName('locks', ['locks', 'locks-2'])).toBe('locks-3')
  })
  it('loses nothing on its way to the page and back', () => {
    const whole: ConnectionDraft = {
      name: 'jobs',
      protocol: 'hantera',
      url: 'wss://core.example.com/ws',
      httpUrl: 'https://core.example.com/',
      enabled: false,
      subscribe: [
        { name: 'jobs', events: ['jobFailed', 'another'] },
        { name: 'actors/with blank', events: [] },
        { name: 'actors', events: null },
      ],
      liveQueries: [{ id: 'a', edge: 'orders', filter: " x == 'y' ", orderBy: null }],
      tags: ['eu', 'office hours'],
      caFile: '/etc/ca.pem',
      allowPlaintext: true,
      notifyUnlocked: true,
      phoenixVersion: '1',
      keyIn: 'query',
      keep: { in: 'command', what: ['sh', '-c', 'pass "my key" | head -1', '', "it's"] },
      secret: null,
      credentialOf: 'jobs',
    }
    expect(draftOf(entryOf(whole))).toEqual(whole)
  })
  it('sends the secret only where it is ours to keep', () => {
    expect(draftOf(entry)).toMatchObject({ keep: { in: 'keychain' }, secret: 's3cret' })
    expect(draftOf({ ...entry, keepIn: 'env', variable: 'VAR' })).toMatchObject({
      keep: { in: 'env', what: 'VAR' },
      secret: null,
    })
    expect(draftOf({ ...entry, keepIn: 'command', command: 'pass show "x y"' })).toMatchObject({
      keep: { in: 'command', what: ['pass', 'show', 'x y'] },
      secret: null,
    })
  })
  it('may leave the secret of a connection that has one as it is', () => {
    const kept = { ...entry, secret: '', credentialOf: 'locks' }
    expect(problemsOf(kept, [])).toEqual({})
    expect(problemsOf({ ...kept, credentialOf: null }, []).secret).toMatch('API key')
  })
  it('wants whole live queries with ids of their own', () => {
    const query = { id: 'a', edge: 'orders', filter: null, orderBy: null }
    const of = (...liveQueries: (typeof query)[]) =>
      problemsOf({ ...entry, protocol: 'hantera', liveQueries }, []).queries
    expect(of(query)).toBeUndefined()
    expect(of({ ...query, edge: ' ' })).toMatch('needs an id')
    expect(of(query, query)).toMatch('one id')
  })
  it('reads a list however it is divided', () => expect(list('a, b\nc;a')).toEqual(['a', 'b', 'c']))
})

describe('a command as it is typed', () => {
  it.each([[['pass', 'show', 'x']], [['a b', '', '"', "'", '\\']], [['é', '\t']]])('%j', (words) =>
    expect(splitCommand(joinCommand(words))).toEqual(words),
  )
  it('has no words when it is blank', () => expect(splitCommand('  ')).toEqual([]))
})

describe('an address', () => {
  const problem = (url: string, plain = false) => addressWords('iotee', url, plain).problem
  it.each([
    ['', 'Enter the address'],
    ['a.example', 'not an address'],
    ['https://a.example', 'begins with wss://'],
    ['ws://a.example', 'unencrypted'],
    ['wss://me:pw@a.example', 'password'],
    ['wss://a.example/x?token=t', 'token=…'],
  ])('%j can’t be used', (url, words) => expect(problem(url)).toMatch(words))
  it.each(['ws://localhost:3000/ws', 'ws://127.0.0.1:1', 'ws://[::1]:80/', 'wss://a.example'])(
    '%s can',
    (url) => expect(problem(url)).toBeUndefined(),
  )
  it('may be unencrypted where that is allowed, and says so', () => {
    expect(problem('ws://a.example', true)).toBeUndefined()
    expect(addressWords('iotee', 'ws://a.example', true).hint).toMatch('Not encrypted')
  })
  it('gives up the credential that it holds', () => {
    expect(takeAddress(' https://h.example/s/websocket?token=hw_1&vsn=2 ')).toEqual({
      url: 'wss://h.example/s/websocket?vsn=2',
      secret: 'hw_1',
    })
    expect(takeAddress('wss://a.example')).toEqual({ url: 'wss://a.example', secret: null })
  })
  it.each([
    ['wss://hyprwatch.cloud/api/socket/websocket', 'hyprwatch'],
    ['wss://x.core.ams.hantera.cloud/ws', 'hantera'],
    ['wss://api.example.com/realtime', 'iotee'],
    ['wss://api.hydra.app/stream', 'hydra'],
    ['ws://localhost:3000/ws?token=ahq_1', 'agenthq'],
    ['wss://somewhere.example/ws', null],
  ])('%s is of %s', (url, service) => expect(guessService(url)).toBe(service))
})

describe('the facts of a card', () => {
  it('say when a credential ends, and warn when that is near', () => {
    const at = (days: number) => credentialEnd(NOW + days * 86_400_000, NOW, UTC)
    expect(at(3)).toMatchObject({ words: 'ends in 3 d (Mon 18 Jan, 08:00 UTC)', near: true })
    expect(at(400)?.words).toBe('ends in 400 d (19 Feb 2028, 08:00 UTC)')
    expect(at(30)).toMatchObject({ near: false, over: false })
    expect(at(-1)).toMatchObject({ words: 'ended 1 d ago (Thu 14 Jan, 08:00 UTC)', over: true })
    expect(credentialEnd(null, NOW, UTC)).toBeNull()
  })
  it('tell lag from clocks that differ', () => {
    expect(lagWords(180)).toMatchObject({ words: '180 ms', loud: false })
    expect(lagWords(-40)).toMatchObject({ words: '0 ms', loud: false })
    expect(lagWords(-4200).means).toMatch('clocks differ')
    expect(lagWords(90_000)).toMatchObject({ words: '1 min 30 s', loud: true })
    expect(lagWords(null).words).toBe('–')
  })
  it('count subscriptions', () => {
    const of = (accepted: number, refused: number, subscriptionCount: number) =>
      subscriptionWords({ accepted, refused, subscriptionCount })
    expect([of(0, 0, 0), of(3, 0, 3), of(3, 2, 5), of(1, 0, 3)]).toEqual([
      'none',
      '3 accepted',
      '3, 2 refused',
      '1 of 3',
    ])
  })
})

describe('an import', () => {
  const row = (name: string, state: ImportRow['state']): ImportRow => ({
    name,
    protocol: 'iotee',
    words: '',
    credential: null,
    state,
    differs: [],
    freeName: `${name}-2`,
  })
  const plan: ImportPlan = {
    problem: null,
    connections: [row('a', 'new'), row('b', 'differs'), row('c', 'same')],
    rules: [],
    ignored: [],
  }
  it('adds what is new and leaves what is there', () =>
    expect(choicesOf(plan, {})).toEqual([{ name: 'a', into: 'a' }]))
  it('replaces and renames where that is chosen', () =>
    expect(choicesOf(plan, { a: 'skip', b: 'replace', c: 'rename' })).toEqual([
      { name: 'b', into: 'b' },
      { name: 'c', into: 'c-2' },
    ]))
  it('offers to replace only what is there and differs', () =>
    expect(plan.connections.map((one) => offered(one).map(({ value }) => value))).toEqual([
      ['add', 'skip'],
      ['skip', 'replace', 'rename'],
      ['skip', 'rename'],
    ]))
})

describe('a test, in short', () => {
  const tried = { state: null, error: null, running: false, cancelled: false }
  const ended = {
    steps: [
      { step: 'connect' as const, state: 'done' as const, words: '' },
      { step: 'signIn' as const, state: 'failed' as const, words: '' },
    ],
    end: { live: false, sentence: 'The token was refused.', refused: [] },
  }
  it('says at which step it failed, and not that nothing was tested', () => {
    expect(trialWords(tried)).toBe('Not tested yet')
    expect(trialWords({ ...tried, running: true })).toBe('Being tested…')
    expect(trialWords({ ...tried, state: ended })).toBe(
      'The test failed at “Sign in”: The token was refused.',
    )
    expect(trialWords({ ...tried, error: { message: 'No keychain.' } })).toMatch(
      /could not be made: No keychain/,
    )
    expect(trialWords({ ...tried, cancelled: true })).toBe('The test was cancelled')
  })
})

describe('the places of the cards', () => {
  it('are kept, and what is new comes after what it comes after', () => {
    expect(inPlaces(['b', 'c', 'a'], ['a', 'b', 'c'])).toEqual(['a', 'b', 'c'])
    expect(inPlaces(['c', 'new', 'a', 'b'], ['a', 'b', 'c'])).toEqual(['a', 'b', 'c', 'new'])
    expect(inPlaces(['new', 'a'], ['a', 'gone'])).toEqual(['new', 'a', 'gone'])
  })
})
