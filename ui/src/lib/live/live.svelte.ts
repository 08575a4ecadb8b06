import { BackendError, type Backend } from '../backend/backend'
import type {
  Announced,
  Chip,
  Frame,
  Rail,
  Scope,
  ScreenSpec,
  Span,
  Target,
} from '../backend/types'
import { preferences } from '../preferences.svelte'
import { beginning } from './beginning.svelte'
import { clock } from './clock.svelte'
import { chartWindow } from './past'
import { mergeScreen, type Picture, type PictureOf, type ScreenName } from './picture'
import { browserSurroundings, CALM, PullLoop, QUICK, type Surroundings } from './pull'
import { steps } from './steps.svelte'
import { Zoom } from './zoom.svelte'

const EMPTY_RAIL: Rail = {
  unlocked: 0,
  jobsFailed: 0,
  alerts: [0, 0, 0, 0],
  muted: null,
  quiet: false,
  historyProblem: null,
  notLive: 0,
  connections: 0,
  tags: [],
  demo: false,
}

/** How long after the start what is live is waited for eagerly, in ms. */
const BEGINNING = 5_000
/** How long what the first picture can do without waits for something live, in ms. */
const PATIENCE = 1_000

const LISTS: ReadonlySet<ScreenSpec['screen']> = new Set([
  'devices',
  'device',
  'events',
  'hosts',
  'liveQuery',
])

/** What the page holds of the fleet: the frame's own parts, and the picture of the screen in sight. */
export class Live {
  rail: Rail = $state.raw(EMPTY_RAIL)
  chips: readonly Chip[] = $state.raw([])
  /** True once the first frame came. */
  started = $state(false)
  /** Why the last pull failed; null while they succeed. */
  error: BackendError | null = $state.raw(null)
  paused = $state(false)
  scope: Scope = $state.raw({ kind: 'all' })
  /** The span out of the history that is shown instead of what is live; null while live. */
  past: Span | null = $state.raw(null)
  /** The span that was chosen in a chart: it detaches all charts from what is live, and from the whole of the past span. */
  readonly zoom = new Zoom()

  /** Told once a second, as a pull begins. */
  onbeat: (() => void) | null = null

  /** Told once where the window is to go: a notification was clicked. */
  onsent: ((target: Target) => void) | null = null

  /** Told once what is to be announced here, as the desktop shows no notification over a window that is in front. */
  onannounced: ((announced: Announced) => void) | null = null
  /** Told the keys of what was announced here and is over. */
  ontakenback: ((keys: string[]) => void) | null = null

  #picture: Picture | null = $state.raw(null)
  #pictureOf = $state('')
  #picturePast: Span | null = $state.raw(null)
  #wanted: ScreenSpec = { screen: 'nothing' }
  #have = 0
  #haveOf = ''
  readonly #backend: Backend
  readonly #surroundings: Surroundings
  readonly #loop: PullLoop
  #second = 0
  #laterChips: readonly Chip[] | null = null
  #laterRail: Rail | null = null
  #marked = false
  #startedAt = 0

  constructor(backend: Backend, surroundings: Surroundings = browserSurroundings) {
    this.#backend = backend
    this.#surroundings = surroundings
    this.#loop = new PullLoop(
      () => this.#pull(),
      surroundings,
      // The past stands still: a list of it is scrolled, and does not stream.
      () => (this.#begins() || (LISTS.has(this.#wanted.screen) && !this.past) ? QUICK : CALM),
    )
  }

  /** Begins to pull; answers what ends it. */
  start(): () => void {
    this.#startedAt = this.#surroundings.now()
    const onVisibility = () => this.#loop.visibilityChanged()
    document.addEventListener('visibilitychange', onVisibility)
    this.#loop.start()
    const patience = this.#surroundings.setTimer(() => beginning.end(), PATIENCE)
    return () => {
      this.#surroundings.clearTimer(patience)
      document.removeEventListener('visibilitychange', onVisibility)
      this.#loop.stop()
    }
  }

  /** Says what is in sight from now on. */
  show(spec: ScreenSpec): void {
    // A list that is scrolled says it at each step, and mostly the same.
    const same = JSON.stringify(spec) === JSON.stringify(this.#wanted)
    this.#wanted = spec
    if (!same) this.#loop.hurry()
  }

  /** The picture of a screen, or null until its first frame. What is live is never shown as the past, nor the other way. */
  picture<S extends ScreenName>(screen: S, spec?: ScreenSpec): PictureOf<S> | null {
    if (this.#picture?.screen !== screen || this.#picturePast !== this.past) return null
    if (spec && this.#pictureOf !== identity(spec, this.scope, this.past)) return null
    return this.#picture as PictureOf<S>
  }

  setScope(scope: Scope): void {
    this.scope = scope
    this.#loop.hurry()
  }

  /** Shows a span of the past, or with null what is live. What was zoomed is left. */
  setPast(past: Span | null): void {
    this.zoom.end()
    this.past = past
    this.#loop.hurry()
  }

  setPaused(paused: boolean): void {
    this.paused = paused
    clock.hold(paused)
    this.#loop.hurry()
  }

  /** What charts show: what is zoomed to, or the past span, or as much as is chosen up to now or the hold. */
  get window(): { span: number; until: number | null } {
    return chartWindow(this.zoom.span ?? this.past, preferences.span, clock.heldAt)
  }

  /** Back to what is live: out of a zoom and the past, and on from a hold. */
  resume(): void {
    this.zoom.end()
    if (this.past) this.setPast(null)
    if (this.paused) this.setPaused(false)
  }

  async #pull(): Promise<void> {
    const spec = this.#held() ? ({ screen: 'nothing' } as const) : this.#wanted
    const { scope, past } = this
    const of = identity(spec, scope, past)
    const have = of === this.#haveOf ? this.#have : 0
    this.#beat()
    try {
      const frame = await this.#backend.call('pull', {
        spec: { have, scope, past, screen: spec },
      })
      this.#apply(frame, of, past, have === 0)
      this.error = null
    } catch (thrown) {
      this.error = BackendError.from(thrown)
      this.#haveOf = ''
      throw thrown
    }
  }

  /** While paused, a screen that has its picture keeps it; events hold still by themselves and count what is newer. */
  #held(): boolean {
    if (!this.paused || this.#wanted.screen === 'events') return false
    return this.#pictureOf === identity(this.#wanted, this.scope, this.past)
  }

  #beat(): void {
    const second = Math.floor(clock.moment() / 1000)
    if (second === this.#second) return
    this.#second = second
    this.onbeat?.()
  }

  /** Rates and counts change with nearly every frame, and each change costs a painting: they are shown once a second. */
  #applyFrame(rail: Rail | null, chips: readonly Chip[] | null, turned: boolean): void {
    const nextRail = rail ?? this.#laterRail
    const railWaits = nextRail !== null && !turned && sameButCounts(this.rail, nextRail)
    if (nextRail && !railWaits) this.rail = nextRail
    this.#laterRail = railWaits ? nextRail : null
    const nextChips = chips ?? this.#laterChips
    const chipsWait = nextChips !== null && !turned && sameStates(this.chips, nextChips)
    if (nextChips && !chipsWait) this.chips = nextChips
    this.#laterChips = chipsWait ? nextChips : null
  }

  /** Whether somebody waits for what is live, for the first time. */
  #begins(): boolean {
    return !this.#marked && this.#surroundings.now() - this.#startedAt < BEGINNING
  }

  /**
   * Leaves a mark in the page's own timeline when something live was painted first: the start is measured by it. What
   * waited for that is drawn then.
   */
  #markLive(): void {
    if (this.#marked || !this.chips.some((chip) => chip.status === 'live')) return
    this.#marked = true
    this.#surroundings.requestFrame(() =>
      this.#surroundings.setTimer(() => {
        performance.mark('live')
        beginning.end()
      }, 0),
    )
  }

  #apply(frame: Frame, of: string, past: Span | null, first: boolean): void {
    const turned = clock.set(frame.now) || !this.started
    this.#applyFrame(frame.rail, frame.chips, turned)
    if (turned) steps.take(this.#surroundings)
    if (frame.go) this.onsent?.(frame.go)
    if (frame.takenBack.length > 0) this.ontakenback?.(frame.takenBack)
    for (const announced of frame.announced) this.onannounced?.(announced)
    this.#have = frame.number
    this.#haveOf = of
    this.started = true
    if (frame.screen.screen === 'nothing') return
    this.#markLive()
    const forget = frame.whole || first || of !== this.#pictureOf
    this.#picture = mergeScreen(forget ? null : this.#picture, frame.screen)
    this.#pictureOf = of
    this.#picturePast = past
  }
}

/** Whether one has come or gone, or is in another state: that is shown at once. */
function sameStates(a: readonly Chip[], b: readonly Chip[]): boolean {
  return (
    a.length === b.length &&
    a.every((chip, i) => chip.name === b[i]?.name && chip.status === b[i]?.status)
  )
}

/** Whether nothing differs but how many locks are open and jobs failed. */
function sameButCounts(a: Rail, b: Rail): boolean {
  const rest = (rail: Rail) => JSON.stringify({ ...rail, unlocked: 0, jobsFailed: 0 })
  return rest(a) === rest(b)
}

/** Two specs with the same identity show the same thing, of which the page may hold a part. */
export function identity(spec: ScreenSpec, scope: Scope, past: Span | null): string {
  const parts: unknown[] = [scope, past, spec.screen]
  if ('connection' in spec) parts.push(spec.connection)
  if ('id' in spec) parts.push(spec.id)
  return JSON.stringify(parts)
}
