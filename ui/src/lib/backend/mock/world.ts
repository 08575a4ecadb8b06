import type { AlertRow, Attention, DefinitionRow, EventRow, Rail, Tiles } from '../types'
import { MockAgents } from './agents'
import { MockAlerts } from './alerts'
import {
  CONNECTION as DEVICES,
  makeDevices,
  moveDevice,
  turnLock,
  type MockDevice,
} from './devices'
import { MockHosts } from './hosts'
import { MockJobs } from './jobs'
import { MockKeep } from './keep'
import { demoLinks, setStatus, type MockLink } from './links'
import { Random } from './random'
import { MockSignals } from './signals'

/** How the pretended fleet is: lively, or one of the states that a screen has to look right in. */
export type Mood = 'lively' | 'empty' | 'stale' | 'error' | 'first'

const STEP = 250
const KEPT_EVENTS = 5000

/** A pretended fleet of all five services. The same seed and moments give the same life. */
export class World {
  readonly mood: Mood
  readonly random = new Random(20_261_121)
  links: MockLink[]
  readonly devices: MockDevice[]
  readonly jobs: MockJobs
  readonly agents: MockAgents
  readonly hosts: MockHosts
  readonly signals: MockSignals
  readonly alerts: MockAlerts
  readonly keep: MockKeep
  events: EventRow[] = []
  forgotten = 0
  /** Connections that were removed, the latest first. */
  removed: { link: MockLink; place: number; until: number }[] = []
  demo = false
  #now: number
  #number = 0

  constructor(now: number, mood: Mood) {
    this.mood = mood
    this.#now = now
    this.links = mood === 'first' ? [] : demoLinks(now)
    this.devices = mood === 'empty' ? [] : makeDevices(48, now, this.random)
    this.jobs = new MockJobs(now, this.random, mood === 'empty' ? [] : ['lq-orders'])
    this.agents = new MockAgents(now, this.random)
    this.hosts = new MockHosts(now, this.random)
    this.signals = new MockSignals(now, this.random)
    this.alerts = new MockAlerts(now, mood)
    this.keep = new MockKeep(now, mood)
    for (let at = now - 240_000; at < now; at += STEP) this.#step(at)
    if (mood === 'stale') this.#ail(now)
  }

  /** Lives on until that moment. */
  until(now: number): void {
    for (; this.#now + STEP <= now; this.#now += STEP) this.#step(this.#now + STEP)
  }

  startDemo(now: number): void {
    this.links = demoLinks(now)
    this.demo = true
  }

  link(name: string): MockLink | undefined {
    return this.links.find((link) => link.name === name)
  }

  stale(name: string): boolean {
    return this.link(name)?.status !== 'live'
  }

  rail(now: number): Rail {
    const enabled = this.links.filter((link) => link.enabled)
    return {
      unlocked: this.devices.filter((device) => device.lock === 'unlocked').length,
      jobsFailed: this.#has(this.jobs.counts(now).failed),
      ...this.alerts.rail(now, (name) => this.stale(name)),
      quiet: this.keep.quiet,
      historyProblem: this.keep.problem,
      notLive: enabled.filter((link) => link.status !== 'live').length,
      connections: this.links.length,
      tags: [...new Set(this.links.flatMap((link) => link.tags))],
      demo: this.demo,
    }
  }

  tiles(now: number): Tiles {
    if (this.mood === 'empty') return { ...NO_TILES, rate: 0 }
    const jobs = this.jobs.counts(now)
    const voltage = (device: MockDevice) =>
      Number(device.fields.get('battery_voltage')?.value ?? 13)
    return {
      devices: this.devices.length,
      devicesOnline: this.devices.filter((device) => device.online === true).length,
      unlocked: this.devices.filter((device) => device.lock === 'unlocked').length,
      lockUnknown: this.devices.filter((device) => device.lock === 'unknown').length,
      lowBattery: this.devices.filter((device) => voltage(device) < 11.5).length,
      jobsRunning: jobs.running,
      jobsCompletedHour: jobs.completed,
      jobsFailedHour: jobs.failed,
      batteries: quarters(this.devices.map(voltage)),
      emptiest: emptiest(this.devices, voltage),
      jobP95Ms: jobs.p95,
      jobSlowest: jobs.slowest,
      jobTimes: jobs.times,
      agents: this.agents.total,
      agentsOnline: this.agents.online(),
      hosts: this.hosts.hosts.length,
      hostsOnline: this.hosts.hosts.filter((host) => host.online).length,
      signals: this.signals.counts(),
      alerts: this.signals.standing,
      firing: this.alerts.rail(now, (name) => this.stale(name)).alerts,
      firingConnections: 0,
      open: this.alerts.open(now, (name) => this.stale(name)),
      staleAlerts: this.alerts
        .list(now, (name) => this.stale(name))
        .filter((row) => row.state === 'stale').length,
      rate: this.links.reduce((sum, link) => sum + link.rate, 0),
      stale: this.links
        .filter((link) => link.enabled && link.status !== 'live')
        .map((link) => link.name),
    }
  }

  withAlert(row: DefinitionRow, now: number): DefinitionRow {
    return { ...row, alert: this.alerts.about(row.id, now, (name) => this.stale(name)) }
  }

  attention(worst: readonly AlertRow[]): Attention[] {
    const found: Attention[] = this.links
      .filter((link) => link.enabled && link.status !== 'live')
      .map((link) => ({
        key: `link/${link.name}`,
        severity: 'high',
        stale: false,
        title:
          link.status === 'needs_credential'
            ? `${link.name} needs a new credential`
            : `${link.name} is not live`,
        detail: link.cause ?? 'No word from the service.',
        connection: link.name,
        since: link.since,
        target: { screen: 'connection', name: link.name },
      }))
    if (this.mood === 'empty') return found
    for (const row of this.signals.page(null, 0, 0, false).standing) {
      if (row.unconfirmed) continue
      found.push({
        key: row.key,
        severity: row.severity === 5 ? 'critical' : 'high',
        stale: false,
        title: row.title,
        detail: row.cities.join(', '),
        connection: row.connection,
        since: row.at,
        target: { screen: 'signals' },
      })
    }
    for (const alert of worst.filter((one) => one.state === 'firing').slice(0, 6)) {
      found.push({
        key: alert.key,
        severity: alert.severity,
        stale: false,
        title: alert.title,
        detail: alert.rule,
        connection: alert.connection,
        since: alert.fired ?? alert.began,
        target: { screen: 'alert', id: alert.key },
      })
    }
    const order = ['critical', 'high', 'medium', 'low']
    return found.sort(
      (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || a.since - b.since,
    )
  }

  #has(count: number): number {
    return this.mood === 'empty' || this.mood === 'first' ? 0 : count
  }

  #step(at: number): void {
    if (this.mood === 'empty' || this.links.length === 0) return
    const { random } = this
    for (const link of this.links) {
      if (link.status === 'connecting' && at - link.since > 1500) setStatus(link, at, 'live', null)
      if (link.status !== 'live') continue
      link.rate = link.baseRate * random.between(0.85, 1.15)
      link.events += Math.round(link.rate * (STEP / 1000))
      if (random.chance(Math.min(1, link.rate / 3))) link.lastEventAt = at
    }
    if (!this.stale(DEVICES)) this.#stepDevices(at)
    for (const { kind, job } of this.jobs.step(at))
      this.#tell(
        at,
        'back-office',
        kind,
        job.id,
        `definition=${job.definition ?? ''}${job.error ? ` error="${job.error}"` : ''}`,
      )
    for (const { kind, id, text } of this.agents.step(at)) this.#tell(at, 'crew', kind, id, text)
    for (const { id, text } of this.hosts.step(at))
      this.#tell(at, 'laptops', 'query.result', id, text)
    const signal = this.stale('intel') ? null : this.signals.step(at)
    if (signal)
      this.#tell(at, 'intel', 'signal.received', signal.key, `${signal.stream} · ${signal.title}`)
  }

  #stepDevices(at: number): void {
    const { random } = this
    for (let i = 0; i < 8; i++) {
      const device = random.pick(this.devices)
      if (device.online !== true) continue
      moveDevice(device, at, random)
      const speed = device.fields.get('speed')?.value ?? 0
      if (i < 3)
        this.#tell(
          at,
          DEVICES,
          'device.telemetry',
          device.id,
          `speed=${String(speed)} battery_voltage=${String(device.fields.get('battery_voltage')?.value)}`,
        )
    }
    const device = random.pick(this.devices)
    if (random.chance(0.05) && device.online && device.lock !== 'unknown') {
      const { locked, source } = turnLock(device, at, random)
      this.#tell(
        at,
        DEVICES,
        locked ? 'device.locked' : 'device.unlocked',
        device.id,
        `source=${source}`,
      )
    }
  }

  #tell(at: number, connection: string, kind: string, subject: string, summary: string): void {
    const number = ++this.#number
    this.events.unshift({
      key: `${connection}/${number}`,
      connection,
      number,
      kind,
      at: at - 30,
      receivedAt: at,
      subject,
      summary,
    })
    if (this.events.length > KEPT_EVENTS) {
      this.events.pop()
      this.forgotten++
    }
  }

  #ail(now: number): void {
    const fate: [string, Parameters<typeof setStatus>[2], string][] = [
      ['locks-eu', 'stale', 'nothing came for 64 s and the ping is unanswered'],
      ['back-office', 'backing_off', 'the service closed with 1001, going away'],
      ['intel', 'needs_credential', 'the token was refused (4001, invalid or expired)'],
      ['laptops', 'refused', 'no channel of org_lab may be joined with this key'],
    ]
    for (const [name, status, cause] of fate) {
      const link = this.link(name)
      if (link) setStatus(link, now - 64_000, status, cause)
      if (link) link.dropped = name === 'back-office' ? 1284 : 0
      if (link && name === 'back-office') link.retryAt = now + 12_000
    }
    const laptops = this.link('laptops')
    if (laptops)
      laptops.subscriptions = [
        { name: 'org_lab', state: 'refused', reason: 'unauthorized' },
        ...laptops.subscriptions.slice(0, 1),
      ]
  }
}

/** How many stand at each quarter of a volt from 10 V to 14 V. */
function quarters(volts: readonly number[]): number[] {
  const counts = Array.from({ length: 16 }, () => 0)
  for (const value of volts) {
    const step = Math.min(15, Math.max(0, Math.floor((value - 10) / 0.25)))
    counts[step] = (counts[step] ?? 0) + 1
  }
  return counts
}

function emptiest(
  devices: readonly MockDevice[],
  voltage: (device: MockDevice) => number,
): Tiles['emptiest'] {
  const [least] = [...devices].sort((a, b) => voltage(a) - voltage(b))
  return least ? { connection: DEVICES, id: least.id, volts: voltage(least) } : null
}

const NO_TILES: Tiles = {
  devices: null,
  devicesOnline: null,
  unlocked: null,
  lockUnknown: null,
  lowBattery: null,
  jobsRunning: null,
  jobsCompletedHour: null,
  jobsFailedHour: null,
  batteries: [],
  emptiest: null,
  jobP95Ms: null,
  jobSlowest: null,
  jobTimes: [],
  agents: null,
  agentsOnline: null,
  hosts: null,
  hostsOnline: null,
  signals: null,
  alerts: null,
  firing: [0, 0, 0, 0],
  firingConnections: 0,
  open: [0, 0, 0, 0],
  staleAlerts: 0,
  rate: 0,
  stale: [],
}
