import { BackendError, type Backend } from './backend'
import { Delta } from './mock/delta'
import { CONNECTION as DEVICES, devicePage, deviceRow, select } from './mock/devices'
import { card, chip, fromDraft, setStatus } from './mock/links'
import { mockSeries } from './mock/series'
import { World, type Mood } from './mock/world'
import type { Commands, ErrorCode, Frame, ScreenFrame, ScreenSpec, ViewSpec } from './types'

type Handlers = { [C in keyof Commands]?: (args: Commands[C][0]) => Commands[C][1] }

/** A pretended host for `vite dev` and the tests: a deterministic fleet of all five services. */
export function mockBackend(mood: Mood = 'lively', now: () => number = Date.now): Backend {
  const world = new World(now(), mood)
  const delta = new Delta()
  let number = 0
  let shown = ''

  const pull = (spec: ViewSpec): Frame => {
    if (mood === 'error') fail('internal', 'The fleet’s state is locked by a thread that has died. Restart Signalbox; the history is safe.')
    world.until(now())
    const of = JSON.stringify([spec.scope, spec.screen.screen])
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
      screen: screen(world, delta, spec, now()),
    }
  }

  const handlers: Handlers = {
    pull: ({ spec }) => pull(spec),
    series: ({ spec }) => mockSeries(spec, now(), mood === 'empty' || world.links.length === 0),
    about: () => ({ version: '0.1.0', configuration: '~/.config/signalbox/signalbox.toml', problem: null, timeZone: 'Europe/Amsterdam' }),
    event_json: ({ number: of }) => {
      const event = world.events.find((one) => one.number === of) ?? fail('not_found', 'The event is too old to be kept here.')
      return JSON.stringify({ type: event.kind, hardwareId: event.subject, payload: Object.fromEntries(event.summary.split(' ').map((part) => part.split('='))), timestamp: new Date(event.at ?? 0).toISOString() }, null, 2)
    },
    reveal_code: ({ number: of }) => `04A2B${of}`,
    run_query: ({ org, sql }) => world.hosts.run(org, sql, now()),
    test_connection: ({ draft }) =>
      draft.url.includes('example') || draft.secret === 'wrong'
        ? { live: false, sentence: 'The service refused the credential (HTTP 401).' }
        : { live: true, sentence: 'Live after 0.4 s: the service acknowledged 3 subscriptions.' },
    add_connection: ({ draft }) => {
      if (world.link(draft.name)) fail('invalid', `There is a connection named ${draft.name}. Choose another name.`)
      world.links = [...world.links, fromDraft(now(), draft)]
      return null
    },
    connection_draft: ({ name }) => {
      const link = world.link(name) ?? fail('not_found', `There is no connection named ${name}.`)
      return { name, protocol: link.protocol, url: link.url, subscribe: link.subscriptions.map((row) => row.name), tags: link.tags, caFile: null, allowPlaintext: false, notifyUnlocked: link.notifyUnlocked, keep: { in: 'keychain' }, secret: null }
    },
    edit_connection: ({ name, draft }) => {
      world.links = world.links.map((link) => (link.name === name ? { ...link, ...fromDraft(now(), draft) } : link))
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
    create_live_query: () => null,
    destroy_live_query: () => null,
  }

  return {
    async call(command, args) {
      const handler = handlers[command] as ((args: unknown) => unknown) | undefined
      await new Promise((resolve) => setTimeout(resolve, command === 'test_connection' ? 600 : 2))
      if (!handler) fail('internal', `The mock has no command ${command}.`)
      return handler(args) as Commands[typeof command][1]
    },
  }
}

function screen(world: World, delta: Delta, { screen: spec }: ViewSpec, now: number): ScreenFrame {
  const empty = world.mood === 'empty' || world.links.length === 0
  switch (spec.screen) {
    case 'overview': {
      const matter = world.events.filter((event) => event.kind !== 'device.telemetry')
      return {
        screen: 'overview',
        tiles: delta.once('tiles', world.tiles(now)),
        attention: delta.once('attention', world.attention(now)),
        latest: delta.rows('latest', { total: world.events.length, matching: matter }, 0, 20),
      }
    }
    case 'devices': {
      const matching = select([...world.devices], spec.table).map((device) => deviceRow(device, spec.columns, world.stale(DEVICES)))
      return {
        screen: 'devices',
        devices: delta.rows('devices', { total: world.devices.length, matching }, spec.table.offset, spec.table.limit),
        fields: delta.once('fields', [...new Set(world.devices.flatMap((device) => [...device.fields.keys()]))].sort()),
      }
    }
    case 'device': {
      const device = world.devices.find((one) => one.id === spec.id)
      return { screen: 'device', found: device !== undefined, page: device ? delta.once(device.id, devicePage(device, world.stale(DEVICES))) : null }
    }
    case 'jobs':
      return { screen: 'jobs', page: delta.once('jobs', empty ? { definitions: [], running: [], failures: [], finished: [], actors: [], moreActors: 0, liveQueries: [] } : world.jobs.page(world.stale('back-office'))) }
    case 'job': {
      const job = world.jobs.job(spec.id)
      return { screen: 'job', found: job !== null, job: delta.once(spec.id, job) }
    }
    case 'liveQuery': {
      const { offset, limit, filter } = spec.table
      const matching = world.jobs.orders.filter((row) => row.cells.join(' ').includes(filter))
      return { screen: 'liveQuery', found: true, query: delta.once('query', world.jobs.query(world.stale('back-office'))), columns: delta.once('columns', ['orderNumber', 'status', 'total', 'currency', 'lines', 'createdAt']), nodes: delta.rows('nodes', { total: world.jobs.orders.length, matching }, offset, limit) }
    }
    case 'agents':
      return { screen: 'agents', page: delta.once('agents', empty ? { agents: [], channels: [], channel: null, posts: [], tasks: [], notifications: [] } : world.agents.page(spec.channel, world.stale('crew'))) }
    case 'hosts':
      return hosts(world, delta, spec, empty)
    case 'signals':
      return { screen: 'signals', page: delta.once('signals', empty ? { standing: [], feed: [], streams: [] } : world.signals.page(spec.stream, spec.minSeverity, spec.limit, world.stale('intel'))) }
    case 'events': {
      const terms = spec.filter.toLowerCase().split(/\s+/).filter(Boolean)
      const found = world.events.filter((event) => terms.every((term) => eventMatches(event, term)))
      const until = spec.until ?? Infinity
      const matching = found.filter((event) => event.receivedAt <= until)
      return { screen: 'events', events: delta.rows('events', { total: world.events.length, matching }, spec.offset, spec.limit), newer: found.length - matching.length, forgotten: world.forgotten, problem: terms.some((term) => term.startsWith('kind:x')) ? '“kind:x…” names no kind of event' : null }
    }
    case 'connections':
      return { screen: 'connections', cards: delta.once('cards', world.links.map(card)) }
    case 'nothing':
      return { screen: 'nothing' }
  }
}

function hosts(world: World, delta: Delta, spec: Extract<ScreenSpec, { screen: 'hosts' }>, empty: boolean): ScreenFrame {
  const stale = world.stale('laptops')
  const matching = empty ? [] : world.hosts.select(spec.table).map((host) => ({ ...host, stale }))
  const run = spec.run && !empty ? world.hosts.find(spec.run.run) : null
  const { offset, limit } = spec.run ?? { offset: 0, limit: 0 }
  return {
    screen: 'hosts',
    hosts: delta.rows('hosts', { total: matching.length, matching }, spec.table.offset, spec.table.limit),
    runs: delta.once('runs', empty ? [] : world.hosts.runs),
    orgs: delta.once('orgs', empty ? [] : world.hosts.orgs.map((org) => ({ ...org, live: !stale }))),
    run: run && { run: delta.once(`run${run.row.key}`, run.row), columns: delta.once(`columns${run.row.key}`, run.columns), rows: delta.rows(`rows${run.row.key}`, { total: run.rows.length, matching: run.rows }, offset, limit), outcomes: delta.once(`outcomes${run.row.key}`, run.outcomes) },
  }
}

function eventMatches(event: { kind: string; connection: string; subject: string; summary: string }, term: string): boolean {
  if (term.startsWith('kind:')) return event.kind.startsWith(term.slice(5))
  if (term.startsWith('connection:')) return event.connection === term.slice(11)
  if (term.startsWith('subject:')) return event.subject.toLowerCase() === term.slice(8)
  return `${event.kind} ${event.subject} ${event.summary}`.toLowerCase().includes(term)
}

function fail(code: ErrorCode, message: string): never {
  throw new BackendError({ code, message })
}
