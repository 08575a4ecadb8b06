import type {
  Cell,
  HostRow,
  OrgRow,
  OutcomeRow,
  ResultRow,
  RunRow,
  RunSpec,
  TableSpec,
} from '../types'
import type { Random } from './random'

const CONNECTION = 'laptops'
const PROCESSES = [
  'sshd',
  'osqueryd',
  'postgres',
  'node',
  'firefox',
  'Slack',
  'launchd',
  'systemd',
  'nginx',
  'redis-server',
]

interface MockRun {
  row: RunRow
  columns: string[]
  rows: ResultRow[]
  outcomes: OutcomeRow[]
  due: Map<string, number>
}

export class MockHosts {
  readonly #random: Random
  readonly hosts: HostRow[]
  readonly #runs: MockRun[] = []

  constructor(now: number, random: Random) {
    this.#random = random
    this.hosts = Array.from({ length: 26 }, (_, i) => {
      const platform = random.pick(['darwin', 'ubuntu', 'windows', 'rhel'])
      const version =
        { darwin: '26.1', ubuntu: '24.04.2 LTS', windows: '11 24H2', rhel: '9.5' }[platform] ?? ''
      return {
        key: `${CONNECTION}/h${i}`,
        connection: CONNECTION,
        org: i < 19 ? 'org_acme' : 'org_lab',
        id: `h${i}`,
        hostname: `${random.pick(['mb', 'ws', 'srv', 'lab'])}-${random.pick(['amber', 'birch', 'cedar', 'delta', 'ember', 'flint', 'grove'])}-${String(i + 1).padStart(2, '0')}`,
        online: i % 9 === 4 ? false : i === 11 ? null : true,
        since: now - random.whole(50_000, 60_000_000),
        platform,
        osVersion: version,
        ipAddress: `10.4.${random.whole(0, 9)}.${random.whole(2, 250)}`,
        enrolledAt: i % 4 === 0 ? now - random.whole(2, 90) * 86_400_000 : null,
        heardAt: now - random.whole(800, 90_000),
        stale: false,
      }
    })
    this.run(
      'org_acme',
      'SELECT pid, name, resident_size FROM processes ORDER BY resident_size DESC LIMIT 5;',
      'all',
      now - 60_000,
    )
    this.step(now - 40_000)
  }

  get orgs(): OrgRow[] {
    return ['org_acme', 'org_lab'].map((org) => {
      const own = this.hosts.filter((host) => host.org === org)
      const online = own.filter((host) => host.online).length
      return { connection: CONNECTION, org, live: true, hosts: own.length, online }
    })
  }

  get runs(): RunRow[] {
    return this.#runs.map((run) => run.row)
  }

  find(run: number): MockRun | null {
    return this.#runs.find((found) => found.row.run === run) ?? null
  }

  run(org: string, sql: string, target: string, now: number): number {
    const hosts = this.hosts.filter(
      (host) => host.org === org && (target === 'all' || host.id === target),
    )
    const run = this.#runs.length + 1
    const due = new Map(hosts.map((host) => [host.id, now + this.#random.whole(120, 5200)]))
    const broken = !/^\s*(select|pragma|with)\b/i.test(sql)
    this.#runs.unshift({
      row: {
        key: `${CONNECTION}/${run}`,
        connection: CONNECTION,
        org,
        run,
        sql,
        target,
        startedAt: now,
        endedAt: broken ? now : null,
        error: broken ? 'the service refused the query: only SELECT is allowed' : null,
        rows: 0,
        stopped: false,
        dropped: 0,
        hostsDropped: 0,
        hosts: hosts.length,
        answered: 0,
      },
      columns: broken ? [] : ['pid', 'name', 'resident_size', 'state'],
      rows: [],
      outcomes: hosts.map((host) => ({
        host: host.id,
        hostname: host.hostname,
        outcome: broken ? 'error' : host.online ? 'waiting' : 'offline',
        rows: 0,
        afterMs: null,
        error: null,
        online: host.online,
        since: host.since,
      })),
      due,
    })
    return run
  }

  /** Answers whether it ran. */
  stop(run: number, now: number): boolean {
    const found = this.find(run)
    if (!found || found.row.endedAt !== null) return false
    found.row = { ...found.row, endedAt: now, stopped: true }
    return true
  }

  /** The rows of a run with a word in them, in the order that is wanted. */
  rowsOf(run: MockRun, { sort, filter }: RunSpec): ResultRow[] {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
    const rows = run.rows.filter((row) =>
      words.every((word) => `${row.hostname} ${row.cells.join(' ')}`.toLowerCase().includes(word)),
    )
    if (!sort) return rows
    const at = run.columns.indexOf(sort.column)
    const key = (row: ResultRow) => (at < 0 ? row.hostname : String(row.cells[at] ?? ''))
    const sign = sort.descending ? -1 : 1
    return rows.sort((a, b) => sign * key(a).localeCompare(key(b), 'en', { numeric: true }))
  }

  step(now: number): { id: string; text: string }[] {
    const told = []
    for (const run of this.#runs) {
      if (run.row.endedAt !== null) continue
      for (const outcome of run.outcomes) {
        if (outcome.outcome !== 'waiting' || (run.due.get(outcome.host) ?? 0) > now) continue
        this.#answer(run, outcome, now)
        told.push({ id: outcome.hostname, text: `rows=${outcome.rows} outcome=${outcome.outcome}` })
      }
      if (run.outcomes.every((outcome) => outcome.outcome !== 'waiting'))
        run.row = { ...run.row, endedAt: now }
    }
    return told
  }

  select(table: TableSpec): HostRow[] {
    const term = table.filter.toLowerCase()
    const found = this.hosts.filter((host) =>
      `${host.hostname} ${host.org} ${host.platform ?? ''} ${host.ipAddress ?? ''}`
        .toLowerCase()
        .includes(term),
    )
    const column = table.sort?.column as keyof HostRow | undefined
    if (!column) return found
    const sign = table.sort?.descending ? -1 : 1
    return [...found].sort((a, b) => sign * String(a[column]).localeCompare(String(b[column])))
  }

  #answer(run: MockRun, outcome: OutcomeRow, now: number): void {
    const random = this.#random
    const lot = random.next()
    outcome.afterMs = now - run.row.startedAt
    if (lot < 0.06) {
      outcome.outcome = 'error'
      outcome.error = 'no such table: processes'
      return
    }
    outcome.rows = lot < 0.12 ? 0 : random.whole(3, 6)
    outcome.outcome = outcome.rows === 0 ? 'empty' : 'answered'
    for (let i = 0; i < outcome.rows; i++) {
      const cells: Cell[] = [
        String(random.whole(80, 40_000)),
        random.pick(PROCESSES),
        String(random.whole(4_000_000, 900_000_000)),
        random.pick(['R', 'S', 'S']),
      ]
      run.rows.push({ key: String(run.rows.length), hostname: outcome.hostname, cells })
    }
    run.row = { ...run.row, rows: run.rows.length, answered: run.row.answered + 1 }
  }
}
