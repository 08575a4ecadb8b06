import { describe, expect, it } from 'vitest'
import {
  age,
  byteRate,
  cell,
  count,
  dateTime,
  duration,
  lengthWords,
  number,
  percent,
  plural,
  rate,
  short,
  words,
  zoneName,
} from './format'

const NOW = 1_800_000_000_000

describe('age', () => {
  it.each([
    [0, 'now'],
    [999, 'now'],
    [12_400, '12 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_000, '59 min'],
    [3_600_000, '1 h'],
    [86_400_000 * 3, '3 d'],
    [-5000, 'now'],
  ])('%i ms ago is "%s"', (before, text) => expect(age(NOW - before, NOW)).toBe(text))
  it('is a dash when it is not known', () => expect(age(null, NOW)).toBe('–'))
})

it.each([
  [40_000, '40 s'],
  [12 * 60_000, '12 min'],
  [3 * 3_600_000, '3 h'],
  [76 * 3_600_000, '3 d 4 h'],
])('%d ms are %s', (ms, words) => {
  expect(lengthWords(ms)).toBe(words)
})

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1000, '1.0 s'],
    [9_949, '9.9 s'],
    [9_960, '10 s'],
    [59_960, '1 min'],
    [65_000, '1 min 5 s'],
    [3_600_000, '1 h'],
    [8_220_000, '2 h 17 min'],
    [NaN, '–'],
    [null, '–'],
  ])('%s is "%s"', (ms, text) => expect(duration(ms)).toBe(text))
})

describe('numbers', () => {
  it('count divides thousands by narrow spaces', () =>
    expect(count(1_234_567)).toBe('1\u202f234\u202f567'))
  it.each([
    [0, '0'],
    [0.44, '0.4'],
    [9.96, '10'],
    [999.6, '1.0k'],
    [1234, '1.2k'],
    [30_000, '30k'],
    [2_000_000, '2.0M'],
    [NaN, '–'],
  ])('rate %d is %s', (value, text) => expect(rate(value)).toBe(text))
  it('number has no noise of floating point', () => expect(number(0.1 + 0.2)).toBe('0.3'))
  it('number keeps a coordinate', () => expect(number(52.37123)).toBe('52.37123'))
  it('short keeps three digits', () => expect(short(95.3312)).toBe('95.3'))
  it('percent of nothing is a dash', () => expect(percent(0, 0)).toBe('–'))
  it('percent', () => expect([percent(1, 3), percent(3, 3)]).toEqual(['33.3 %', '100 %']))
  it('byteRate', () => expect([byteRate(820), byteRate(15_230)]).toEqual(['820 B/s', '15.2 KB/s']))
})

describe('words', () => {
  it('reads both ways of writing names', () =>
    expect([words('battery_voltage'), words('createdAt')]).toEqual([
      'battery voltage',
      'created at',
    ]))
  it('counts', () => expect([plural(1, 'host'), plural(0, 'host')]).toEqual(['1 host', '0 hosts']))
  it('shows the values of an open map', () =>
    expect([cell(null), cell(true), cell('x'), cell(1.5)]).toEqual(['–', 'yes', 'x', '1.5']))
})

describe('times', () => {
  const at = Date.UTC(2026, 10, 21, 0, 5, 9)
  it('always print their zone', () => {
    expect(dateTime(at, { utc: true, name: 'Europe/Amsterdam' })).toBe('21 Nov 2026, 00:05:09 UTC')
    expect(dateTime(at, { utc: false, name: 'Asia/Kolkata' })).toMatch(
      /^21 Nov 2026, 05:35:09 GMT\+5:30$/,
    )
  })
  it('names UTC by its own name', () =>
    expect(zoneName({ utc: false, name: 'UTC' }, at)).toBe('UTC'))
})
