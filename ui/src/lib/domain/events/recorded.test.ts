import { describe, expect, it } from 'vitest'
import { recordedWords, saidOf } from './recorded'

const zone = { utc: true, name: 'UTC' }
const day = Date.UTC(2026, 10, 20)
const at = (hours: number, minutes = 0) => day + (hours * 60 + minutes) * 60_000
const yesterday = { from: day, to: at(24) }
const told = (from: number, to: number) => ({ from, to })

describe('how much of a past time was recorded', () => {
  it('is said with the times in which it was, and for how long it was not', () => {
    const recorded = {
      spans: [told(at(14, 2), at(16, 10))],
      count: 1,
      off: 1_312 * 60_000,
      unknownUntil: null,
    }
    expect(recordedWords(recorded, yesterday, zone)).toBe(
      'Recorded 14:02–16:10 UTC only, not in the other 21 h 52 min.',
    )
  })

  it('names the latest of many times, and the end of the day as such', () => {
    const spans = [told(at(9), at(10)), told(at(12), at(13)), told(at(20), at(24))]
    expect(
      recordedWords({ spans, count: 5, off: at(14) - day, unknownUntil: null }, yesterday, zone),
    ).toMatch(/^Recorded 2 earlier times, 09:00–10:00, 12:00–13:00 and 20:00–24:00 UTC only/)
  })

  it('says that nothing was', () => {
    const nothing = { spans: [], count: 0, off: 86_400_000, unknownUntil: null }
    expect(recordedWords(nothing, yesterday, zone)).toBe('Nothing of that time was recorded.')
  })

  it('does not claim what is unknown', () => {
    const unknown = { spans: [], count: 0, off: 0, unknownUntil: at(24) }
    expect(recordedWords(unknown, yesterday, zone)).toMatch(
      /^What was recorded of that time is not known: .* deleted since\.$/,
    )
    const partly = { spans: [told(at(9), at(24))], count: 1, off: 0, unknownUntil: at(9) }
    expect(recordedWords(partly, yesterday, zone)).toBe(
      'What was recorded before 09:00 UTC is not known: it was not noted then, or was deleted since.',
    )
  })

  it('stands in the list as a row that is no event', () => {
    const row = {
      key: 'off/1',
      connection: '',
      number: 0,
      kind: 'recording.off',
      at: at(33),
      receivedAt: at(16, 10),
      subject: '',
      summary: 'Nothing was recorded',
    }
    expect(saidOf(row, zone)).toBe('Nothing was recorded until 21 Nov 09:00:00, for 16 h 50 min')
    expect(saidOf({ ...row, kind: 'device.locked', summary: 'source=app' }, zone)).toBe(
      'source=app',
    )
  })
})
