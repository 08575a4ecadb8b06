import type { ConditionDraft, RuleDraft } from '../../backend/types'
import type { ConditionKind } from './ruleForm'

export const CONDITIONS: readonly { value: ConditionKind; label: string; hint: string }[] = [
  { value: 'threshold', label: 'A number crosses a value', hint: 'such as a battery under 11.5 V' },
  { value: 'state', label: 'A state lasts', hint: 'such as unlocked for 15 minutes' },
  { value: 'event', label: 'An event happens', hint: 'such as an unlock by keypad' },
  { value: 'count', label: 'Events come too often', hint: 'such as five failures in ten minutes' },
  { value: 'absence', label: 'Nothing is heard', hint: 'of a device, host, agent or stream' },
  { value: 'slowJob', label: 'A job is slow', hint: 'longer than it usually takes' },
  { value: 'connection', label: 'A connection is in trouble', hint: 'not live, refused, dropping' },
  { value: 'issued', label: 'A service issues an alert', hint: 'until the service clears it' },
]

type Is<K extends 'state' | 'connection'> = Extract<ConditionDraft, { kind: K }>['is']

export const STATE_CHOICES: readonly { value: Is<'state'>; label: string }[] = [
  { value: 'unlocked', label: 'A device is unlocked' },
  { value: 'lock_unknown', label: 'A device’s lock is unknown' },
  { value: 'device_offline', label: 'A device is offline' },
  { value: 'host_offline', label: 'A host is offline' },
  { value: 'agent_offline', label: 'An agent is offline' },
]

export const TROUBLE_CHOICES: readonly { value: Is<'connection'>; label: string }[] = [
  { value: 'not_live', label: 'It is not live' },
  { value: 'needs_credential', label: 'It needs a credential' },
  { value: 'refused', label: 'It was refused' },
  { value: 'overflow', label: 'The service dropped events' },
  { value: 'credential_ends', label: 'Its credential ends soon' },
]

export const ENTITY_CHOICES = [
  { value: 'device', label: 'A device' },
  { value: 'host', label: 'A host' },
  { value: 'agent', label: 'An agent' },
  { value: 'stream', label: 'A stream' },
] as const

export const BY_CHOICES = [
  { value: 'subject', label: 'Subject' },
  { value: 'definition', label: 'Job definition' },
  { value: 'connection', label: 'Connection' },
] as const

export const GROUP_CHOICES: readonly { value: RuleDraft['groupBy']; label: string }[] = [
  { value: 'rule', label: 'Rule' },
  { value: 'connection', label: 'Connection' },
  { value: 'subject', label: 'Each by itself' },
]

/** What can be named in the line of an alert. */
export const PLACEHOLDERS =
  '{subject} {name} {connection} {value} {threshold} {count} {for} {source} {definition} {error} {cause}'
