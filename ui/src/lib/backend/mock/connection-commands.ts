import type {
  Commands,
  ConnectionDraft,
  ErrorCode,
  ImportPlan,
  TestState,
  TestStepName,
} from '../types'
import { fromDraft, setStatus, type MockLink } from './links'
import type { World } from './world'

type Fail = (code: ErrorCode, message: string) => never
type Answered =
  | 'begin_test'
  | 'test_state'
  | 'end_test'
  | 'add_connection'
  | 'connection_draft'
  | 'edit_connection'
  | 'read_connection'
  | 'export_connections'
  | 'plan_import'
  | 'import_connections'
  | 'set_enabled'
  | 'remove_connection'
  | 'restore_connection'
  | 'set_credential'
  | 'retry'

const STEPS: readonly TestStepName[] = [
  'credential',
  'resolve',
  'connect',
  'encrypt',
  'open',
  'signIn',
  'subscribe',
  'look',
]
/** For how long a removal can be taken back, in ms. */
const GRACE = 300_000
/** How long a pretended step takes, in ms. */
const TAKES = 220

/** Whether nothing is subscribed to, where nothing comes without. */
const isIdle = ({ protocol, subscribe }: ConnectionDraft) =>
  protocol === 'iotee' && subscribe.length === 0

/** What a pretended test found at a step. */
function wordsOf(step: TestStepName, draft: ConnectionDraft): string {
  switch (step) {
    case 'connect':
      return '192.0.2.17:443'
    case 'encrypt':
      return draft.url.startsWith('wss:') ? 'TLS 1.3' : 'not encrypted'
    case 'subscribe':
      return isIdle(draft) ? 'skipped: no hardware ids yet' : `${draft.subscribe.length} accepted`
    case 'look':
      return isIdle(draft) ? 'skipped: nothing is watched yet' : 'the first event came after 0.3 s'
    default:
      return ''
  }
}

export function connectionCommands(
  world: World,
  now: () => number,
  fail: Fail,
): { [C in Answered]: (args: Commands[C][0]) => Commands[C][1] } {
  let test = 0
  let begun = 0
  let tried: ConnectionDraft | null = null

  const found = (name: string): MockLink =>
    world.link(name) ?? fail('not_found', `There is no connection "${name}" any more.`)

  function state(draft: ConnectionDraft): TestState {
    const at = Math.floor((now() - begun) / TAKES)
    const stops = draft.secret === 'wrong' ? STEPS.indexOf('signIn') : STEPS.length
    const steps = STEPS.map((step, i) => ({
      step,
      state:
        i === stops && at >= stops
          ? ('failed' as const)
          : i < Math.min(at, stops)
            ? isIdle(draft) && (step === 'subscribe' || step === 'look')
              ? ('nothing' as const)
              : ('done' as const)
            : i === at
              ? ('running' as const)
              : ('waiting' as const),
      words: i < Math.min(at, stops) ? wordsOf(step, draft) : '',
    }))
    if (at < stops) return { steps, end: null }
    return stops < STEPS.length
      ? {
          steps,
          end: {
            live: false,
            sentence: 'The service refused the key (HTTP 401); enter a new one.',
            refused: [],
          },
        }
      : {
          steps,
          end: {
            live: true,
            sentence: isIdle(draft)
              ? 'Nothing is watched yet: add hardware ids.'
              : 'Live after 0.4 s. 42 events of 12 devices came in 1.3 s.',
            refused: [],
          },
        }
  }

  const lines = (link: MockLink): string =>
    [
      '[[connection]]',
      `name = "${link.name}"`,
      `protocol = "${link.protocol}"`,
      `url = "${link.url}"`,
      `subscribe = [${link.subscriptions.map((row) => `"${row.name}"`).join(', ')}]`,
      '',
    ].join('\n')

  /** Reads what `lines` writes, and little else. */
  function read(text: string): ImportPlan {
    const plan: ImportPlan = { problem: null, connections: [], rules: [], ignored: [] }
    const broken = text.split('\n').findIndex((line) => /^\s*\w+\s*=\s*$/.test(line))
    if (broken >= 0) {
      const message = 'A value is missing after the equals sign.'
      return { ...plan, problem: { line: broken + 1, column: 1, message } }
    }
    for (const block of text.split('[[connection]]').slice(1)) {
      const value = (key: string) => new RegExp(`^${key} = "([^"]*)"`, 'm').exec(block)?.[1] ?? ''
      const known = world.link(value('name'))
      const same = known?.url === value('url')
      plan.connections.push({
        name: value('name'),
        protocol: value('protocol') as MockLink['protocol'],
        words: value('url'),
        credential: `in the keychain, as "${value('name')}"`,
        state: !known ? 'new' : same ? 'same' : 'differs',
        differs: known && !same ? ['url'] : [],
        freeName: `${value('name')}-2`,
      })
    }
    return plan
  }

  function draftOf(link: MockLink): ConnectionDraft {
    return {
      ...(link.draft ?? {
        httpUrl: null,
        liveQueries: [],
        caFile: null,
        allowPlaintext: false,
        phoenixVersion: null,
        keyIn: null,
        keep: { in: 'keychain' },
      }),
      name: link.name,
      protocol: link.protocol,
      url: link.url,
      enabled: link.enabled,
      subscribe: link.subscriptions.map((row) => ({ name: row.name, events: null })),
      tags: link.tags,
      notifyUnlocked: link.notifyUnlocked,
      secret: null,
      credentialOf: link.name,
    }
  }

  return {
    begin_test: ({ draft }) => {
      tried = draft
      begun = now()
      return ++test
    },
    test_state: ({ test: number }) =>
      tried && number === test
        ? state(tried)
        : fail('not_found', 'That test was ended. Test again.'),
    end_test: () => {
      tried = null
      return null
    },
    add_connection: ({ draft }) => {
      if (world.link(draft.name))
        fail('invalid', `A connection named "${draft.name}" exists already.`)
      if (draft.secret === 'locked')
        fail('keychain', 'The keychain is locked; unlock it, or keep the credential for this run.')
      world.links = [...world.links, fromDraft(now(), draft)]
      return null
    },
    connection_draft: ({ name }) => draftOf(found(name)),
    edit_connection: ({ name, draft }) => {
      world.links = world.links.map((link) =>
        link.name === name ? { ...link, ...fromDraft(now(), draft) } : link,
      )
      return null
    },
    read_connection: ({ text }) => {
      const { problem, connections } = read(text)
      if (problem) fail('invalid', `Line ${problem.line}, column 1: ${problem.message}`)
      if (connections.length > 1)
        fail(
          'invalid',
          `That text describes ${connections.length} connections. Import them instead.`,
        )
      const row =
        connections[0] ??
        fail('invalid', 'That text describes no connection: it begins with [[connection]].')
      const made = fromDraft(now(), {
        ...draftOf(world.links[0] ?? found('')),
        name: row.name,
        protocol: row.protocol ?? 'iotee',
        url: row.words,
        subscribe: [],
      })
      return { ...draftOf(made), credentialOf: null }
    },
    export_connections: ({ names }) =>
      world.links
        .filter((link) => names?.includes(link.name) ?? true)
        .map(lines)
        .join('\n'),
    plan_import: ({ text }) => read(text),
    import_connections: ({ text, choices }) => {
      const rows = read(text).connections
      const done = {
        added: [] as string[],
        replaced: [] as string[],
        off: [],
        missing: [] as string[],
        rules: 0,
      }
      for (const { name, into } of choices) {
        const row = rows.find((one) => one.name === name)
        if (!row) continue
        const known = world.link(into)
        ;(known ? done.replaced : done.added).push(into)
        if (known) known.url = row.words
        else {
          const made = fromDraft(now(), {
            ...draftOf(found(world.links[0]?.name ?? '')),
            name: into,
            protocol: row.protocol ?? 'iotee',
            url: row.words,
          })
          setStatus(made, now(), 'needs_credential', 'no credential is kept in the keychain')
          world.links = [...world.links, made]
          done.missing.push(into)
        }
      }
      return done
    },
    set_enabled: ({ name, enabled }) => {
      const link = found(name)
      link.enabled = enabled
      setStatus(link, now(), enabled ? 'connecting' : 'stopped', null)
      return null
    },
    remove_connection: ({ name }) => {
      const place = world.links.findIndex((link) => link.name === name)
      world.removed = [{ link: found(name), place, until: now() + GRACE }, ...world.removed]
      world.links = world.links.filter((link) => link.name !== name)
      return null
    },
    restore_connection: ({ name }) => {
      const removed = world.removed.find(({ link, until }) => link.name === name && until > now())
      if (!removed) return fail('not_found', `"${name}" is gone already.`)
      world.links = world.links.toSpliced(removed.place, 0, removed.link)
      world.removed = world.removed.filter((one) => one !== removed)
      return null
    },
    set_credential: ({ name }) => {
      setStatus(found(name), now(), 'connecting', null)
      return null
    },
    retry: ({ name }) => {
      setStatus(found(name), now(), 'connecting', null)
      return null
    },
  }
}
