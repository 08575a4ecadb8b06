import uPlot from 'uplot'
import type { ThresholdRow } from '../backend/types'
import { dayMonth, minutes, number, time, type TimeZone } from '../format'
import { withNear } from './thresholds'

export interface ChartShape {
  lines: readonly { label: string; colour: number; hidden?: boolean }[]
  width: number
  height: number
  bars: boolean
  zone: TimeZone
  /** The time under the pointer, in ms; null when there is none. */
  onhover(at: number | null): void
  /** Draws behind the lines. */
  behind?: (plot: uPlot) => void
  /** Draws over the lines. */
  over?: (plot: uPlot) => void
  /** The scale of the values, of the least and the greatest of them. */
  range: Range
}

type Range = (low: number | null, high: number | null) => [number, number]

const HOUR = 3600
const DAY = 86_400
/** How wide a letter of an axis is at most, in px. */
const LETTER = 7
/** So few samples are drawn as points too: one alone makes no line. */
const FEW = 8
/** What is counted has no halves. */
const WHOLE = Array.from({ length: 8 }, (_, i) => [1, 2, 5].map((step) => step * 10 ** i)).flat()
/** By a line's place, so that it is told apart without its colour too. */
export const DASHES = [undefined, [6, 3], [2, 3], [9, 3, 2, 3], undefined, [4, 2]] as const

/** What uPlot needs for one of our charts: colours out of the tokens, a time axis with the chosen zone, no legend. */
export function chartOptions(shape: ChartShape): uPlot.Options {
  const styles = getComputedStyle(document.documentElement)
  const token = (name: string) => styles.getPropertyValue(name).trim()
  const font = `11px ${token('--font-ui')}`
  const axis: uPlot.Axis = {
    stroke: token('--chart-axis'),
    font,
    grid: { stroke: token('--chart-grid'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: Math.max(1, shape.width),
    height: shape.height,
    // At the sides there is room for half a time that stands at the very edge.
    padding: [6, 16, 0, 0],
    legend: { show: false },
    // The marks of the axis stand at whole hours and midnights of the zone that is shown.
    ...(shape.zone.utc && { tzDate: (at: number) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC') }),
    cursor: {
      y: false,
      // What is dragged and clicked is the chart's own matter.
      drag: { x: false, y: false },
      bind: { dblclick: () => null },
      points: { size: 6 },
    },
    scales: {
      x: { time: true, auto: false },
      y: { range: (_, low, high) => shape.range(low, high) },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        gap: 4,
        space: 80,
        values: (plot, splits) =>
          withinEdge(axisWords(splits, shape.zone), (i) => {
            const left = plot.valToPos(splits[i] ?? 0, 'x')
            return plot.width - plot.bbox.left / uPlot.pxRatio - left
          }),
      },
      {
        ...axis,
        ...(shape.bars && { incrs: WHOLE }),
        size: 44,
        gap: 4,
        space: 36,
        values: (_, splits) => splits.map(number),
      },
    ],
    series: [
      {},
      ...shape.lines.map(({ label, colour, hidden }, i): uPlot.Series => {
        const stroke = token(`--chart-${colour}`)
        return {
          label,
          show: !hidden,
          stroke,
          width: 1.5,
          dash: shape.bars ? undefined : DASHES[i % DASHES.length]?.slice(),
          fill: shape.bars ? `${stroke}b0` : shape.lines.length === 1 ? `${stroke}1f` : undefined,
          paths: shape.bars ? uPlot.paths.bars?.({ size: [0.7, 14], align: 1 }) : undefined,
          points: { show: (plot, line) => !shape.bars && isSparse(plot.data[line]), size: 5 },
          spanGaps: false,
        }
      }),
    ],
    hooks: {
      ...(shape.behind && { drawClear: [shape.behind] }),
      ...(shape.over && { draw: [shape.over] }),
      setCursor: [(plot) => shape.onhover(momentUnder(plot))],
    },
  }
}

function isSparse(column: ArrayLike<number | null | undefined> | undefined): boolean {
  let known = 0
  for (let i = 0; i < (column?.length ?? 0) && known < FEW; i++)
    if (typeof column?.[i] === 'number') known++
  return known < FEW
}

/** The time under the pointer, in ms; null when it is elsewhere. */
export function momentUnder(plot: uPlot): number | null {
  const left = plot.cursor.left ?? -1
  return left < 0 ? null : plot.posToVal(left, 'x') * 1000
}

/** "14:03:30" where the marks are less than a minute apart, "14:03", "21 Nov" at a midnight and for whole days. */
export function axisWords(splits: readonly number[], zone: TimeZone): string[] {
  const [first = 0, second = first + 60] = splits
  const step = second - first
  if (step < 60) return splits.map((at) => time(at * 1000, zone))
  return splits.map((at) => {
    const clock = minutes(at * 1000, zone)
    return step >= DAY || (clock === '00:00' && step >= HOUR) ? dayMonth(at * 1000, zone) : clock
  })
}

/** The words of an axis without those that its right edge would cut; `room` is how far each is from that edge, in px. */
export function withinEdge(words: readonly string[], room: (i: number) => number): string[] {
  return words.map((word, i) => (room(i) < (word.length * LETTER) / 2 ? '' : word))
}

/** The scale of values that float, or else begins at zero and ends a little over the greatest, so that a quiet line doesn't fill it. */
export function rangeOf(floating: boolean, thresholds: () => readonly ThresholdRow[]): Range {
  if (floating) return (low, high) => withNear(low, high, thresholds())
  return (low, high) => {
    const greatest = high ?? 0
    const least = Math.min(0, low ?? 0)
    const near = thresholds()
      .map((row) => row.value)
      .filter((value) => value <= greatest * 2)
    return [least * 1.12, Math.max(1, greatest * 1.12, ...near.map((value) => value * 1.12))]
  }
}
