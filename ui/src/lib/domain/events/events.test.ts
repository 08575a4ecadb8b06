import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../backend/types'
import { completions, goesOn } from './complete'
import { linkOf, quoted, withTerm } from './link'
import { whoOf, whoWords } from './who'

describe('completions', () => {
  it('offer fields, then what a field may be compared by', () => {
    expect(completions('batt', [])).toEqual(['battery_voltage'])
    expect(completions('x battery_voltage', [])).toEqual([
      'battery_voltage=',
      'battery_voltage<',
      'battery_voltage<=',
      'battery_voltage>',
      'battery_voltage>=',
    ])
    expect(completions('battery_voltage<11', [])).toEqual([])
  })
  it('find the kind of an event by a word of its name', () => {
    expect(completions('unlo', [])).toEqual(['kind:device.unlocked'])
    expect(completions('-fail', [])).toEqual(['-kind:job.failed'])
    // It does not go on from what is typed.
    expect(goesOn('x -fail', '-kind:job.failed')).toBe(false)
    expect(goesOn('x -kind:job.f', '-kind:job.failed')).toBe(true)
  })
  it('go on behind a hyphen, and offer families of kinds', () => {
    expect(completions('-kind:devi', [])[0]).toBe('-kind:device')
    expect(completions('-', [])).toEqual([])
  })
})

describe('what an event is about', () => {
  const event = (kind: string, subject = 'x'): EventRow => ({
    key: 'k',
    connection: 'c',
    number: 1,
    kind,
    at: null,
    receivedAt: 0,
    subject,
    summary: '',
  })
  it('is where it is shown', () => {
    expect(linkOf(event('device.unlocked'))?.to).toEqual({
      screen: 'device',
      connection: 'c',
      id: 'x',
    })
    expect(linkOf(event('job.failed'))?.to.screen).toBe('job')
    expect(linkOf(event('job.statistics'))?.to.screen).toBe('definition')
    expect(linkOf(event('connection.status', ''))?.to).toEqual({ screen: 'connections', name: 'c' })
  })
  it('is nowhere where nothing is named, or the kind has no place', () => {
    expect(linkOf(event('device.unlocked', ''))).toBeNull()
    expect(linkOf(event('stream.error'))).toBeNull()
  })
})

describe('who unlocked a device', () => {
  const unlocked = { kind: 'device.unlocked' }
  it('is said as far as the service tells it', () => {
    const who = whoOf(unlocked, '{"source":"rfid","code":"•••"}')
    expect(who && whoWords(who)).toBe('By RFID, with a code. IoTee does not say whose it is.')
    const key = whoOf(unlocked, '{"payload":{"source":"key"}}')
    expect(key && whoWords(key)).toBe('By key. IoTee does not say who.')
    const nothing = whoOf(unlocked, '{}')
    expect(nothing && whoWords(nothing)).toBe('By unknown means. IoTee does not say who.')
  })
  it('is not asked of anything else', () => {
    expect(whoOf({ kind: 'job.failed' }, '{"source":"rfid"}')).toBeNull()
    expect(whoOf(unlocked, 'no JSON')).toBeNull()
  })
})

describe('a filter with one more term', () => {
  it('has it once, with quotes where it has spaces', () => {
    expect(withTerm('door', 'kind:job.failed')).toBe('door kind:job.failed')
    expect(withTerm('door kind:job.failed', 'kind:job.failed')).toBe('door kind:job.failed')
    expect(quoted('a "b" c')).toBe('"a b c"')
  })
})
