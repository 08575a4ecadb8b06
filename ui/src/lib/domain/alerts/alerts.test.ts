import { describe, expect, it } from 'vitest'
import type { AlertGroup, AlertRow, RuleDraft } from '../../backend/types'
import { firingWords, inState, openCount, worstFiring } from './counts'
import {
  flatLayout,
  groupedLayout,
  headOf,
  lineAt,
  linesWithin,
  rowsWithin,
  unfoldedOf,
} from './listing'
import { commonMatcher, coversEverything, factsOf, tidy } from './matcher'
import { copyOf, draftOf, emptyForm, formOf } from './ruleForm'
import { everyOpen, extended, keysOf, NOTHING, share, stillThere, toggled } from './selection'
import { lengthOf, numberOf, secondsOf } from './spans'

function row(key: string, more: Partial<AlertRow> = {}): AlertRow {
  return {
    key,
    rule: 'battery-low',
    severity: 'high',
    state: 'firing',
    since: 0,
    connection: 'locks-eu',
    subject: key,
    title: key,
    began: 0,
    fired: 0,
    resolved: null,
    acknowledged: null,
    muted: false,
    silencedUntil: null,
    mutedUntil: null,
    value: null,
    threshold: null,
    times: 1,
    group: 'battery-low',
    ...more,
  }
}

function group(key: string, open: string[], total = open.length): AlertGroup {
  const states: AlertGroup['states'] = [0, open.length, 0, 0, 0, 0]
  return {
    key,
    title: key,
    severity: 'high',
    total,
    firing: open.length,
    muted: 0,
    states,
    latest: 0,
    open,
  }
}

function list(rows: AlertRow[], offset = 0) {
  return { total: 99, matching: 99, offset, rows }
}

describe('counts', () => {
  it('name the worst that fires, and all of it in words', () => {
    expect(worstFiring([0, 3, 9, 0])).toEqual({ severity: 'high', count: 3 })
    expect(worstFiring([0, 0, 0, 0])).toBeNull()
    expect(firingWords([1, 0, 1200, 0])).toBe('1\u202f201 alerts firing, 1 critical')
    expect(firingWords([0, 0, 0, 0])).toBe('No alert is firing')
  })
  it('leave what is over out of what is open', () => {
    const counts = {
      // One that is silenced is acknowledged too.
      states: [1, 2, 4, 4, 5, 60],
      severities: [4, 4, 4, 2],
      notListed: 0,
    } as Parameters<typeof openCount>[0]
    expect(openCount(counts)).toBe(14)
    expect(inState(counts, 'resolved')).toBe(60)
  })
})

describe('the list in groups', () => {
  const groups = [group('one', ['a']), group('two', ['b', 'c', 'd']), group('three', ['e', 'f'])]
  const layout = groupedLayout(groups, new Set(['one', 'three']))
  const rows = [
    row('a', { group: 'one' }),
    row('e', { group: 'three' }),
    row('f', { group: 'three' }),
  ]

  it('has a head for each group, except for an alert by itself', () => {
    expect(linesWithin(layout, list(rows), 0, 99).map((line) => line.key)).toEqual([
      'a',
      'group two',
      'group three',
      'e',
      'f',
    ])
  })
  it('asks for the rows of a part as the backend counts them', () => {
    expect(rowsWithin(layout, 0, 5)).toEqual({ first: 0, last: 3 })
    expect(rowsWithin(layout, 1, 3)).toEqual({ first: 1, last: 1 })
    expect(rowsWithin(layout, 4, 5)).toEqual({ first: 2, last: 3 })
    expect(rowsWithin(flatLayout(500), 40, 60)).toEqual({ first: 40, last: 60 })
  })
  it('draws rows of a later part where they belong', () => {
    expect(lineAt(layout, list(rows.slice(2), 2), 4)).toMatchObject({ key: 'f', under: true })
    expect(lineAt(layout, list(rows.slice(2), 2), 0)).toMatchObject({ kind: 'alert', row: null })
  })
  it('leaves out a row of an older frame that stood there before', () => {
    const before = [row('a', { group: 'one' }), row('b', { group: 'two' })]
    expect(lineAt(layout, list(before), 3)).toMatchObject({ kind: 'alert', row: null })
  })
  it('knows the head that a line is under', () => {
    expect([0, 1, 2, 3, 4].map((at) => headOf(layout, at))).toEqual([null, null, null, 2, 2])
  })
  it('unfolds small groups by itself, and as chosen', () => {
    const large = group('large', [], 40)
    expect(unfoldedOf([...groups, large], new Map())).toEqual(['one', 'two', 'three'])
    const chosen = new Map([
      ['two', false],
      ['large', true],
    ])
    expect(unfoldedOf([...groups, large], chosen)).toEqual(['one', 'three', 'large'])
  })

  it('shows a group unfolded on while it grows, until there is no end to it', () => {
    const grown = (total: number) => [{ ...groups[0], key: 'one', total } as AlertGroup]
    const before = new Set(['one'])
    expect(unfoldedOf(grown(9), new Map(), before)).toEqual(['one'])
    expect(unfoldedOf(grown(9), new Map())).toEqual([])
    expect(unfoldedOf(grown(51), new Map(), before)).toEqual([])
    expect(unfoldedOf(grown(2), new Map([['one', false]]), before)).toEqual([])
  })
})

describe('choosing', () => {
  const groups = [group('two', ['b', 'c', 'd']), group('three', ['e', 'f'])]
  const layout = groupedLayout(groups, new Set(['three']))
  const rows = [row('e', { group: 'three' }), row('f', { group: 'three', state: 'resolved' })]
  const lines = linesWithin(layout, list(rows), 0, 9)

  it('takes a whole group, and lets it go again', () => {
    const chosen = toggled(NOTHING, ['b', 'c', 'd'])
    expect([...chosen]).toEqual(['b', 'c', 'd'])
    expect(share(chosen, ['b', 'c', 'd'])).toBe('all')
    expect(share(chosen, ['d', 'e'])).toBe('some')
    expect(share(chosen, [])).toBe('none')
    expect(toggled(chosen, ['b', 'c', 'd']).size).toBe(0)
    expect([...toggled(chosen, ['d', 'e'])]).toEqual(['b', 'c', 'd', 'e'])
  })
  it('takes no alert that is over', () => {
    expect(lines.map(keysOf)).toEqual([['b', 'c', 'd'], ['e', 'f'], ['e'], []])
  })
  it('extends over folded groups whole, and over unfolded ones line by line', () => {
    expect([...extended(NOTHING, lines.slice(0, 2))]).toEqual(['b', 'c', 'd'])
    expect([...extended(NOTHING, lines.slice(0, 3))]).toEqual(['b', 'c', 'd', 'e'])
  })
  it('forgets what is not there any more', () => {
    const there = everyOpen(groups)
    expect([...there]).toEqual(['b', 'c', 'd', 'e', 'f'])
    expect([...stillThere(new Set(['b', 'gone']), there, [])]).toEqual(['b'])
    const kept = new Set(['b'])
    expect(stillThere(kept, there, rows)).toBe(kept)
    expect([...stillThere(new Set(['far', 'e', 'f']), null, rows)]).toEqual(['far', 'e'])
  })
})

describe('what chosen alerts have in common', () => {
  it('is named, and what differs is left open', () => {
    const facts = [row('VH1'), row('VH2')]
    expect(commonMatcher(facts)).toEqual({
      rule: 'battery-low',
      connection: 'locks-eu',
      subject: null,
      severity: null,
    })
    expect(commonMatcher([row('VH1')]).subject).toBe('VH1')
    expect(
      coversEverything(commonMatcher([row('a'), row('b', { rule: 'x', connection: 'y' })])),
    ).toBe(true)
  })
  it('is taken from the group where a row is not held', () => {
    const groups = [group('device-offline\u001flocks-eu', ['a', 'b']), group('other', ['c'])]
    expect(commonMatcher(factsOf(['a', 'b'], new Map(), groups))).toEqual({
      rule: 'device-offline',
      connection: 'locks-eu',
      subject: null,
      severity: null,
    })
    const held = new Map([['a', row('a', { rule: 'device-offline' })]])
    expect(factsOf(['a', 'b'], held, groups)).toHaveLength(2)
  })
  it('counts an empty field as none', () => {
    const matcher = tidy({ rule: ' ', connection: '', subject: ' VH* ', severity: null })
    expect(matcher).toEqual({ rule: null, connection: null, subject: 'VH*', severity: null })
    expect(coversEverything(tidy({ ...matcher, subject: ' ' }))).toBe(true)
  })
})

describe('a length of time', () => {
  it.each([
    [0, '0', 's'],
    [45, '45', 's'],
    [90, '90', 's'],
    [900, '15', 'min'],
    [7200, '2', 'h'],
    [86_400, '1', 'd'],
    [93_600, '26', 'h'],
  ] as const)('of %d s is %s %s', (seconds, amount, unit) => {
    expect(lengthOf(seconds)).toEqual({ amount, unit })
    expect(secondsOf({ amount, unit })).toBe(seconds)
  })
  it('takes a comma, and refuses what is none', () => {
    expect(secondsOf({ amount: '1,5', unit: 'h' })).toBe(5400)
    for (const amount of ['', 'x', '-1', '1 2', '1e999'])
      expect(secondsOf({ amount, unit: 'min' })).toBeNull()
  })
  it('reads numbers as they are typed', () => {
    expect(['11.5', ' 11,5', '-4', '.5', '1e3'].map(numberOf)).toEqual([11.5, 11.5, -4, 0.5, 1000])
    expect(['', '0x10', '1.2.3', 'NaN', 'Infinity'].map(numberOf)).toEqual(Array(5).fill(null))
  })
})

describe('a rule as it is written', () => {
  const base: Omit<RuleDraft, 'when'> = {
    name: 'mine',
    severity: 'high',
    enabled: true,
    connections: ['locks-*'],
    tags: ['eu'],
    subjects: ['VH10*'],
    hold: 900,
    groupBy: 'connection',
    message: '{subject} is {value}',
    notify: false,
  }
  const conditions: RuleDraft['when'][] = [
    { kind: 'threshold', field: 'speed', above: 50, below: null, clear: 45.5 },
    { kind: 'threshold', field: 'battery_voltage', above: null, below: 11.5, clear: null },
    {
      kind: 'event',
      kinds: ['device.unlocked'],
      conditions: ['source == "rfid"', 'speed > 3'],
      by: 'definition',
      until: ['device.locked'],
      clearAfter: 93_600,
    },
    { kind: 'absence', of: 'stream', after: 900 },
    {
      kind: 'count',
      kinds: ['job.failed'],
      conditions: [],
      atLeast: 5,
      within: 600,
      by: 'connection',
    },
    { kind: 'state', is: 'lock_unknown', outside: '08:00-18:00' },
    { kind: 'slowJob', timesP95: 2.5, afterJobs: 30 },
    { kind: 'connection', is: 'credential_ends', within: 86_400 },
    { kind: 'issued', minSeverity: 4 },
  ]
  it.each(conditions)('is what it was when nothing is changed: %j', (when) => {
    const rule = { ...base, when }
    expect(draftOf(formOf(rule))).toEqual({ draft: rule })
  })
  it('says what cannot be read', () => {
    const form = emptyForm()
    expect(draftOf(form)).toEqual({ problem: 'Enter a number for the value that is crossed.' })
    expect(draftOf({ ...form, limit: '3', hold: { amount: 'soon', unit: 'min' } })).toEqual({
      problem: 'Enter a length of time for how long it must hold.',
    })
    expect(draftOf({ ...form, kind: 'count', atLeast: '2.5' })).toEqual({
      problem: 'Enter a whole number for how many events.',
    })
  })
  it('keeps what was typed for another condition', () => {
    const form = { ...emptyForm(), field: 'speed', kind: 'state' as const }
    expect(draftOf(form)).toMatchObject({ draft: { when: { kind: 'state', is: 'unlocked' } } })
    expect(form.field).toBe('speed')
  })
  it('is copied under a name that is free', () => {
    const rule: RuleDraft = { ...base, when: { kind: 'issued', minSeverity: 0 } }
    expect(copyOf(rule, ['mine']).name).toBe('mine-copy')
    expect(copyOf(rule, ['mine', 'mine-copy', 'mine-copy-2']).name).toBe('mine-copy-3')
  })
})
