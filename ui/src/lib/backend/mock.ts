import { BackendError, type Backend } from './backend'
import { alertCommands } from './mock/alert-commands'
import { Delta } from './mock/delta'
import { keepCommands } from './mock/keep'
import { connectionCommands } from './mock/connection-commands'
import { chip } from './mock/links'
import { pastEvents } from './mock/past'
import { found } from './mock/find'
import { eventsOf, screenOf } from './mock/screens'
import { mockPlaces } from './mock/places'
import { mockSeries } from './mock/series'
import { World, type Mood } from './mock/world'
import type { Commands, ErrorCode, Frame, ViewSpec } from './types'

/** The real host saves ten times as many: of the pretended past there is less, and it is to be seen that more is said. */
const MOST_SAVED = 2000

type Handlers = { [C in keyof Commands]?: (args: Commands[C][0]) => Commands[C][1] }

/** A pretended host for `vite dev` and the tests: a deterministic fleet of all five services. */
export function mockBackend(mood: Mood = 'lively', now: () => number = Date.now): Backend {
  const world = new World(now(), mood)
  const delta = new Delta()
  let number = 0
  let shown = ''

  const pull = (spec: ViewSpec): Frame => {
    if (mood === 'error')
      fail(
        'internal',
        'The fleet’s state is locked by a thread that has died. Restart Signalbox; the history is safe.',
      )
    world.until(now())
    const of = JSON.stringify([spec.scope, spec.past, spec.screen.screen])
    const whole = spec.have === 0 || spec.have !== number || of !== shown
    if (whole) delta.forget()
    shown = of
    number++
    return {
      number,
      whole,
      now: now(),
      rail: delta.once('rail', world.rail(now())),
      chips: delta.once('chips', world.links.map(chip)),
      go: null,
      announced: [],
      takenBack: [],
      screen: screenOf(world, delta, spec, now()),
    }
  }

  const handlers: Handlers = {
    pull: ({ spec }) => pull(spec),
    look: ({ spec }) => {
      world.until(now())
      const screen = screenOf(world, new Delta(), spec, now())
      return {
        number: 0,
        whole: true,
        now: now(),
        rail: null,
        chips: null,
        go: null,
        announced: [],
        takenBack: [],
        screen,
      }
    },
    find: ({ text }) => found(world, text),
    series: ({ spec }) => mockSeries(spec, now(), mood === 'empty' || world.links.length === 0),
    about: () => ({
      version: '0.1.0',
      configuration: '~/.config/signalbox/signalbox.toml',
      problem: null,
      timeZone: 'Europe/Amsterdam',
    }),
    event_json: ({ number: of }) => {
      const event =
        world.events.find((one) => one.number === of) ??
        fail('not_found', 'The event is too old to be kept here.')
      return JSON.stringify(
        {
          type: event.kind,
          hardwareId: event.subject,
          payload: Object.fromEntries(event.summary.split(' ').map((part) => part.split('='))),
          timestamp: new Date(event.at ?? 0).toISOString(),
        },
        null,
        2,
      )
    },
    stored_event_json: ({ id }) => JSON.stringify({ id, from: 'the history' }, null, 2),
    reveal_code: ({ number: of }) => `04A2B${of}`,
    run_query: ({ org, sql, target }) => world.hosts.run(org, sql, target, now()),
    stop_query: ({ run }) =>
      world.hosts.stop(run, now()) ? null : fail('invalid', 'That query is over already.'),
    show_file: () => null,
    ...connectionCommands(world, now, fail),
    start_demo: () => {
      world.startDemo(now())
      return null
    },
    stop_demo: () => {
      world.links = []
      world.demo = false
      return null
    },
    test_notification: () => null,
    places: ({ spec }) => mockPlaces(world, spec),
    tiles: () => ({ server: null, attribution: null, problem: null }),
    retry_tiles: () => null,
    ...alertCommands(world.alerts, now, fail),
    ...keepCommands(world.keep, now, fail),
    save_events: ({ filter, past, format }) => {
      const events = past ? pastEvents(past, now()) : world.events
      const rows = eventsOf(events, filter)
      const place = `~/Documents/Signalbox/Events.${format}`
      return { place, rows: Math.min(rows.length, MOST_SAVED), more: rows.length > MOST_SAVED }
    },
    create_live_query: ({ id, connection, edge, filter, orderBy }) => {
      if (world.stale(connection))
        fail('not_live', `${connection} is not live. Try again when it is.`)
      world.jobs.create(id, { edge, filter, orderBy })
      return null
    },
    destroy_live_query: ({ id, connection }) =>
      world.jobs.destroy(id)
        ? null
        : fail('not_found', `${connection} keeps no query named ${id}.`),
  }

  return {
    async call(command, args) {
      const handler = handlers[command] as ((args: unknown) => unknown) | undefined
      await new Promise((resolve) => setTimeout(resolve, 2))
      if (!handler) fail('internal', `The mock has no command ${command}.`)
      // What comes out of the real host is a copy, too.
      return structuredClone(handler(args)) as Commands[typeof command][1]
    },
  }
}

function fail(code: ErrorCode, message: string): never {
  throw new BackendError({ code, message })
}
