import { cleanup, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterAll, expect, it, vi } from 'vitest'
import { mockBackend } from '../lib/backend/mock'
import { preferences } from '../lib/preferences.svelte'
import { open, stage } from './stage'

/** Half an hour off every whole one, so that a local time is never taken for another hour's. */
const { TZ, OFFSET } = vi.hoisted(() => {
  process.env.TZ = 'America/St_Johns'
  return { TZ: process.env.TZ, OFFSET: 3 * 60 + 30 }
})
const NOW = Date.UTC(2026, 10, 21, 12, 0, 0)

vi.mock('uplot')
stage()
afterAll(() => {
  preferences.utc = false
  vi.useRealTimers()
})

/** Words of the services and of the history that name an hour, as somebody wrote them: no time of ours. */
const WRITTEN =
  /\d{4}-\d\d-\d\dT[\d:.]+Z|failed export, repeated at 04:12|until 10:00|04:22 to (13:56|06:10)|\b\d\d:\d\d-\d\d:\d\d\b|192\.0\.2\.17:443/g

/** Waits until the screen is there with all that it asked for: its words stay as they are. */
async function settled(container: HTMLElement) {
  const there = () =>
    container.querySelector('main [data-testid^="screen-"]') !== null &&
    container.querySelector('main [aria-busy="true"]') === null
  for (let same = 0, before = ''; same < 6; before = container.textContent) {
    await new Promise((resolve) => setTimeout(resolve, 40))
    same = there() && container.textContent === before ? same + 1 : 0
  }
}

/** The times of day that are shown or told, in minutes, and all words beside them. */
async function timesOf(hash: string, utc: boolean) {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
  preferences.utc = utc
  open(
    hash,
    mockBackend('lively', () => NOW),
  )
  const container = document.body
  await screen.findByTestId('clock')
  await settled(container)
  // What is told on hover is only made up then.
  container.querySelectorAll('time').forEach((one) => one.dispatchEvent(new Event('pointerenter')))
  await tick()
  const words = [...container.querySelectorAll('*')]
    .flatMap((one) => [
      ...[...one.childNodes]
        .filter((child) => child.nodeType === 3)
        .map((text) => text.textContent),
      one.getAttribute('title'),
      one.getAttribute('aria-label'),
    ])
    .filter((text) => text !== null)
    .map((text) => text.replace(WRITTEN, ''))
  cleanup()
  const times = words.flatMap((text) =>
    [...text.matchAll(/\b([01]\d|2[0-3]):([0-5]\d)\b(?::[0-5]\d)?/g)].map((found) => ({
      text,
      minutes: Number(found[1]) * 60 + Number(found[2]),
    })),
  )
  return { times, words: words.join(' ') }
}

it('is in a zone of half an hour', () => {
  expect(TZ).toBe('America/St_Johns')
  expect(new Date(NOW).getTimezoneOffset()).toBe(OFFSET)
})

it.each([
  '#/overview',
  '#/alerts',
  '#/rules',
  '#/devices',
  '#/device/locks-eu/VH1004',
  '#/jobs',
  '#/definition/back-office/send-order-mails',
  '#/liveQuery/back-office/lq-orders',
  '#/agents',
  '#/hosts',
  '#/signals',
  '#/events',
  '#/connections/locks-eu',
  '#/settings',
])(
  'tells every time of %s in UTC where that is chosen, and names the zone',
  async (hash) => {
    const universal = await timesOf(hash, true)
    const local = await timesOf(hash, false)
    expect(universal.words).toMatch(/\bUTC\b/)
    expect(local.times.length).toBe(universal.times.length)
    expect(universal.times.length).toBeGreaterThan(0)
    const wrong = universal.times.filter(({ minutes }, i) => {
      const here = local.times[i]?.minutes ?? 0
      return (minutes - here + 1440) % 1440 !== OFFSET
    })
    expect(wrong.map(({ text }) => text)).toEqual([])
  },
  60_000,
)
