import type {
  AlertFilter,
  AlertGroup,
  AlertPage,
  AlertRow,
  AlertState,
  DefinitionAlert,
  MatcherDraft,
  Rail,
  RuleDraft,
  RuleRow,
  ScreenFrame,
  ScreenSpec,
  Severity,
  SilenceRow,
  Span,
  Tiles,
  TransitionRow,
} from '../types'
import type { Delta } from './delta'
import { mockRules, sentenceOf } from './rules'
import { evidenceOf, eventsOf, SEEDS, targetOf } from './stories'

const STATES = ['pending', 'firing', 'acknowledged', 'silenced', 'stale', 'resolved'] as const
const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
const MINUTE = 60_000

interface Held {
  row: AlertRow
  timeline: TransitionRow[]
}

interface HeldSilence {
  row: Omit<SilenceRow, 'alerts'>
  matcher: MatcherDraft
}

type IsStale = (connection: string) => boolean

/** The alerts of the pretended fleet, its rules and silences. */
export class MockAlerts {
  readonly #alerts: Held[] = []
  #rules: RuleRow[]
  #silences: HeldSilence[] = []
  #next = 3

  constructor(now: number, mood: string) {
    this.#rules = mockRules()
    if (mood === 'empty' || mood === 'first') return
    for (const seed of SEEDS)
      for (const [i, subject] of seed.subjects.entries())
        this.#alerts.push(make(seed, subject, i, now))
    const matcher = { rule: null, connection: 'laptops', subject: 'build-*', severity: null }
    this.#silences.push({
      row: {
        id: 1,
        covers: 'subject build-* on laptops',
        everything: false,
        from: now - 50 * MINUTE,
        until: now + 70 * MINUTE,
        note: 'The build machines are being moved to the other rack.',
      },
      matcher,
    })
  }

  /** How many are open, by severity. */
  open(now: number, isStale: IsStale): Tiles['open'] {
    const rows = this.list(now, isStale).filter(isOpen)
    return SEVERITIES.map(
      (severity) => rows.filter((row) => row.severity === severity).length,
    ) as Tiles['open']
  }

  rail(now: number, isStale: IsStale): Pick<Rail, 'alerts' | 'muted'> {
    const rows = this.list(now, isStale)
    const muted = this.silences(now, rows).find((row) => row.everything) ?? null
    const alerts = SEVERITIES.map(
      (severity) =>
        rows.filter((row) => row.severity === severity && row.state === 'firing').length,
    ) as Rail['alerts']
    return { alerts, muted }
  }

  screen(
    delta: Delta,
    spec: Extract<ScreenSpec, { screen: 'alerts' }>,
    { now, past }: { now: number; past: Span | null },
    isStale: IsStale,
  ): ScreenFrame {
    const listed = this.list(now, isStale)
    const rows = past ? listed.filter((row) => wasSo(row, past)) : listed
    const matching = rows.filter((row) => matches(row, spec.filter, past !== null))
    const groups = groupsOf(matching)
    const shown = spec.grouped
      ? groups
          .filter((group) => spec.unfolded.includes(group.key))
          .flatMap((group) => matching.filter((row) => row.group === group.key))
      : matching
    const open = rows.filter(isOpen)
    return {
      screen: 'alerts',
      alerts: delta.rows(
        'alerts',
        { total: rows.length, matching: shown },
        spec.offset,
        spec.limit,
      ),
      groups: delta.once('groups', spec.grouped ? groups : []),
      counts: delta.once('counts', {
        states: STATES.map((state) => rows.filter((row) => is(row, state)).length) as never,
        severities: SEVERITIES.map(
          (severity) => open.filter((row) => row.severity === severity).length,
        ) as never,
        muted: rows.filter((row) => row.muted).length,
        notListed: 0,
      }),
      silences: delta.once('silences', this.silences(now, listed)),
      rules: delta.once('ruleNames', [...new Set(rows.map((row) => row.rule))].sort()),
      problem: null,
    }
  }

  page(key: string, now: number, isStale: IsStale): AlertPage | null {
    const held = this.#alerts.find(({ row }) => row.key === key)
    const alert = this.list(now, isStale).find((row) => row.key === key)
    if (!held || !alert) return null
    return {
      alert,
      timeline: held.timeline,
      evidence: evidenceOf(alert),
      events: eventsOf(alert),
      rule: this.rules().find((rule) => rule.key === alert.rule) ?? null,
      target: targetOf(alert),
      problem: null,
    }
  }

  /** The worst open alert about a job definition. */
  about(id: string, now: number, isStale: IsStale): DefinitionAlert | null {
    const [worst, ...others] = this.list(now, isStale).filter(
      (row) => row.subject === id && isOpen(row),
    )
    if (!worst) return null
    const { key, rule, severity, state, title } = worst
    return { id: key, rule, severity, state, title, others: others.length }
  }

  rules(): RuleRow[] {
    return this.#rules.map((rule) => ({
      ...rule,
      open: this.#alerts.filter(({ row }) => row.rule === rule.key && row.state !== 'resolved')
        .length,
    }))
  }

  acknowledge(keys: string[], now: number, until: number | null, note: string): number {
    return this.#each(keys, (held) => {
      if (!['firing', 'pending', 'stale'].includes(held.row.state)) return false
      move(held, now, 'acknowledged', note ? `Acknowledged: ${note}` : 'Acknowledged.')
      held.row.acknowledged = { at: now, until, note }
      return true
    })
  }

  unacknowledge(keys: string[], now: number): number {
    return this.#each(keys, (held) => {
      if (held.row.state !== 'acknowledged') return false
      move(held, now, 'firing', 'Acknowledgement removed.')
      held.row.acknowledged = null
      return true
    })
  }

  silence(matcher: MatcherDraft, now: number, until: number, note: string): number {
    const id = this.#next++
    const covers = wordsOf(matcher)
    const everything = covers === 'everything'
    this.#silences.push({ row: { id, covers, everything, from: now, until, note }, matcher })
    return id
  }

  endSilence(id: number): boolean {
    const left = this.#silences.filter(({ row }) => row.id !== id)
    const ended = left.length < this.#silences.length
    this.#silences = left
    return ended
  }

  wouldSilence(matcher: MatcherDraft): number {
    return this.#alerts.filter(({ row }) => row.state !== 'resolved' && covers(matcher, row)).length
  }

  saveRule(name: string | null, draft: RuleDraft): void {
    const was = this.#rules.find((rule) => rule.key === name)
    const made: RuleRow = {
      key: draft.name,
      sentence: sentenceOf(draft),
      rule: draft,
      builtIn: was?.builtIn ?? false,
      configured: true,
      open: 0,
    }
    this.#rules = was
      ? this.#rules.map((rule) => (rule === was ? made : rule))
      : [made, ...this.#rules]
  }

  removeRule(name: string): void {
    const before = mockRules().find((rule) => rule.key === name && rule.builtIn)
    this.#rules = this.#rules.flatMap((rule) =>
      rule.key !== name ? rule : before ? { ...before, configured: false } : [],
    )
  }

  silences(now: number, rows: readonly AlertRow[]): SilenceRow[] {
    this.#silences = this.#silences.filter(({ row }) => row.until > now)
    return this.#silences.map(({ row, matcher }) => ({
      ...row,
      alerts: rows.filter((alert) => alert.state !== 'resolved' && covers(matcher, alert)).length,
    }))
  }

  /** The rows as they are: staleness and silences come over the state that they have by themselves. */
  list(now: number, isStale: IsStale): AlertRow[] {
    const rows = this.#alerts.map(({ row }) => {
      const over = this.#silences
        .filter(({ row: silence, matcher }) => silence.until > now && covers(matcher, row))
        .map(({ row: silence }) => silence)
      const open = row.state !== 'resolved'
      const until = (mute: boolean) => {
        const own = over.filter((silence) => silence.everything === mute)
        return open && own.length > 0 ? Math.max(...own.map((silence) => silence.until)) : null
      }
      const [silencedUntil, mutedUntil] = [until(false), until(true)]
      const stale = row.rule !== 'connection-not-live' && isStale(row.connection)
      const state: AlertState = !open
        ? row.state
        : stale
          ? 'stale'
          : silencedUntil !== null
            ? 'silenced'
            : row.state
      const muted = mutedUntil !== null && state === 'firing'
      return { ...row, state, muted, silencedUntil, mutedUntil }
    })
    return rows.sort(
      (a, b) =>
        Number(a.state === 'resolved') - Number(b.state === 'resolved') ||
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        b.began - a.began,
    )
  }

  #each(keys: string[], change: (held: Held) => boolean): number {
    return this.#alerts.filter((held) => keys.includes(held.row.key) && change(held)).length
  }
}

function move(held: Held, at: number, to: AlertState, cause: string): void {
  held.timeline = [...held.timeline, { at, from: held.row.state, to, cause }]
  held.row = { ...held.row, state: to, since: at }
}

function make(seed: (typeof SEEDS)[number], subject: string, i: number, now: number): Held {
  const state = seed.states[i % seed.states.length] ?? 'firing'
  const began = now - (seed.age + i * seed.apart) * MINUTE
  const fired = state === 'pending' ? null : began + seed.hold * MINUTE
  const over = state === 'resolved' ? Math.min(now - 40_000, (fired ?? began) + 26 * MINUTE) : null
  const value = seed.value === null ? null : Number((seed.value - i * 0.13).toFixed(2))
  const row: AlertRow = {
    key: (0x5ba1 * 65_536 * 64 + seed.age * 4096 + i).toString(16).padStart(16, '0'),
    rule: seed.rule,
    severity: seed.severity,
    state: state === 'silenced' ? 'firing' : state,
    since: over ?? fired ?? began,
    connection: seed.connection,
    subject,
    title: seed.title.replace('{subject}', subject).replace('{value}', String(value)),
    began,
    fired,
    resolved: over,
    acknowledged: null,
    muted: false,
    silencedUntil: null,
    mutedUntil: null,
    value,
    threshold: seed.threshold,
    times: seed.times ? 1 + ((i * 7 + 4) % seed.times) : 1,
    group: seed.byConnection ? `${seed.rule}\u001f${seed.connection}` : seed.rule,
  }
  const timeline: TransitionRow[] = [
    { at: began, from: null, to: 'pending', cause: `${row.title} has begun.` },
  ]
  if (fired !== null)
    timeline.push({
      at: fired,
      from: 'pending',
      to: 'firing',
      cause:
        seed.hold > 0 ? `It has held for ${String(seed.hold)} min.` : 'The rule waits for nothing.',
    })
  if (state === 'acknowledged') {
    const at = (fired ?? began) + 3 * MINUTE
    row.acknowledged = { at, until: null, note: 'Ola drives by at noon.' }
    row.since = at
    timeline.push({
      at,
      from: 'firing',
      to: 'acknowledged',
      cause: 'Acknowledged: Ola drives by at noon.',
    })
  }
  if (over !== null)
    timeline.push({
      at: over,
      from: 'firing',
      to: 'resolved',
      cause: 'The condition no longer holds.',
    })
  return { row, timeline }
}

/** So and not over; what waits for its rule's time is not so yet. */
function isOpen({ state }: AlertRow): boolean {
  return state !== 'resolved' && state !== 'pending'
}

/** In the state that is shown, or acknowledged though a silence or a lost connection comes first. */
function is(row: AlertRow, state: AlertState): boolean {
  return (
    row.state === state || (state === 'acknowledged' && row.acknowledged !== null && isOpen(row))
  )
}

/** Whether it had fired, and was not over before the span began. */
function wasSo({ fired, resolved, began }: AlertRow, { from, to }: Span): boolean {
  return fired !== null && began <= to && (resolved === null || resolved >= from)
}

function matches(row: AlertRow, filter: AlertFilter, past: boolean): boolean {
  const { states, severities, rule, text } = filter
  const said = `${row.title} ${row.subject} ${row.rule} ${row.connection}`.toLowerCase()
  return (
    (states.length > 0
      ? states.some((state) => is(row, state))
      : past || row.state !== 'resolved') &&
    (severities.length === 0 || severities.includes(row.severity)) &&
    (rule === null || row.rule === rule) &&
    text
      .toLowerCase()
      .split(/\s+/)
      .every((word) => said.includes(word))
  )
}

type Six = AlertGroup['states']

function groupsOf(rows: readonly AlertRow[]): AlertGroup[] {
  const keys = [...new Set(rows.map((row) => row.group))]
  return keys.map((key) => {
    const own = rows.filter((row) => row.group === key)
    const [rule = '', connection] = key.split('\u001f')
    const severity: Severity = own[0]?.severity ?? 'low'
    return {
      key,
      title: connection ? `${rule} on ${connection}` : rule,
      severity,
      total: own.length,
      firing: own.filter((row) => row.state === 'firing').length,
      muted: own.filter((row) => row.muted).length,
      states: STATES.map((state) => own.filter((row) => row.state === state).length) as Six,
      latest: Math.max(...own.map((row) => row.began)),
      open: own.filter((row) => row.state !== 'resolved').map((row) => row.key),
    }
  })
}

function covers(matcher: MatcherDraft, row: AlertRow): boolean {
  const { rule, connection, subject, severity } = matcher
  return (
    glob(rule, row.rule) &&
    glob(connection, row.connection) &&
    glob(subject, row.subject) &&
    (severity === null || SEVERITIES.indexOf(row.severity) >= SEVERITIES.indexOf(severity))
  )
}

function glob(pattern: string | null, text: string): boolean {
  if (pattern === null) return true
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source}$`).test(text)
}

function wordsOf({ rule, connection, subject, severity }: MatcherDraft): string {
  const parts = [
    rule === null ? '' : `rule ${rule}`,
    subject === null ? '' : `subject ${subject}`,
    severity === null ? '' : `${severity} and below`,
    connection === null ? '' : `on ${connection}`,
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(' ') : 'everything'
}
