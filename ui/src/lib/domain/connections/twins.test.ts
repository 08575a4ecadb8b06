import { expect, it } from 'vitest'
import type { ConnectionDraft, Protocol } from '../../backend/types'
import { draftOf, emptyEntry, type Entry } from './draft'
import { twinWords } from './twins'

const TWICE = ': what both watch is listed and counted twice, and its alerts are told twice.'
const named = (names: readonly string[]) => names.map((name) => ({ name, events: null }))
const entry = (names: readonly string[], change: Partial<Entry> = {}): Entry => ({
  ...emptyEntry('iotee'),
  name: 'new',
  url: 'wss://locks.example.com/realtime',
  subscribe: named(names),
  ...change,
})
const other = (
  names: readonly string[],
  change: Partial<ConnectionDraft> = {},
): ConnectionDraft => ({
  ...draftOf(entry(names)),
  name: 'locks',
  ...change,
})
const of = (protocol: Protocol, mine: readonly string[], theirs: readonly string[]) =>
  twinWords(entry(mine, { protocol }), [other(theirs, { protocol })])

it('names the connection that watches an address already, and the same devices', () => {
  expect(twinWords(entry(['A', 'B', 'C']), [other(['B', 'A', 'X'])])).toEqual([
    `locks watches this address already, and the devices A and B as well${TWICE}`,
  ])
  expect(of('iotee', ['A'], ['A'])[0]).toMatch(/and the device A as well/)
  expect(of('iotee', [...'ABCDEF'], [...'ABCDEF'])[0]).toMatch(
    /the devices A, B, C and 3 others as/,
  )
})

it('says that it is none of these devices, and nothing of another address or service', () => {
  expect(of('iotee', ['A'], ['B'])).toEqual([
    'locks watches this address already, but none of these devices.',
  ])
  expect(of('iotee', [], ['B'])).toEqual(['locks watches this address already.'])
  const elsewhere = { url: 'wss://other.example.com/realtime' }
  expect(twinWords(entry(['A']), [other(['A'], elsewhere)])).toEqual([])
  expect(twinWords(entry(['A']), [other(['A'], { protocol: 'hydra' })])).toEqual([])
  expect(twinWords(entry(['A'], { url: 'wss:' }), [other(['A'], { url: 'wss:' })])).toEqual([])
})

it('knows an address however it is written, and one that is switched off', () => {
  const written = { url: ' wss://LOCKS.example.com:443/realtime/', enabled: false }
  expect(twinWords(entry(['A']), [other(['A'], written)])[0]).toMatch(
    /^locks is switched off and has this address already, and the device A/,
  )
})

it('knows what is watched without being named', () => {
  expect(of('hydra', [], [])[0]).toMatch(/and all its streams as well/)
  expect(of('hydra', [], ['cyber'])[0]).toMatch(/and the stream cyber as well/)
  expect(of('hydra', ['cyber'], ['alerts'])[0]).toMatch(/but none of these streams/)
  expect(of('agenthq', ['x'], ['y'])[0]).toMatch(/and its agents as well/)
  expect(of('agenthq', ['x'], ['x'])[0]).toMatch(/and its agents and the channel x as well/)
})
