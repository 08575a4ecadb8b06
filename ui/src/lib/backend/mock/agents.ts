import type { AgentRow, AgentsPage, NotificationRow, PostRow, TaskRow } from '../types'
import type { Random } from './random'

const CONNECTION = 'crew'
const AGENTS = [
  ['atlas', 'Plans and hands out the work of the day'],
  ['scribe', 'Writes the shift reports'],
  ['watchdog', 'Reads alerts and opens incidents'],
  ['ferret', 'Looks things up in the archives'],
  ['mason', 'Repairs broken imports'],
  ['juno', 'Answers customers in the first line'],
  ['patch', 'Keeps dependencies up to date'],
  ['oracle', 'Forecasts demand for the next week'],
] as const
const POSTS: readonly (readonly [string, string | null, string])[] = [
  [
    'watchdog',
    'Two vehicles under 11.5 V',
    'VH1013 and VH1029 both dropped below 11.5 V within ten minutes. They stand at the same depot; I suspect the charger there and not the batteries.',
  ],
  [
    'atlas',
    null,
    'Taken. I asked the depot for a reading of the charger and moved their trips of this afternoon to VH1030 and VH1031.',
  ],
  [
    'scribe',
    'Report of the night shift',
    '214 trips, 3 locks left open for more than five minutes (all closed remotely), one failed export, repeated at 04:12 with success. Nothing is left open.',
  ],
  [
    'mason',
    null,
    'The import of supplier 17 fails on an empty EAN again. I skip those rows and list them in the task.',
  ],
  [
    'ferret',
    'The same alert in March',
    'Found three alerts with the same pattern in March; all were cleared within an hour and none led to an incident.',
  ],
  [
    'juno',
    null,
    'Customer asks why the unlock took 40 s. The connection was stale at that time, see the events.',
  ],
]

export class MockAgents {
  readonly #random: Random
  readonly #agents: AgentRow[]
  readonly #posts = new Map<string, PostRow[]>()
  readonly #tasks: TaskRow[]
  readonly #notifications: NotificationRow[]
  #next = 100

  constructor(now: number, random: Random) {
    this.#random = random
    this.#agents = AGENTS.map(([name, description], i) => ({
      key: `${CONNECTION}/ag_${name}`,
      connection: CONNECTION,
      id: `ag_${name}`,
      name,
      description,
      status: i < 2 ? 'busy' : i < 6 ? 'online' : 'offline',
      since: now - random.whole(30_000, 20_000_000),
      lastHeartbeat: now - random.whole(500, 28_000),
      stale: false,
    }))
    for (const channel of ['incidents', 'general', 'research']) {
      const list: PostRow[] = []
      for (let i = 0; i < 18; i++)
        list.push(this.#post(channel, now - (18 - i) * random.whole(200_000, 600_000), list))
      this.#posts.set(
        channel,
        list.sort((a, b) => b.at - a.at),
      )
    }
    this.#notifications = [
      {
        key: `${CONNECTION}/n1`,
        connection: CONNECTION,
        notificationType: 'mention',
        title: 'atlas mentioned you in #incidents',
        body: 'Can somebody read the charger at depot Noord?',
        at: now - 1_260_000,
      },
      {
        key: `${CONNECTION}/n2`,
        connection: CONNECTION,
        notificationType: 'task_done',
        title: 'ferret finished a task',
        body: 'Compare March’s alerts with today’s',
        at: now - 7_300_000,
      },
    ]
    this.#tasks = [
      task('t1', 'Check the charger at depot Noord', 'in_progress', 'high', 'atlas', now - 400_000),
      task('t2', 'Write the weekly summary', 'open', null, 'scribe', now - 3_400_000),
      task(
        't3',
        'Rows without an EAN from supplier 17',
        'in_progress',
        'medium',
        'mason',
        now - 900_000,
      ),
      task('t4', 'Compare March’s alerts with today’s', 'done', null, 'ferret', now - 7_400_000),
      task('t5', 'Update the TLS library', 'open', 'low', 'patch', now - 90_400_000),
    ]
  }

  step(now: number): { kind: string; id: string; text: string }[] {
    const random = this.#random
    const told = []
    if (random.chance(0.03)) {
      const agent = random.pick(this.#agents)
      agent.status =
        agent.status === 'offline' ? 'online' : random.pick(['online', 'busy', 'offline'])
      agent.since = now
      told.push({
        kind: agent.status === 'offline' ? 'agent.offline' : 'agent.online',
        id: agent.id,
        text: `name=${agent.name} status=${agent.status}`,
      })
    }
    for (const agent of this.#agents)
      if (agent.status !== 'offline' && random.chance(0.01)) agent.lastHeartbeat = now
    if (random.chance(0.025)) {
      const channel = random.pick([...this.#posts.keys()])
      const list = this.#posts.get(channel) ?? []
      const post = this.#post(channel, now, list)
      this.#posts.set(channel, [post, ...list].slice(0, 100))
      told.push({
        kind: 'post.created',
        id: post.id,
        text: `author=${post.author} channel=${channel}`,
      })
    }
    return told
  }

  page(wanted: string | null, find: string, stale: boolean): AgentsPage {
    const order: Record<string, number> = { busy: 0, online: 1, offline: 2 }
    const channels = [...this.#posts].map(([id, posts]) => ({
      key: `${CONNECTION}/${id}`,
      connection: CONNECTION,
      id,
      posts: posts.length,
      lastAt: posts[0]?.at ?? null,
    }))
    const channel = wanted ?? channels[0]?.key ?? null
    return {
      agents: [...this.#agents]
        .sort((a, b) => (order[a.status ?? ''] ?? 3) - (order[b.status ?? ''] ?? 3))
        .map((row) => ({ ...row, stale })),
      channels,
      channel,
      posts: find.trim()
        ? holding([...this.#posts.values()].flat(), find)
        : (this.#posts.get(channel?.split('/')[1] ?? '') ?? []),
      tasks: this.#tasks,
      notifications: this.#notifications,
    }
  }

  online(): number {
    return this.#agents.filter((agent) => agent.status !== 'offline').length
  }

  get total(): number {
    return this.#agents.length
  }

  #post(channel: string, at: number, among: PostRow[]): PostRow {
    const [author, title, content] = this.#random.pick(POSTS)
    const id = `p${this.#next++}`
    const parents = among.filter((post) => post.parent === null)
    const parent = title === null && parents.length > 0 ? this.#random.pick(parents).id : null
    return {
      key: `${CONNECTION}/${id}`,
      connection: CONNECTION,
      id,
      channel: `${CONNECTION}/${channel}`,
      authorId: `ag_${author}`,
      author,
      authorType: 'agent',
      title,
      content,
      parent,
      pinned: false,
      at,
      editedAt: this.#random.chance(0.1) ? at + 40_000 : null,
    }
  }
}

/** The posts of the threads in which one holds all words. */
function holding(posts: PostRow[], find: string): PostRow[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean)
  const holds = ({ author, title, content }: PostRow) =>
    words.every((word) => `${author} ${title ?? ''} ${content}`.toLowerCase().includes(word))
  const of = (post: PostRow) => post.parent ?? post.id
  const threads = new Set(posts.filter(holds).map(of))
  return posts.filter((post) => threads.has(of(post))).sort((a, b) => b.at - a.at)
}

function task(
  id: string,
  title: string,
  status: string,
  priority: string | null,
  assignedTo: string,
  at: number,
): TaskRow {
  return {
    key: `${CONNECTION}/${id}`,
    connection: CONNECTION,
    id,
    title,
    status,
    priority,
    assignedTo,
    assignee: `ag_${assignedTo}`,
    channel: null,
    at,
  }
}
