import type { ConditionDraft, RuleDraft, RuleRow, Severity } from '../types'

const MINUTE = 60
const HOUR = 3600

/** The rules of the pretended fleet: those of the configuration first, as the real ones. */
export function mockRules(): RuleRow[] {
  return [
    own('cold-chain', 'high', threshold('temperature', 8, null, 7), {
      hold: 10 * MINUTE,
      subjects: ['VH10*'],
      tags: ['field'],
      message: '{subject} is too warm: {value} °C',
    }),
    own('night-unlock', 'critical', {
      kind: 'event',
      kinds: ['device.unlocked'],
      conditions: ['source == "keypad"'],
      by: 'subject',
      until: ['device.locked'],
      clearAfter: HOUR,
    }),
    builtIn('unlocked-too-long', 'high', state('unlocked'), { hold: 15 * MINUTE }),
    builtIn(
      'unlocked-outside-hours',
      'high',
      { kind: 'state', is: 'unlocked', outside: '08:00-18:00' },
      { enabled: false },
    ),
    builtIn('lock-unknown', 'medium', state('lock_unknown'), { hold: MINUTE }),
    {
      ...builtIn('battery-low', 'high', threshold('battery_voltage', null, 11.5, 11.8), {
        hold: MINUTE,
      }),
      configured: true,
    },
    builtIn('device-offline', 'medium', state('device_offline'), {
      hold: 5 * MINUTE,
      groupBy: 'connection',
    }),
    builtIn('host-offline', 'high', state('host_offline'), { hold: 5 * MINUTE }),
    builtIn('agent-offline', 'medium', state('agent_offline'), { hold: 5 * MINUTE }),
    builtIn('jobs-keep-failing', 'critical', {
      kind: 'count',
      kinds: ['job.failed'],
      conditions: [],
      atLeast: 5,
      within: 10 * MINUTE,
      by: 'definition',
    }),
    builtIn('job-slow', 'low', { kind: 'slowJob', timesP95: 3, afterJobs: 20 }, { notify: false }),
    builtIn('alert-issued', 'critical', { kind: 'issued', minSeverity: 4 }),
    builtIn(
      'connection-not-live',
      'high',
      { kind: 'connection', is: 'not_live', within: 0 },
      { hold: MINUTE },
    ),
    builtIn('credential-needed', 'high', {
      kind: 'connection',
      is: 'needs_credential',
      within: 0,
    }),
    builtIn('credential-ends', 'medium', {
      kind: 'connection',
      is: 'credential_ends',
      within: 24 * HOUR,
    }),
    builtIn(
      'stream-silent',
      'low',
      { kind: 'absence', of: 'stream', after: 15 * MINUTE },
      { notify: false },
    ),
  ]
}

function state(is: Extract<ConditionDraft, { kind: 'state' }>['is']): ConditionDraft {
  return { kind: 'state', is, outside: null }
}

function threshold(
  field: string,
  above: number | null,
  below: number | null,
  clear: number,
): ConditionDraft {
  return { kind: 'threshold', field, above, below, clear }
}

function builtIn(
  name: string,
  severity: Severity,
  when: ConditionDraft,
  more: Partial<RuleDraft> = {},
): RuleRow {
  const rule: RuleDraft = {
    name,
    severity,
    enabled: true,
    connections: [],
    tags: [],
    subjects: [],
    hold: 0,
    groupBy: 'rule',
    message: null,
    notify: true,
    when,
    ...more,
  }
  return { key: name, sentence: sentenceOf(rule), rule, builtIn: true, configured: false, open: 0 }
}

function own(...of: Parameters<typeof builtIn>): RuleRow {
  return { ...builtIn(...of), builtIn: false, configured: true }
}

/** Much as the real one says it; the real words are the monitor's. */
export function sentenceOf(rule: RuleDraft): string {
  const among = [
    rule.subjects.length > 0 ? ` among ${rule.subjects.join(', ')}` : '',
    rule.connections.length > 0 ? ` on ${rule.connections.join(', ')}` : '',
    rule.tags.length > 0 ? ` of connections tagged ${rule.tags.join(', ')}` : '',
  ].join('')
  const lasting = rule.hold > 0 ? ` for ${spoken(rule.hold)}` : ''
  return `Fires when ${conditionOf(rule.when)}${lasting}${among}.`
}

function conditionOf(when: ConditionDraft): string {
  switch (when.kind) {
    case 'event':
      return `${when.kinds.join(' or ')} comes${where(when.conditions)}; ends ${
        when.until.length > 0 ? `with ${when.until.join(' or ')}, or ` : ''
      }after ${spoken(when.clearAfter)}`
    case 'threshold':
      return `${when.field} is ${when.above === null ? 'under' : 'over'} ${String(when.above ?? when.below)}${
        when.clear === null ? '' : ` (until it is back at ${String(when.clear)})`
      }`
    case 'absence':
      return `nothing is heard of a ${when.of} for ${spoken(when.after)}`
    case 'count':
      return `${String(when.atLeast)} or more of ${when.kinds.join(', ')} come within ${spoken(when.within)}${where(when.conditions)}, counted by ${when.by}`
    case 'state':
      return `${when.is.replace('_', ' ')} holds${when.outside ? ` outside ${when.outside}` : ''}`
    case 'slowJob':
      return `a job runs longer than ${String(when.timesP95)} × its p95`
    case 'connection':
      return `a connection is ${when.is.replace('_', ' ')}`
    case 'issued':
      return `a service issues an alert of severity ${String(when.minSeverity)} or more`
  }
}

function where(conditions: string[]): string {
  return conditions.length > 0 ? ` with ${conditions.join(' and ')}` : ''
}

function spoken(seconds: number): string {
  if (seconds % HOUR === 0) return `${String(seconds / HOUR)} h`
  if (seconds % MINUTE === 0) return `${String(seconds / MINUTE)} min`
  return `${String(seconds)} s`
}

/** What is wrong with a draft, as the real check would find it; null when nothing is. */
export function problemOf({ name, when }: RuleDraft): string | null {
  if (name.trim() === '') return 'The rule has no name.'
  if ('kinds' in when && when.kinds.length === 0) return 'Choose at least one kind of event.'
  if (when.kind === 'threshold') {
    if (when.field.trim() === '') return 'Name the field that is compared.'
    if (when.above === null && when.below === null) return 'Say over or under which value it fires.'
  }
  if ('conditions' in when) {
    const wrong = when.conditions.find((line) => !/^[\w.]+\s*(==|!=|<=?|>=?)\s*\S/.test(line))
    if (wrong !== undefined)
      return `“${wrong}” is no comparison; write one as source == "rfid" or severity >= 4.`
  }
  return null
}
