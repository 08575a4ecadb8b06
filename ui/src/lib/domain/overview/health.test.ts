import { describe, expect, it } from 'vitest'
import type { Attention, Chip } from '../../backend/types'
import { calmWords, furtherWords, trust } from './health'

const chip = (name: string, status: Chip['status'], since = 0) => ({ name, status, since }) as Chip
const of = (severity: Attention['severity']) => ({ severity }) as Attention

describe('whether the picture can be trusted', () => {
  it('says which connection is not live, the longest first, and counts none that is off', () => {
    expect(trust([chip('a', 'live'), chip('b', 'stopped')], 0).mark.word).toBe(
      'The connection is live',
    )
    const told = trust(
      [chip('a', 'live'), chip('b', 'stale', 40_000), chip('c', 'refused', 0)],
      60_000,
    )
    expect(told.mark.word).toBe('2 of 3 are not live')
    expect(told.words).toMatch(/^for 1 min, c the longest/)
    expect(told.connection).toBe('c')
  })
  it('is no question where nothing is connected', () =>
    expect(trust([chip('b', 'stopped')], 0).mark.word).toBe('Nothing is connected'))
})

describe('what further needs the operator', () => {
  it('is counted by severity, the first with it', () =>
    expect(furtherWords([of('critical'), of('high'), of('low'), of('high')])).toBe(
      'one of 4: 1 critical, 2 high, 1 low',
    ))
  it('is nothing where there is one', () => expect(furtherWords([of('low')])).toBe(''))
})

describe('what is said while nothing asks for attention', () => {
  const live = [chip('a', 'live'), chip('b', 'refused')]
  it('says that nothing is known where no connection is live', () => {
    const unheard = [chip('a', 'connecting'), chip('b', 'stopped')]
    expect(calmWords([0, 0, 0, 0], null, unheard)).toMatchObject({
      title: 'Nothing is known yet',
      well: false,
    })
    expect(calmWords([0, 0, 0, 0], null, []).well).toBe(false)
  })
  it('says that all is well only where nothing is open and nothing muted', () => {
    expect(calmWords([0, 0, 0, 0], null, live)).toMatchObject({ title: 'All is well', well: true })
    expect(calmWords([6, 20, 15, 0], '09:00', live)).toMatchObject({
      title: 'Muted until 09:00: 41 alerts open, 6 critical',
      well: false,
    })
    expect(calmWords([0, 0, 1, 0], null, live)).toMatchObject({
      title: '1 alert open, 1 medium',
      well: false,
    })
    expect(calmWords([0, 0, 0, 0], '09:00', live).title).toBe('Muted until 09:00: no alert is open')
  })
})
