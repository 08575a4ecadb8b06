import { describe, expect, it } from 'vitest'
import type { Away } from '../../backend/types'
import { foundWords, unheardWords, unwatchedWords } from './away'

const MINUTE = 60_000
const away = (facts: Partial<Away>): Away => ({
  since: 0,
  until: (42 * 60 + 55) * MINUTE,
  alerts: [],
  began: 0,
  resolved: 0,
  told: [],
  unheard: [],
  gaps: [],
  ...facts,
})

describe('the time in which nothing was watched', () => {
  it('is said to be that, and how long it was', () => {
    expect(unwatchedWords(away({}))).toBe('Nothing was watched for 42 h 55 min.')
    expect(unwatchedWords(away({ until: 12_000 }))).toBe('Nothing was watched for 12 s.')
  })
  it('is never said to be without alerts where nobody told', () => {
    for (const facts of [{ gaps: ['cars: It cannot be had.'] }, { unheard: ['cars'] }])
      expect(foundWords(away(facts))).toBe('What began meanwhile is not known.')
  })
  it('is without alerts on those alone that told all of it', () => {
    expect(foundWords(away({ told: ['locks', 'jobs'], unheard: ['cars'] }))).toBe(
      'locks and jobs told afterwards what happened there: no alert began. What began elsewhere is not known.',
    )
    expect(foundWords(away({ told: ['a', 'b', 'c', 'd', 'e'], gaps: ['f: no.'] }))).toMatch(
      /^a, b, c and 2 others told afterwards/,
    )
  })
  it('had the alerts that were found afterwards, at least', () => {
    expect(foundWords(away({ began: 1 }))).toBe('Found afterwards: 1 alert began.')
    expect(foundWords(away({ began: 3, resolved: 1, unheard: ['cars'] }))).toBe(
      'Found afterwards: 3 alerts began, 1 of them is over. More may have begun.',
    )
    expect(foundWords(away({ began: 2, resolved: 2 }))).toMatch(/, and all are over\.$/)
  })
  it('says who has not been heard since', () => {
    expect(unheardWords(away({}))).toBeNull()
    expect(unheardWords(away({ unheard: ['cars', 'hosts'] }))).toMatch(
      /^cars and hosts: not heard since\. What the services tell/,
    )
  })
})
