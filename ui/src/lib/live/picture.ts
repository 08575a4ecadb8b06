import type {
  ActorPage,
  AgentsPage,
  AlertCounts,
  AlertGroup,
  AlertPage,
  AlertRow,
  Attention,
  Away,
  ConnectionCard,
  ConnectionDetail,
  DefinitionPage,
  DevicePage,
  DeviceRow,
  EventRow,
  HostRow,
  JobPage,
  JobsPage,
  LiveQueryRow,
  NodeRow,
  OrgRow,
  OutcomeRow,
  Recorded,
  RemovedRow,
  ResultRow,
  RulesPage,
  RunRow,
  ScreenFrame,
  SignalsPage,
  SilenceRow,
  Tiles,
} from '../backend/types'
import { applyRows, NO_ROWS, type RowList } from './rows'

export interface RunPicture {
  run: RunRow
  columns: string[]
  rows: RowList<ResultRow>
  outcomes: OutcomeRow[]
}

/** The whole of a screen as the page holds it: the sum of the frames since the last whole one. */
export type Picture =
  | {
      screen: 'overview'
      tiles: Tiles | null
      attention: Attention[]
      latest: RowList<EventRow>
      away: Away | null
    }
  | {
      screen: 'alerts'
      alerts: RowList<AlertRow>
      groups: AlertGroup[]
      counts: AlertCounts | null
      silences: SilenceRow[]
      rules: string[]
      problem: string | null
    }
  | { screen: 'alert'; found: boolean; page: AlertPage | null }
  | { screen: 'rules'; page: RulesPage | null }
  | { screen: 'devices'; devices: RowList<DeviceRow>; fields: string[] }
  | { screen: 'device'; found: boolean; page: DevicePage | null }
  | { screen: 'jobs'; page: JobsPage | null }
  | { screen: 'job'; found: boolean; page: JobPage | null }
  | { screen: 'definition'; found: boolean; page: DefinitionPage | null }
  | { screen: 'actor'; found: boolean; page: ActorPage | null }
  | {
      screen: 'liveQuery'
      found: boolean
      query: LiveQueryRow | null
      columns: string[]
      nodes: RowList<NodeRow>
    }
  | { screen: 'agents'; page: AgentsPage | null }
  | {
      screen: 'hosts'
      hosts: RowList<HostRow>
      runs: RunRow[]
      orgs: OrgRow[]
      run: RunPicture | null
    }
  | { screen: 'signals'; page: SignalsPage | null }
  | {
      screen: 'events'
      events: RowList<EventRow>
      newer: number
      forgotten: number
      more: boolean
      recorded: Recorded | null
      problem: string | null
    }
  | {
      screen: 'connections'
      cards: ConnectionCard[]
      detail: ConnectionDetail | null
      removed: RemovedRow[]
    }
  | { screen: 'nothing' }

export type ScreenName = Picture['screen']
export type PictureOf<S extends ScreenName> = Extract<Picture, { screen: S }>

/** Adds a frame to what the page holds. `held` is null after a whole frame, or when another screen was shown. */
export function mergeScreen(held: Picture | null, frame: ScreenFrame): Picture {
  switch (frame.screen) {
    case 'overview': {
      const was = same(held, 'overview')
      return {
        screen: 'overview',
        tiles: frame.tiles ?? was?.tiles ?? null,
        attention: frame.attention ?? was?.attention ?? [],
        latest: applyRows(was?.latest ?? NO_ROWS, frame.latest),
        away: frame.away,
      }
    }
    case 'alerts': {
      const was = same(held, 'alerts')
      return {
        screen: 'alerts',
        alerts: applyRows(was?.alerts ?? NO_ROWS, frame.alerts),
        groups: frame.groups ?? was?.groups ?? [],
        counts: frame.counts ?? was?.counts ?? null,
        silences: frame.silences ?? was?.silences ?? [],
        rules: frame.rules ?? was?.rules ?? [],
        problem: frame.problem,
      }
    }
    case 'alert': {
      const was = same(held, 'alert')
      return { screen: 'alert', found: frame.found, page: frame.page ?? was?.page ?? null }
    }
    case 'rules':
      return { screen: 'rules', page: frame.page ?? same(held, 'rules')?.page ?? null }
    case 'devices': {
      const was = same(held, 'devices')
      return {
        screen: 'devices',
        devices: applyRows(was?.devices ?? NO_ROWS, frame.devices),
        fields: frame.fields ?? was?.fields ?? [],
      }
    }
    case 'device': {
      const was = same(held, 'device')
      return { screen: 'device', found: frame.found, page: frame.page ?? was?.page ?? null }
    }
    case 'jobs':
      return { screen: 'jobs', page: frame.page ?? same(held, 'jobs')?.page ?? null }
    case 'job': {
      const was = same(held, 'job')
      return { screen: 'job', found: frame.found, page: frame.page ?? was?.page ?? null }
    }
    case 'definition': {
      const was = same(held, 'definition')
      return { screen: 'definition', found: frame.found, page: frame.page ?? was?.page ?? null }
    }
    case 'actor': {
      const was = same(held, 'actor')
      return { screen: 'actor', found: frame.found, page: frame.page ?? was?.page ?? null }
    }
    case 'liveQuery': {
      const was = same(held, 'liveQuery')
      return {
        screen: 'liveQuery',
        found: frame.found,
        query: frame.query ?? was?.query ?? null,
        columns: frame.columns ?? was?.columns ?? [],
        nodes: applyRows(was?.nodes ?? NO_ROWS, frame.nodes),
      }
    }
    case 'agents':
      return { screen: 'agents', page: frame.page ?? same(held, 'agents')?.page ?? null }
    case 'hosts':
      return mergeHosts(same(held, 'hosts'), frame)
    case 'signals':
      return { screen: 'signals', page: frame.page ?? same(held, 'signals')?.page ?? null }
    case 'events': {
      const was = same(held, 'events')
      return {
        screen: 'events',
        events: applyRows(was?.events ?? NO_ROWS, frame.events),
        newer: frame.newer,
        forgotten: frame.forgotten,
        more: frame.more,
        recorded: frame.recorded,
        problem: frame.problem,
      }
    }
    case 'connections': {
      const was = same(held, 'connections')
      return {
        screen: 'connections',
        cards: frame.cards ?? was?.cards ?? [],
        detail: frame.detail ?? was?.detail ?? null,
        removed: frame.removed ?? was?.removed ?? [],
      }
    }
    case 'nothing':
      return { screen: 'nothing' }
  }
}

function mergeHosts(
  was: PictureOf<'hosts'> | null,
  frame: Extract<ScreenFrame, { screen: 'hosts' }>,
): PictureOf<'hosts'> {
  return {
    screen: 'hosts',
    hosts: applyRows(was?.hosts ?? NO_ROWS, frame.hosts),
    runs: frame.runs ?? was?.runs ?? [],
    orgs: frame.orgs ?? was?.orgs ?? [],
    run: mergeRun(was?.run ?? null, frame.run),
  }
}

function mergeRun(
  was: RunPicture | null,
  frame: Extract<ScreenFrame, { screen: 'hosts' }>['run'],
): RunPicture | null {
  if (frame === null) return null
  const run = frame.run ?? was?.run
  if (!run) return null
  // Another run's rows must not be added to.
  const held = was?.run.key === run.key ? was : null
  return {
    run,
    columns: frame.columns ?? held?.columns ?? [],
    rows: applyRows(held?.rows ?? NO_ROWS, frame.rows),
    outcomes: frame.outcomes ?? held?.outcomes ?? [],
  }
}

function same<S extends ScreenName>(held: Picture | null, screen: S): PictureOf<S> | null {
  return held?.screen === screen ? (held as PictureOf<S>) : null
}
