import type { AgentRow, NotificationRow, TaskRow } from '../../backend/types'

/** The words that are sought, in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean)
}

function holds(words: readonly string[], texts: readonly (string | null)[]): boolean {
  const all = texts.filter(Boolean).join('\n').toLowerCase()
  return words.every((word) => all.includes(word))
}

export function agentsWith(agents: readonly AgentRow[], text: string): AgentRow[] {
  const words = wordsOf(text)
  return agents.filter(({ name, id, description, status, connection }) =>
    holds(words, [name, id, description, status, connection]),
  )
}

export function tasksWith(tasks: readonly TaskRow[], text: string): TaskRow[] {
  const words = wordsOf(text)
  return tasks.filter(({ title, id, status, priority, assignedTo }) =>
    holds(words, [title, id, status, priority, assignedTo]),
  )
}

export function notificationsWith(
  notifications: readonly NotificationRow[],
  text: string,
): NotificationRow[] {
  const words = wordsOf(text)
  return notifications.filter(({ title, body, notificationType }) =>
    holds(words, [title, body, notificationType]),
  )
}

/** Tasks by state: what is worked on first, what is over last; a state that is not known between them, by its name. */
export function byState(tasks: readonly TaskRow[]): { state: string | null; tasks: TaskRow[] }[] {
  const groups = new Map<string | null, TaskRow[]>()
  for (const task of tasks) {
    const own = groups.get(task.status)
    if (own) own.push(task)
    else groups.set(task.status, [task])
  }
  return [...groups]
    .map(([state, own]) => ({ state, tasks: own }))
    .sort((a, b) => rank(a.state) - rank(b.state) || (a.state ?? '').localeCompare(b.state ?? ''))
}

function rank(state: string | null): number {
  const word = (state ?? '').toLowerCase().replace(/[_-]/g, ' ')
  if (/^(failed|blocked)$/.test(word)) return 0
  if (/^(in progress|active|doing)$/.test(word)) return 1
  if (/^(open|todo|pending|new)$/.test(word)) return 2
  if (/^(done|completed|closed|cancelled)$/.test(word)) return 4
  return 3
}
