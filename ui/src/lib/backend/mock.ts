import { BackendError, type Backend } from './backend'
import { alertCommands } from './mock/alert-commands'
import { Delta } from './mock/delta'
import { keepCommands } from './mock/keep'
import { chip, fromDraft, setStatus } from './mock/links'
import { pastEvents } from './mock/past'
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
      screen: screenOf(world, delta, spec, now()),
    }
  }

  const handlers: Handlers = {
    pull: ({ spec }) => pull(spec),
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
    run_query: ({ org, sql }) => world.hosts.run(org, sql, now()),
    test_connection: ({ draft }) =>
      draft.url.includes('example') || draft.secret === 'wrong'
        ? { live: false, sentence: 'The service refused the credential (HTTP 401).' }
        : { live: true, sentence: 'Live after 0.4 s: the service acknowledged 3 subscriptions.' },
    add_connection: ({ draft }) => {
      if (world.link(draft.name))
        fail('invalid', `There is a connection named ${draft.name}. Choose another name.`)
      world.links = [...world.links, fromDraft(now(), draft)]
      return null
    },
    connection_draft: ({ name }) => {
      const link = world.link(name) ?? fail('not_found', `There is no connection named ${name}.`)
      return {
        name,
        protocol: link.protocol,
        url: link.url,
        subscribe: link.subscriptions.map((row) => row.name),
        tags: link.tags,
        caFile: null,
        allowPlaintext: false,
        notifyUnlocked: link.notifyUnlocked,
        keep: { in: 'keychain' },
        secret: null,
      }
    },
    edit_connection: ({ name, draft }) => {
      world.links = world.links.map((link) =>
        link.name === name ? { ...link, ...fromDraft(now(), draft) } : link,
      )
      return null
    },
    set_enabled: ({ name, enabled }) => {
      const link = world.link(name) ?? fail('not_found', `There is no connection named ${name}.`)
      link.enabled = enabled
      setStatus(link, now(), enabled ? 'connecting' : 'stopped', null)
      return null
    },
    remove_connection: ({ name }) => {
      world.links = world.links.filter((link) => link.name !== name)
      return null
    },
    set_credential: ({ name }) => {
      const link = world.link(name)
      if (link) setStatus(link, now(), 'connecting', null)
      return null
    },
    retry: ({ name }) => {
      const link = world.link(name)
      if (link) setStatus(link, now(), 'connecting', null)
      return null
    },
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
    ...alertCommands(world.alerts, now, fail),
    ...keepCommands(world.keep, now, fail),
    save_events: ({ filter, past, format }) => {
      const events = past ? pastEvents(past, now()) : world.events
      const rows = eventsOf(events, filter)
      const place = `~/Documents/Signalbox/Events.${format}`
      return { place, rows: Math.min(rows.length, MOST_SAVED), more: rows.length > MOST_SAVED }
    },
    create_live_query: ({ id, connection }) => {
      if (world.stale(connection))
        fail('not_live', `${connection} is not live. Try again when it is.`)
      world.jobs.create(id)
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
      await new Promise((resolve) => setTimeout(resolve, command === 'test_connection' ? 600 : 2))
      if (!handler) fail('internal', `The mock has no command ${command}.`)
      // What comes out of the real host is a copy, too.
      return structuredClone(handler(args)) as Commands[typeof command][1]
    },
  }
}

function fail(code: ErrorCode, message: string): never {
  throw new BackendError({ code, message })
}
