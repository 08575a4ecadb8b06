// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { composite, contrast, palettes, parseColour } from './contrast'

const PALETTES = palettes(readFileSync(new URL('./tokens.css', import.meta.url), 'utf8'))
const NAMES = ['dark', 'light', 'contrast', 'contrast-light'] as const

/** What text stands on, and what is written on all of them. */
const GROUNDS = ['ground', 'surface', 'surface-raised', 'field'] as const
const STATES = ['surface-hover', 'surface-active'] as const
const INKS = ['ink', 'ink-soft', 'ink-faint', 'accent', 'good', 'info', 'warn', 'bad', 'quiet']
const WASHED = ['accent', 'good', 'info', 'warn', 'bad', 'quiet'] as const
const CODE = ['code-keyword', 'code-string', 'code-number', 'code-comment'] as const
const CHARTS = [1, 2, 3, 4, 5, 6].map((n) => `chart-${n}`)

describe.each(NAMES)('the palette %s', (name) => {
  const palette = PALETTES.get(name) ?? new Map<string, string>()
  const colour = (token: string) => parseColour(palette.get(token) ?? '')
  const least = name.startsWith('contrast') ? 7 : 4.5

  /** The pairs of ink and ground that are too near to one another. */
  const faint = (pairs: [ink: string, grounds: string[]][], least: number) =>
    pairs.flatMap(([ink, grounds]) => {
      const [bottom = '', ...washes] = grounds
      const under = washes.reduce((ground, wash) => composite(colour(wash), ground), colour(bottom))
      const ratio = contrast(composite(colour(ink), under), under)
      return ratio < least ? [`${ink} on ${grounds.join(' + ')}: ${ratio.toFixed(2)}`] : []
    })

  it('has every colour of the others', () => {
    for (const other of PALETTES.values()) expect([...palette.keys()]).toEqual([...other.keys()])
  })

  it('lets every text be read on every ground', () => {
    const pairs = INKS.flatMap((ink) =>
      [...GROUNDS, ...STATES].map((ground): [string, string[]] => [ink, [ground]]),
    )
    expect(faint(pairs, least)).toEqual([])
  })

  it('lets a state’s word be read on the wash of its colour', () => {
    const pairs = WASHED.flatMap((tone) =>
      (['surface', 'surface-raised', 'ground'] as const).flatMap((ground): [string, string[]][] => [
        [tone, [ground, `${tone}-wash`]],
        ['ink', [ground, `${tone}-wash`]],
        ['ink-soft', [ground, `${tone}-wash`]],
        ['ink-faint', [ground, `${tone}-wash`]],
      ]),
    )
    expect(faint(pairs, least)).toEqual([])
  })

  it('lets what is on a button and what is code be read', () => {
    const buttons: [string, string[]][] = [
      ['accent-ink', ['accent-solid']],
      ['accent-ink', ['accent-solid-hover']],
    ]
    const code = CODE.map((token): [string, string[]] => [token, ['field']])
    expect(faint([...buttons, ...code], least)).toEqual([])
  })

  it('shows lines, the focus and the marks of a chart', () => {
    const lines = [...CHARTS, 'focus'].flatMap((ink) =>
      ['ground', 'surface'].map((ground): [string, string[]] => [ink, [ground]]),
    )
    expect(faint(lines, 3)).toEqual([])
    expect(faint([['chart-axis', ['surface']]], 4.5)).toEqual([])
  })
})

it('tells a faint ink from a strong one', () => {
  expect(contrast(parseColour('#000000'), parseColour('#ffffff'))).toBeCloseTo(21, 5)
  expect(contrast(parseColour('#777777'), parseColour('#ffffff'))).toBeLessThan(4.5)
  expect(composite(parseColour('rgb(255 255 255 / 50%)'), parseColour('#000000'))).toEqual([
    127.5, 127.5, 127.5, 1,
  ])
})
