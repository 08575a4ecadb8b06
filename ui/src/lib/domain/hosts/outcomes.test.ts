import { expect, it } from 'vitest'
import type { Outcome, OutcomeRow } from '../../backend/types'
import { counted, countedWords, inOrder, troubleFirst } from './outcomes'

const rows = (...outcomes: Outcome[]): OutcomeRow[] =>
  outcomes.map((outcome, i) => ({
    host: `h${i}`,
    hostname: `host-${9 - i}`,
    outcome,
    rows: 0,
    afterMs: null,
    error: null,
    online: null,
    since: null,
  }))

it('counts outcomes in words, what went wrong first', () => {
  const some = rows('offline', 'answered', 'error', 'answered', 'empty', 'timeout', 'waiting')
  expect(countedWords(some, false)).toBe(
    '1 failed · 1 timed out · 1 waiting · 2 answered · 1 without rows · 1 offline',
  )
  expect(countedWords(rows('waiting'), true)).toBe('1 not awaited')
  expect(countedWords([], false)).toBe('No host was told of')
  expect(counted(rows('empty', 'empty'))).toEqual([{ outcome: 'empty', n: 2 }])
})

it('puts hosts that failed first, then by name', () => {
  const ordered = inOrder(rows('answered', 'answered', 'error', 'offline', 'timeout'))
  expect(ordered.map(({ hostname, outcome }) => `${hostname} ${outcome}`)).toEqual([
    'host-7 error',
    'host-5 timeout',
    'host-8 answered',
    'host-9 answered',
    'host-6 offline',
  ])
})

it('puts organisations with trouble first, and leaves the others where they are', () => {
  const part = (organisation: string, ...outcomes: Outcome[]) => ({
    organisation,
    outcomes: rows(...outcomes),
  })
  const parts = [
    part('acme', 'answered', 'offline'),
    part('lab', 'answered', 'timeout'),
    part('none'),
    part('west', 'error'),
  ]
  const names = troubleFirst(parts).map(({ organisation }) => organisation)
  expect(names).toEqual(['lab', 'west', 'acme', 'none'])
})
