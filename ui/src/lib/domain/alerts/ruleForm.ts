import type { ConditionDraft, RuleDraft } from '../../backend/types'
import { lengthOf, numberOf, secondsOf, type Length } from './spans'

export type ConditionKind = ConditionDraft['kind']
type Of<K extends ConditionKind> = Extract<ConditionDraft, { kind: K }>

/** What the editor holds while a rule is written. It keeps the fields of every condition, so that choosing another
 * one loses nothing of what was typed. */
export interface RuleForm extends Pick<
  RuleDraft,
  'name' | 'severity' | 'enabled' | 'connections' | 'tags' | 'subjects' | 'groupBy' | 'notify'
> {
  hold: Length
  message: string
  kind: ConditionKind
  kinds: string[]
  /** One in each line. */
  conditions: string
  by: Of<'event'>['by']
  until: string[]
  clearAfter: Length
  field: string
  direction: 'above' | 'below'
  limit: string
  clear: string
  of: Of<'absence'>['of']
  after: Length
  atLeast: string
  within: Length
  state: Of<'state'>['is']
  outside: string
  timesP95: string
  afterJobs: string
  trouble: Of<'connection'>['is']
  before: Length
  minSeverity: string
}

export function emptyForm(): RuleForm {
  return {
    name: '',
    severity: 'medium',
    enabled: true,
    connections: [],
    tags: [],
    subjects: [],
    groupBy: 'rule',
    notify: true,
    hold: { amount: '0', unit: 'min' },
    message: '',
    kind: 'threshold',
    kinds: [],
    conditions: '',
    by: 'subject',
    until: [],
    clearAfter: { amount: '15', unit: 'min' },
    field: '',
    direction: 'below',
    limit: '',
    clear: '',
    of: 'device',
    after: { amount: '15', unit: 'min' },
    atLeast: '5',
    within: { amount: '10', unit: 'min' },
    state: 'unlocked',
    outside: '',
    timesP95: '3',
    afterJobs: '20',
    trouble: 'not_live',
    before: { amount: '1', unit: 'd' },
    minSeverity: '0',
  }
}

/** A rule as it is, to be changed. */
export function formOf(draft: RuleDraft): RuleForm {
  const { name, severity, enabled, connections, tags, subjects, groupBy, notify } = draft
  return {
    ...emptyForm(),
    name,
    severity,
    enabled,
    connections: [...connections],
    tags: [...tags],
    subjects: [...subjects],
    groupBy,
    notify,
    hold: draft.hold === 0 ? { amount: '0', unit: 'min' } : lengthOf(draft.hold),
    message: draft.message ?? '',
    ...conditionFields(draft.when),
  }
}

function conditionFields(when: ConditionDraft): Partial<RuleForm> & { kind: ConditionKind } {
  const { kind } = when
  switch (when.kind) {
    case 'event':
      return {
        kind,
        kinds: [...when.kinds],
        conditions: when.conditions.join('\n'),
        by: when.by,
        until: [...when.until],
        clearAfter: lengthOf(when.clearAfter),
      }
    case 'threshold':
      return {
        kind,
        field: when.field,
        direction: when.above === null ? 'below' : 'above',
        limit: text(when.above ?? when.below),
        clear: text(when.clear),
      }
    case 'absence':
      return { kind, of: when.of, after: lengthOf(when.after) }
    case 'count':
      return {
        kind,
        kinds: [...when.kinds],
        conditions: when.conditions.join('\n'),
        by: when.by,
        atLeast: text(when.atLeast),
        within: lengthOf(when.within),
      }
    case 'state':
      return { kind, state: when.is, outside: when.outside ?? '' }
    case 'slowJob':
      return { kind, timesP95: text(when.timesP95), afterJobs: text(when.afterJobs) }
    case 'connection':
      return { kind, trouble: when.is, before: lengthOf(when.within) }
    case 'issued':
      return { kind, minSeverity: text(when.minSeverity) }
  }
}

function text(value: number | null): string {
  return value === null ? '' : String(value)
}

/** The rule that was written, or what cannot be read of it, as a sentence. Whether it makes sense is the backend's word. */
export function draftOf(form: RuleForm): { draft: RuleDraft } | { problem: string } {
  const read = new Reader()
  const hold = read.length(form.hold, 'how long it must hold')
  const when = conditionOf(form, read)
  if (read.problem !== null) return { problem: read.problem }
  const { name, severity, enabled, connections, tags, subjects, groupBy, notify } = form
  return {
    draft: {
      name: name.trim(),
      severity,
      enabled,
      connections: [...connections],
      tags: [...tags],
      subjects: [...subjects],
      hold,
      groupBy,
      message: form.message.trim() || null,
      notify,
      when,
    },
  }
}

function conditionOf(form: RuleForm, read: Reader): ConditionDraft {
  const { kind, by } = form
  switch (kind) {
    case 'event':
      return {
        kind,
        kinds: [...form.kinds],
        conditions: lines(form.conditions),
        by,
        until: [...form.until],
        clearAfter: read.length(form.clearAfter, 'when it ends by itself'),
      }
    case 'threshold': {
      const limit = read.number(form.limit, 'the value that is crossed')
      const [above, below] = form.direction === 'above' ? [limit, null] : [null, limit]
      const clear = form.clear.trim() === '' ? null : read.number(form.clear, 'where it ends')
      return { kind, field: form.field.trim(), above, below, clear }
    }
    case 'absence':
      return { kind, of: form.of, after: read.length(form.after, 'how long nothing is heard') }
    case 'count':
      return {
        kind,
        kinds: [...form.kinds],
        conditions: lines(form.conditions),
        atLeast: read.whole(form.atLeast, 'how many events'),
        within: read.length(form.within, 'within how long'),
        by,
      }
    case 'state':
      return { kind, is: form.state, outside: form.outside.trim() || null }
    case 'slowJob':
      return {
        kind,
        timesP95: read.number(form.timesP95, 'how many times the p95'),
        afterJobs: read.whole(form.afterJobs, 'after how many jobs'),
      }
    case 'connection':
      return { kind, is: form.trouble, within: read.length(form.before, 'how long before the end') }
    case 'issued':
      return { kind, minSeverity: read.whole(form.minSeverity, 'the least severity') }
  }
}

/** Reads what was typed; keeps the first problem. */
class Reader {
  problem: string | null = null

  number(typed: string, what: string): number {
    return this.#keep(numberOf(typed), `Enter a number for ${what}.`)
  }

  whole(typed: string, what: string): number {
    const value = numberOf(typed)
    const whole = value !== null && Number.isInteger(value) && value >= 0 ? value : null
    return this.#keep(whole, `Enter a whole number for ${what}.`)
  }

  length(typed: Length, what: string): number {
    return this.#keep(secondsOf(typed), `Enter a length of time for ${what}.`)
  }

  #keep(value: number | null, problem: string): number {
    if (value === null) this.problem ??= problem
    return value ?? 0
  }
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}

/** A copy under a name that is free. */
export function copyOf(draft: RuleDraft, taken: readonly string[]): RuleForm {
  const names = (function* () {
    yield `${draft.name}-copy`
    for (let i = 2; ; i++) yield `${draft.name}-copy-${i}`
  })()
  for (const name of names) if (!taken.includes(name)) return formOf({ ...draft, name })
  return formOf(draft)
}
