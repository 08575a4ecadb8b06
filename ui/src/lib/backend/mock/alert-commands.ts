import type { Commands, ErrorCode, RuleTrial } from '../types'
import type { MockAlerts } from './alerts'
import { problemOf, sentenceOf } from './rules'

type Fail = (code: ErrorCode, message: string) => never
type Answered =
  | 'acknowledge'
  | 'unacknowledge'
  | 'silence'
  | 'end_silence'
  | 'would_silence'
  | 'save_rule'
  | 'remove_rule'
  | 'set_rule_enabled'
  | 'check_rule'
  | 'try_rule'

/** What the pretended fleet answers to the commands of alerts and rules. */
export function alertCommands(
  alerts: MockAlerts,
  now: () => number,
  fail: Fail,
): { [C in Answered]: (args: Commands[C][0]) => Commands[C][1] } {
  return {
    acknowledge: ({ alerts: keys, until, note }) => alerts.acknowledge(keys, now(), until, note),
    unacknowledge: ({ alerts: keys }) => alerts.unacknowledge(keys, now()),
    silence: ({ matcher, until, note }) => alerts.silence(matcher, now(), until, note),
    end_silence: ({ id }) => {
      if (!alerts.endSilence(id)) fail('not_found', 'The silence has ended already.')
      return null
    },
    would_silence: ({ matcher }) => alerts.wouldSilence(matcher),
    save_rule: ({ name, draft }) => {
      const problem = problemOf(draft)
      if (problem) fail('invalid', problem)
      if (draft.name !== name && alerts.rules().some((row) => row.key === draft.name))
        fail('invalid', `There is a rule named ${draft.name} already. Choose another name.`)
      alerts.saveRule(name, draft)
      return null
    },
    remove_rule: ({ name }) => {
      alerts.removeRule(name)
      return null
    },
    set_rule_enabled: ({ name, enabled }) => {
      const row = alerts.rules().find((one) => one.key === name)
      if (!row) return fail('not_found', `There is no rule named ${name}.`)
      alerts.saveRule(name, { ...row.rule, enabled })
      return null
    },
    check_rule: ({ draft }) => {
      const problem = problemOf(draft)
      return { sentence: problem ? '' : sentenceOf(draft), problem }
    },
    try_rule: ({ draft, hours }) => {
      const problem = problemOf(draft)
      return problem ? fail('invalid', problem) : trial(draft.name, hours, now())
    },
  }
}

function trial(name: string, hours: number, now: number): RuleTrial {
  const kept = Math.min(hours, 52)
  const fired = name === '' ? 0 : Math.round(kept * 0.55)
  return {
    fired,
    subjects: Math.min(6, fired),
    examples: Array.from({ length: Math.min(20, fired) }, (_, i) => ({
      connection: 'locks-eu',
      subject: `VH${String(1004 + ((i * 7) % 6))}`,
      at: now - (i + 0.4) * 5_400_000,
      until: i === 0 ? null : now - (i + 0.4) * 5_400_000 + 1_140_000,
    })),
    from: now - kept * 3_600_000,
    note: hours > 52 ? 'Signalbox was not running from 19 Nov, 22:10 to 20 Nov, 06:45.' : null,
  }
}
