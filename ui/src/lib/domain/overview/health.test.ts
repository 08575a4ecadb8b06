import { describe, expect, it } from 'vitest'
import type { Attention, Chip } from '../../backend/types'
import { furtherWords, trust } from './health'

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
  it('is counted by severity without the first', () =>
    expect(furtherWords([of('critical'), of('high'), of('low'), of('high')])).toBe(
      'and 3 more: 2 high, 1 low',
    ))
  it('is nothing where there is one', () => expect(furtherWords([of('low')])).toBe(''))
})
