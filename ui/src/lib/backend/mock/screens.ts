import type { AlertRow, EventRow, ScreenFrame, ScreenSpec, ViewSpec } from '../types'
import { Delta } from './delta'
import { CONNECTION as DEVICES, devicePage, deviceRow, select } from './devices'
import { cards, detail } from './links'
import { MOST_OF_PAST, pastEvents, pastFailures, pastLocks, recordedOf } from './past'
import type { World } from './world'

/** The answer for the screen in sight. */
export function screenOf(
  world: World,
  delta: Delta,
  { screen: spec, past }: ViewSpec,
  now: number,
): ScreenFrame {
  const empty = world.mood === 'empty' || world.links.length === 0
  switch (spec.screen) {
    case 'overview': {
      const told = past && !empty ? pastEvents(past, now) : world.events
      const matter = told.filter((event) => event.kind !== 'device.telemetry')
      return {
        screen: 'overview',
        tiles: delta.once('tiles', world.tiles(now)),
        attention: delta.once('attention', world.attention(worst(world, now))),
        latest: delta.rows('latest', { total: world.events.length, matching: matter }, 0, 20),
        away: world.keep.away(() => worst(world, now)),
      }
    }
    case 'alerts':
      return world.alerts.screen(delta, spec, { now, past }, (name) => world.stale(name))
    case 'alert': {
      const page = world.alerts.page(spec.id, now, (name) => world.stale(name))
      return { screen: 'alert', found: page !== null, page: delta.once(spec.id, page) }
    }
    case 'rules':
      return { screen: 'rules', page: delta.once('rules', { rules: world.alerts.rules() }) }
    case 'devices': {
      const matching = select([...world.devices], spec.table).map((device) =>
        deviceRow(device, spec.columns, world.stale(DEVICES)),
      )
      return {
        screen: 'devices',
        devices: delta.rows(
          'devices',
          { total: world.devices.length, matching },
          spec.table.offset,
          spec.table.limit,
        ),
        fields: delta.once(
          'fields',
          [...new Set(world.devices.flatMap((device) => [...device.fields.keys()]))].sort(),
        ),
      }
    }
    case 'device': {
      const device = world.devices.find((one) => one.id === spec.id)
      return {
        screen: 'device',
        found: device !== undefined,
        page: device
          ? delta.once(device.id, {
              ...devicePage(device, world.stale(DEVICES)),
              ...(past && { locks: pastLocks(past, now, device.id) }),
            })
          : null,
      }
    }
    case 'jobs': {
      const jobs = world.jobs.page(world.stale('back-office'), spec.actors)
      return {
        screen: 'jobs',
        page: delta.once(
          'jobs',
          empty
            ? {
                definitions: [],
                running: [],
                failures: [],
                finished: [],
                finishedFrom: null,
                actors: [],
                moreActors: 0,
                actorTypes: [],
                liveQueries: world.jobs.queries(false),
              }
            : {
                ...jobs,
                definitions: jobs.definitions.map((row) => world.withAlert(row, now)),
                ...(past && { failures: pastFailures(past, now) }),
              },
        ),
      }
    }
    case 'job': {
      const page = empty ? null : world.jobs.job(spec.id, world.stale('back-office'))
      return { screen: 'job', found: page !== null, page: delta.once(spec.id, page) }
    }
    case 'definition': {
      const found = empty ? null : world.jobs.definition(spec.id, world.stale('back-office'))
      const page = found && { ...found, definition: world.withAlert(found.definition, now) }
      return { screen: 'definition', found: page !== null, page: delta.once(spec.id, page) }
    }
    case 'actor': {
      const page = empty ? null : world.jobs.actor(spec.id, world.stale('back-office'))
      return { screen: 'actor', found: page !== null, page: delta.once(spec.id, page) }
    }
    case 'liveQuery': {
      const { offset, limit, filter } = spec.table
      const query = world.jobs.queries(world.stale('back-office')).find((one) => one.id === spec.id)
      const matching = world.jobs.orders.filter((row) => row.cells.join(' ').includes(filter))
      return {
        screen: 'liveQuery',
        found: query !== undefined,
        query: delta.once('query', query ?? null),
        columns: delta.once('columns', [
          'orderNumber',
          'status',
          'total',
          'currency',
          'lines',
          'createdAt',
        ]),
        nodes: delta.rows('nodes', { total: world.jobs.orders.length, matching }, offset, limit),
      }
    }
    case 'agents':
      return {
        screen: 'agents',
        page: delta.once(
          'agents',
          empty
            ? { agents: [], channels: [], channel: null, posts: [], tasks: [], notifications: [] }
            : world.agents.page(spec.channel, spec.find, world.stale('crew')),
        ),
      }
    case 'hosts':
      return hosts(world, delta, spec, empty)
    case 'signals':
      return {
        screen: 'signals',
        page: delta.once(
          'signals',
          empty
            ? { standing: [], feed: [], streams: [] }
            : world.signals.page(spec.stream, spec.minSeverity, spec.limit, world.stale('intel')),
        ),
      }
    case 'events': {
      const events = past && !empty ? pastEvents(past, now) : world.events
      const found = eventsOf(events, spec.filter)
      const until = spec.until ?? Infinity
      const matching = found.filter((event) => event.receivedAt <= until)
      return {
        screen: 'events',
        events: delta.rows(
          'events',
          { total: past ? matching.length : events.length, matching },
          spec.offset,
          spec.limit,
        ),
        newer: found.length - matching.length,
        forgotten: past ? 0 : world.forgotten,
        more: past !== null && events.length >= MOST_OF_PAST,
        recorded: past && recordedOf(past, now),
        problem: /(^|\s)kind:x/i.test(spec.filter) ? '“kind:x…” names no kind of event' : null,
      }
    }
    case 'connections':
      return {
        screen: 'connections',
        cards: delta.once('cards', cards(world.links)),
        detail: delta.once('detail', detail(world.links, spec.open)),
        removed: delta.once(
          'removed',
          world.removed
            .filter(({ until }) => until > now)
            .map(({ link, until }) => ({
              name: link.name,
              protocol: link.protocol,
              demo: false,
              until,
            })),
        ),
      }
    case 'nothing':
      return { screen: 'nothing' }
  }
}

/** The events that a filter lets through. */
export function eventsOf<E extends EventRow>(events: readonly E[], filter: string): E[] {
  const terms = filter.toLowerCase().split(/\s+/).filter(Boolean)
  return events.filter((event) => terms.every((term) => eventMatches(event, term)))
}

function worst(world: World, now: number): AlertRow[] {
  const spec: Extract<ScreenSpec, { screen: 'alerts' }> = {
    screen: 'alerts',
    filter: { states: [], severities: [], rule: null, text: '' },
    grouped: false,
    unfolded: [],
    offset: 0,
    limit: 20,
  }
  const frame = world.alerts.screen(new Delta(), spec, { now, past: null }, (name) =>
    world.stale(name),
  )
  return frame.screen === 'alerts' ? frame.alerts.changed : []
}

function hosts(
  world: World,
  delta: Delta,
  spec: Extract<ScreenSpec, { screen: 'hosts' }>,
  empty: boolean,
): ScreenFrame {
  const stale = world.stale('laptops')
  const matching = empty ? [] : world.hosts.select(spec.table).map((host) => ({ ...host, stale }))
  const run = spec.run && !empty ? world.hosts.find(spec.run.run) : null
  const { offset, limit } = spec.run ?? { offset: 0, limit: 0 }
  return {
    screen: 'hosts',
    hosts: delta.rows(
      'hosts',
      { total: matching.length, matching },
      spec.table.offset,
      spec.table.limit,
    ),
    runs: delta.once('runs', empty ? [] : world.hosts.runs),
    orgs: delta.once(
      'orgs',
      // They are configured, whatever was heard of them.
      world.links.length === 0
        ? []
        : world.hosts.orgs.map((org) => ({
            ...org,
            live: !stale,
            ...(empty ? { hosts: 0, online: 0 } : {}),
          })),
    ),
    run: run && {
      run: delta.once(`run${run.row.key}`, run.row),
      columns: delta.once(`columns${run.row.key}`, run.columns),
      rows: delta.rows(
        `rows${run.row.key}`,
        {
          total: run.rows.length,
          matching: spec.run ? world.hosts.rowsOf(run, spec.run) : [],
        },
        offset,
        limit,
      ),
      outcomes: delta.once(`outcomes${run.row.key}`, run.outcomes),
    },
  }
}

function eventMatches(
  event: { kind: string; connection: string; subject: string; summary: string },
  term: string,
): boolean {
  if (term.startsWith('kind:')) return event.kind.startsWith(term.slice(5))
  if (term.startsWith('connection:')) return event.connection === term.slice(11)
  if (term.startsWith('subject:')) return event.subject.toLowerCase() === term.slice(8)
  return `${event.kind} ${event.subject} ${event.summary}`.toLowerCase().includes(term)
}
