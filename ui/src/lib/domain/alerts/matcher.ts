import type { AlertGroup, AlertRow, MatcherDraft } from '../../backend/types'

/** What is known of an alert that may not be among the rows that are held. */
export interface Facts {
  rule: string | null
  connection: string | null
  subject: string | null
}

/** The unit separator, which parts rule, connection and subject in a group's key. */
const SEPARATOR = '\u001f'

/** What is known of the alerts of a group by its key. */
export function factsOfGroup({ key }: AlertGroup): Facts {
  const [rule = null, connection = null, subject = null] = key.split(SEPARATOR)
  return { rule, connection, subject }
}

/** What is known of these alerts: by their rows, or by the groups they are in. */
export function factsOf(
  keys: Iterable<string>,
  rows: ReadonlyMap<string, AlertRow>,
  groups: readonly AlertGroup[],
): Facts[] {
  const facts: Facts[] = []
  const unknown = new Set<string>()
  for (const key of keys) {
    const row = rows.get(key)
    if (row) facts.push(row)
    else unknown.add(key)
  }
  for (const group of groups)
    if (unknown.size > 0 && group.open.some((key) => unknown.has(key)))
      facts.push(factsOfGroup(group))
  return facts
}

/** A silence that covers all of these, by what they have in common. */
export function commonMatcher(facts: readonly Facts[]): MatcherDraft {
  return {
    rule: common(facts.map((one) => one.rule)),
    connection: common(facts.map((one) => one.connection)),
    subject: common(facts.map((one) => one.subject)),
    severity: null,
  }
}

function common(names: readonly (string | null)[]): string | null {
  const [first = null] = names
  return names.every((name) => name === first) ? first : null
}

/** A matcher as it is typed: an empty text asks for nothing. */
export function tidy(matcher: MatcherDraft): MatcherDraft {
  const text = (value: string | null) => value?.trim() || null
  return {
    rule: text(matcher.rule),
    connection: text(matcher.connection),
    subject: text(matcher.subject),
    severity: matcher.severity,
  }
}

/** Whether it asks for nothing at all, and so would mute everything. */
export function coversEverything({ rule, connection, subject, severity }: MatcherDraft): boolean {
  return rule === null && connection === null && subject === null && severity === null
}
