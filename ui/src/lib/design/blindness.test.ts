// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { DASHES } from '../charts/options'
import {
  ALERT_MARKS,
  OUTCOME_MARKS,
  SEVERITY_MARKS,
  STATUS_MARKS,
  jobMark,
  signalMark,
  type Mark,
} from '../domain/marks'
import { BLINDNESS, difference, palettes, parseColour } from './contrast'

vi.mock('uplot', () => ({ default: class {} }))

const PALETTES = palettes(readFileSync(new URL('./tokens.css', import.meta.url), 'utf8'))
const READERS = Object.keys(BLINDNESS) as (keyof typeof BLINDNESS)[]
/** More than three times what differs side by side, for a state is not looked at beside another. */
const APART = 8
const TONES = ['good', 'info', 'warn', 'bad', 'quiet']
const LINES = [1, 2, 3, 4, 5, 6].map((n) => `chart-${n}`)

describe.each([...PALETTES.keys()])('who is blind to a colour, in the palette %s', (name) => {
  const colour = (token: string) => parseColour(PALETTES.get(name)?.get(token) ?? '')
  const near = (tokens: readonly string[], but: (i: number, j: number) => boolean) =>
    READERS.flatMap((reader) =>
      tokens.flatMap((one, i) =>
        tokens.slice(i + 1).flatMap((other, k) => {
          const apart = difference(colour(one), colour(other), reader)
          return apart < APART && !but(i, i + 1 + k)
            ? [`${one} and ${other}, ${reader}: ${apart.toFixed(1)}`]
            : []
        }),
      ),
    )

  it('tells the colours of states apart', () => expect(near(TONES, () => false)).toEqual([]))
  it('tells a chart’s lines apart by their colour, or by their dashes', () =>
    expect(near(LINES, (i, j) => String(DASHES[i]) !== String(DASHES[j]))).toEqual([]))
})

describe('a state without its colour', () => {
  const shapes = (marks: readonly Mark[]) => marks.map((mark) => `${mark.shape} ${mark.word}`)
  it.each([
    ['of a connection', Object.values(STATUS_MARKS)],
    ['of an alert', Object.values(ALERT_MARKS)],
    ['of a host’s answer', Object.values(OUTCOME_MARKS)],
    ['a severity', Object.values(SEVERITY_MARKS)],
    ['a signal’s severity', [null, 1, 2, 3, 4, 5].map(signalMark)],
    ['of a job', (['scheduled', 'running', 'completed', 'failed'] as const).map(jobMark)],
  ])('%s is told by shape and word', (_, marks) => {
    expect(new Set(shapes(marks)).size).toBe(marks.length)
    expect(marks.every((mark) => mark.word !== '')).toBe(true)
  })
  it.each([
    ['severities', Object.values(SEVERITY_MARKS)],
    ['signals’ severities', [null, 1, 2, 3, 4, 5].map(signalMark)],
    ['alerts', Object.values(ALERT_MARKS)],
    ['outcomes', Object.values(OUTCOME_MARKS)],
    ['jobs', (['scheduled', 'running', 'completed', 'failed'] as const).map(jobMark)],
  ])('%s have a shape each, for where only that is seen', (_, marks) =>
    expect(new Set(marks.map((mark) => mark.shape)).size).toBe(marks.length),
  )
})

it('knows who sees what', () => {
  const [red, green] = [parseColour('#c00000'), parseColour('#6b6b00')]
  expect(difference(red, green, 'none')).toBeGreaterThan(40)
  expect(difference(red, green, 'protanopia')).toBeLessThan(difference(red, green, 'none') / 2)
  expect(difference(red, red, 'tritanopia')).toBe(0)
})
