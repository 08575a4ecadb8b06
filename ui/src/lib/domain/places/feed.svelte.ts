import { BackendError, type Backend } from '../../backend/backend'
import type { Area, FollowSpec, Places, PlacesOf, Scope } from '../../backend/types'
import { browserSurroundings, PullLoop, type Surroundings } from '../../live/pull'
import { areaOf, worldWidth, type Size, type View } from '../../map/projection'
import { named, type PlacedMark } from './named'

/** How wide a mark's cell is, in pixels. */
const CELL = 46
/** How much around the screen is asked for, so that a drag has marks to show. */
const ROOM = 0.25
/** The marks are formed anew at each step of the zoom, and not in between. */
const ZOOM_STEP = 0.5
/** How often it is asked while the hand moves the map, and while only the fleet moves; as the pulls of the window. */
const MOVED = { gap: 90, share: 0.4, retry: 1000 }
const STILL = { gap: 500, share: 0.25, retry: 1000 }
/** Rows of the list beside the map. */
const LISTED = 100
/** How long after the hand has moved the map it rests, in ms. */
const REST = 250

/** What is asked for; what is null is not asked. */
export interface Asked {
  of: PlacesOf
  scope: Scope
  /** A part of the world whose things are listed instead of what is in sight. */
  listed: Area | null
  wantsList: boolean
  /** A device that the map stays on. */
  follow: FollowSpec | null
  paused: boolean
}

/** Asks for the marks in sight: at once when the map moves, now and then as the fleet does, and never two at a time. */
export class PlacesFeed {
  /** The latest answer; its marks are in `marks`. */
  answer: Places | null = $state.raw(null)
  marks: readonly PlacedMark[] = $state.raw([])
  /** What is listed. While the hand moves the map its rows would be others with each answer, and nobody reads them: they stay. */
  list: Places['list'] = $state.raw(null)
  /** The rows are of what was in sight before the hand moved the map; how many there are is of what is in sight now. */
  held = $state(false)
  error: BackendError | null = $state.raw(null)
  /** The device that the latest answer was asked to follow. */
  follows: FollowSpec | null = $state.raw(null)
  readonly #backend: Backend
  readonly #asked: () => Asked
  readonly #loop: PullLoop
  #sight: { view: View; size: Size } | null = null
  #movedAt = -Infinity
  /** Until the hand has rested. */
  #moves: number | null = null
  readonly #surroundings: Surroundings
  #have = 0
  #haveOf = ''

  constructor(
    backend: Backend,
    asked: () => Asked,
    surroundings: Surroundings = browserSurroundings,
  ) {
    this.#backend = backend
    this.#asked = asked
    this.#surroundings = surroundings
    this.#loop = new PullLoop(
      () => this.#ask(),
      surroundings,
      () => (surroundings.now() - this.#movedAt < 400 ? MOVED : STILL),
    )
  }

  /** Begins to ask; answers what ends it. */
  start(): () => void {
    const onVisibility = () => this.#loop.visibilityChanged()
    document.addEventListener('visibilitychange', onVisibility)
    this.#loop.start()
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      this.#loop.stop()
      this.#release()
    }
  }

  /** The hand moves the map: the list waits until it rests. */
  hold(): void {
    this.#release()
    this.held = true
    this.#moves = this.#surroundings.setTimer(() => {
      this.#moves = null
      this.#loop.hurry()
    }, REST)
  }

  #release(): void {
    if (this.#moves !== null) this.#surroundings.clearTimer(this.#moves)
    this.#moves = null
  }

  /** The map looks there. */
  look(view: View, size: Size): void {
    this.#sight = { view, size }
    this.#movedAt = this.#surroundings.now()
    if (this.#key() !== this.#haveOf) this.#loop.hurry()
  }

  /** Something else is asked for. */
  hurry(): void {
    this.#loop.hurry()
  }

  /** What of the view changes the answer: a drag within the room that was asked for does not. */
  #key(): string {
    return JSON.stringify([this.#spec().area, this.#asked(), this.#moves !== null])
  }

  #spec() {
    const { view, size } = this.#sight ?? {
      view: { x: 0.5, y: 0.5, zoom: 0 },
      size: { width: 256, height: 256 },
    }
    const zoom = Math.round(view.zoom / ZOOM_STEP) * ZOOM_STEP
    // By quarters of the screen, so that not each pixel of a drag is another question.
    const quarter = (value: number, of: number) => {
      const step = (of * ROOM) / worldWidth(view.zoom)
      return Math.round(value / step) * step
    }
    const middle = {
      x: quarter(view.x, size.width),
      y: quarter(view.y, size.height),
      zoom: view.zoom,
    }
    return { area: areaOf(middle, size, ROOM * 1.5), cell: CELL / worldWidth(zoom), view, size }
  }

  async #ask(): Promise<void> {
    const asked = this.#asked()
    const { area, cell, view, size } = this.#spec()
    const of = this.#key()
    const wantsRows = asked.wantsList && this.#moves === null
    if (asked.paused && of === this.#haveOf) return
    try {
      const answer = await this.#backend.call('places', {
        spec: {
          scope: asked.scope,
          of: asked.of,
          area,
          cell,
          have: this.#have,
          // What is in sight is counted in any case.
          list: {
            area: asked.listed ?? areaOf(view, size),
            limit: wantsRows ? LISTED : 0,
          },
          follow: asked.follow,
        },
      })
      this.#have = answer.version
      this.#haveOf = of
      if (answer.marks) this.marks = named(answer.marks, cell)
      this.answer = answer
      this.#take(answer.list, wantsRows || !asked.wantsList)
      this.follows = asked.follow
      this.error = null
    } catch (thrown) {
      this.error = BackendError.from(thrown)
      throw thrown
    }
  }

  /** A list that was asked for while the hand moved the map, or comes while it does, tells only how many there are. */
  #take(list: Places['list'], whole: boolean): void {
    this.held = this.#moves !== null || !whole
    this.list = list && this.list && this.held ? { ...list, rows: this.list.rows } : list
  }
}
