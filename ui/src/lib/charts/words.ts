import type { ThresholdRow } from '../backend/types'
import { number } from '../format'
import { isPart, partWords } from './heard'
import { summarise } from './series'
import { crossing } from './thresholds'

/** A change of less than this part of what the values spread over is none. */
const STEADY = 0.3

/** Where a line went over its span: by the means of its first and its last third. Null where that cannot be said. */
export function trend(values: ArrayLike<number>): 'rising' | 'falling' | 'steady' | null {
  const known = Array.from(values).filter(Number.isFinite)
  if (known.length < 6) return null
  const third = Math.floor(known.length / 3)
  const mean = (part: number[]) => part.reduce((sum, value) => sum + value, 0) / part.length
  const change = mean(known.slice(-third)) - mean(known.slice(0, third))
  const { min, max } = summarise(known)
  const spread = (max ?? 0) - (min ?? 0)
  const size = Math.max(Math.abs(max ?? 0), Math.abs(min ?? 0))
  if (spread === 0 || Math.abs(change) < STEADY * spread || Math.abs(change) < 0.01 * size) {
    return 'steady'
  }
  return change > 0 ? 'rising' : 'falling'
}

interface Told {
  title: string
  /** "Of the last 5 minutes". */
  span: string
  unit: string
  lines: readonly { label: string; values: ArrayLike<number> }[]
  thresholds: readonly ThresholdRow[]
  /** Seconds of each minute that were heard of what the lines count. */
  heard?: ArrayLike<number>
  /** Whether its end is now. */
  live: boolean
}

/** A chart in sentences. */
export function chartWords(told: Told): string {
  const { title, span, unit, lines, thresholds, heard = [], live } = told
  const sentences = lines.map(({ label, values }) => {
    const { last, min, max } = summarise(values, heard)
    if (last === null) return `${label}: no data`
    const went = trend(Array.from(values).filter((_, i) => !isPart(heard, i)))
    const part = partWords(heard, Array.from(values).findLastIndex(Number.isFinite))
    return [
      `${label}: ${live ? 'now' : 'at last'} ${number(last)}${unit}`,
      part,
      min === null ? '' : `between ${number(min)} and ${number(max)}`,
      went ?? '',
    ]
      .filter((words) => words !== '')
      .join(', ')
  })
  for (const row of thresholds) {
    const [line] = lines
    const was = line ? crossing(line.values, row) : null
    if (was === null) continue
    const when = was === 'now' ? (live ? 'now' : 'at last') : was
    sentences.push(
      `${row.above ? 'Over' : 'Under'} ${number(row.value)}, as “${row.rule}” watches for: ${when}`,
    )
  }
  const isIn = (i: number) =>
    isPart(heard, i) && lines.some(({ values }) => Number.isFinite(values[i]))
  if (Array.from(heard, (_, i) => i).some(isIn)) {
    sentences.push('Some of it was counted in part: that is left out of least and greatest')
  }
  return [`${title}, ${span}`, ...sentences].join('. ') + '.'
}
