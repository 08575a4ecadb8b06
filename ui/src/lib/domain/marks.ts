import type { AlertState, Outcome, Severity, Status } from '../backend/types'
import type { Mark } from '../components/mark'

export type { Mark, Shape } from '../components/mark'

export const STATUS_MARKS: Readonly<Record<Status, Mark>> = {
  live: { word: 'Live', tone: 'good', shape: 'disc' },
  connecting: { word: 'Connecting', tone: 'info', shape: 'arc' },
  authenticating: { word: 'Authenticating', tone: 'info', shape: 'arc' },
  subscribing: { word: 'Subscribing', tone: 'info', shape: 'arc' },
  stale: { word: 'Stale', tone: 'warn', shape: 'half' },
  backing_off: { word: 'Waiting', tone: 'warn', shape: 'arc' },
  needs_credential: { word: 'Needs a credential', tone: 'bad', shape: 'key' },
  refused: { word: 'Refused', tone: 'bad', shape: 'cross' },
  stopped: { word: 'Off', tone: 'quiet', shape: 'ring' },
}

export const SEVERITY_MARKS: Readonly<Record<Severity, Mark>> = {
  critical: { word: 'Critical', tone: 'bad', shape: 'triangle' },
  high: { word: 'High', tone: 'warn', shape: 'diamond' },
  medium: { word: 'Medium', tone: 'info', shape: 'disc' },
  low: { word: 'Low', tone: 'quiet', shape: 'dot' },
}

/** How an alert stands. Their shapes are none of the severities', beside which they are drawn. */
export const ALERT_MARKS: Readonly<Record<AlertState, Mark>> = {
  firing: { word: 'Firing', tone: 'bad', shape: 'target' },
  pending: { word: 'Not yet firing', tone: 'info', shape: 'arc' },
  acknowledged: { word: 'Acknowledged', tone: 'info', shape: 'check' },
  silenced: { word: 'Silenced', tone: 'quiet', shape: 'slash' },
  stale: { word: 'Stale', tone: 'warn', shape: 'half' },
  resolved: { word: 'Resolved', tone: 'good', shape: 'ring' },
}

/** Beside the state of one that fires while everything is muted. */
export const MUTED_MARK: Mark = { word: 'Muted', tone: 'quiet', shape: 'slash' }

export const OUTCOME_MARKS: Readonly<Record<Outcome, Mark>> = {
  answered: { word: 'Answered', tone: 'good', shape: 'disc' },
  empty: { word: 'No rows', tone: 'quiet', shape: 'ring' },
  error: { word: 'Error', tone: 'bad', shape: 'cross' },
  timeout: { word: 'Timed out', tone: 'warn', shape: 'half' },
  offline: { word: 'Offline', tone: 'quiet', shape: 'dotted' },
  waiting: { word: 'Waiting', tone: 'info', shape: 'arc' },
}

/** Hydra's five severities, and none. */
export function signalMark(severity: number | null): Mark {
  switch (severity) {
    case 5:
      return { word: 'Critical', tone: 'bad', shape: 'triangle' }
    case 4:
      return { word: 'High', tone: 'warn', shape: 'diamond' }
    case 3:
      return { word: 'Elevated', tone: 'info', shape: 'disc' }
    case 2:
      return { word: 'Notable', tone: 'quiet', shape: 'square' }
    case 1:
      return { word: 'Routine', tone: 'quiet', shape: 'dot' }
    default:
      return { word: 'No severity', tone: 'quiet', shape: 'dotted' }
  }
}

/** Whose word a signal's severity is, and where it stands among the service's: an alert's is another. */
export function signalSeverityWords(severity: number | null): string {
  const { word } = signalMark(severity)
  return severity === null ? word : `${word}: ${severity} of 5 on Hydra’s scale`
}

/** Whether something is there; null when nobody has said. */
export function presenceMark(online: boolean | null, stale = false): Mark {
  if (online === null) return { word: 'Unknown', tone: 'quiet', shape: 'dotted' }
  if (!online) return { word: 'Offline', tone: 'quiet', shape: 'ring' }
  return stale
    ? { word: 'Was online', tone: 'warn', shape: 'half' }
    : { word: 'Online', tone: 'good', shape: 'disc' }
}

/** An agent's status: the three that are known, or the service's own word. */
export function agentMark(status: string | null, stale = false): Mark {
  if (status === null) return { word: 'Unknown', tone: 'quiet', shape: 'dotted' }
  if (status === 'offline') return { word: 'Offline', tone: 'quiet', shape: 'ring' }
  if (stale) return { word: `Was ${status}`, tone: 'warn', shape: 'half' }
  if (status === 'online') return { word: 'Online', tone: 'good', shape: 'disc' }
  if (status === 'busy') return { word: 'Busy', tone: 'info', shape: 'square' }
  return { word: status, tone: 'quiet', shape: 'dot' }
}

export function jobMark(state: 'scheduled' | 'running' | 'completed' | 'failed'): Mark {
  switch (state) {
    case 'scheduled':
      return { word: 'Scheduled', tone: 'quiet', shape: 'ring' }
    case 'running':
      return { word: 'Running', tone: 'info', shape: 'arc' }
    case 'completed':
      return { word: 'Completed', tone: 'good', shape: 'disc' }
    case 'failed':
      return { word: 'Failed', tone: 'bad', shape: 'cross' }
  }
}
