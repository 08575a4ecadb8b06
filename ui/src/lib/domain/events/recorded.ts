import type { EventRow, Recorded, Span } from '../../backend/types'
import {
  dayMonth,
  dayTime,
  isSameDay,
  joined,
  lengthWords,
  minutes,
  time,
  zoneName,
  type TimeZone,
} from '../../format'

/** How much of a past span was recorded, in sentences: what nobody saw is told from what did not happen. */
export function recordedWords(recorded: Recorded, asked: Span, zone: TimeZone): string {
  const { spans, count, off, unknownUntil } = recorded
  const oneDay = isSameDay(asked.from, asked.to - 1, zone)
  const at = (ms: number) =>
    oneDay && ms < asked.to ? minutes(ms, zone) : `${dayMonth(ms, zone)} ${minutes(ms, zone)}`
  const end = (ms: number) => (oneDay && ms >= asked.to ? '24:00' : at(ms))
  const ofZone = zoneName(zone, asked.from)
  const sentences: string[] = []
  if (off > 0) {
    const times = spans.map(({ from, to }) => {
      const sameDay = isSameDay(from, to, zone)
      return `${at(from)}–${sameDay ? minutes(to, zone) : end(to)}`
    })
    const earlier = count - spans.length
    if (earlier > 0) times.unshift(`${earlier} earlier ${earlier === 1 ? 'time' : 'times'}`)
    sentences.push(
      times.length === 0
        ? unknownUntil === null
          ? 'Nothing of that time was recorded.'
          : `Nothing was recorded after ${at(unknownUntil)} ${ofZone}.`
        : `Recorded ${joined(times)} ${ofZone} only, not in the other ${lengthWords(off)}.`,
    )
  }
  if (unknownUntil !== null) {
    sentences.push(
      unknownUntil >= asked.to
        ? 'What was recorded of that time is not known: it was not noted then, or was deleted since.'
        : `What was recorded before ${at(unknownUntil)} ${ofZone} is not known: it was not noted then, or was deleted since.`,
    )
  }
  return sentences.join(' ')
}

/** Whether a row of a past list is a time that was not recorded, and no event. */
export function isOff(row: Pick<EventRow, 'kind'>): boolean {
  return row.kind === 'recording.off'
}

/** What a row says. */
export function saidOf(row: EventRow, zone: TimeZone): string {
  if (!isOff(row) || row.at === null) return row.summary
  const sameDay = isSameDay(row.at, row.receivedAt, zone)
  const until = (sameDay ? time : dayTime)(row.at, zone)
  return `${row.summary} until ${until}, for ${lengthWords(row.at - row.receivedAt)}`
}
