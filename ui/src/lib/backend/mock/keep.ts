import type {
  AlertRow,
  Away,
  Commands,
  DesktopState,
  ErrorCode,
  HistoryState,
  SettingsDraft,
} from '../types'
import type { Mood } from './world'

type Fail = (code: ErrorCode, message: string) => never
type Answered =
  | 'settings'
  | 'save_settings'
  | 'history'
  | 'show_history'
  | 'save_picture'
  | 'save_report'
  | 'save_text'
  | 'dismiss_away'
  | 'desktop'
  | 'set_start_at_login'
  | 'page_place'
  | 'keep_page_place'
  | 'set_zoom'
  | 'set_unsaved'
  | 'close_window'
  | 'toggle_full_screen'
  | 'quit'

const HOUR = 3_600_000

/** How far back the pretended history reaches. */
export const KEPT = 6 * 24 * HOUR

/** What the pretended program keeps: settings, the history's state, and whether the absence was read. */
export class MockKeep {
  settings: SettingsDraft = {
    notifyFrom: 'medium',
    sound: true,
    inFront: false,
    quietHours: '22:00-07:00',
    criticalInQuietHours: true,
    commands: [['/usr/local/bin/page-oncall', '--team', 'field ops'], [], [], []],
    keepDays: 90,
    mostMib: 2048,
    closeToTray: false,
    tiles: null,
    tilesAttribution: null,
    exportsFolder: null,
  }
  desktop: DesktopState = {
    tray: true,
    says: '7 alerts, the worst critical; 2 connections not live',
    startsAtLogin: false,
    loginProblem: null,
    downloads: '/home/ada/Downloads',
  }
  #dismissed = false
  readonly #begun: number
  readonly #mood: Mood

  constructor(now: number, mood: Mood) {
    this.#begun = now
    this.#mood = mood
  }

  get quiet(): boolean {
    return this.#mood === 'stale'
  }

  get problem(): string | null {
    return this.#mood === 'stale'
      ? 'The disk is full: nothing is recorded since 13:41. Free some space, and it goes on by itself.'
      : null
  }

  history(now: number): HistoryState {
    const full = this.problem !== null
    return {
      place: '~/.local/share/signalbox/history.sqlite',
      bytes: this.#mood === 'empty' ? 61_440 : 438_304_768,
      oldest: this.#mood === 'empty' ? null : now - KEPT,
      problem: this.problem,
      droppedSamples: full ? 18_240 : 0,
      droppedEvents: full ? 312 : 0,
    }
  }

  away(worst: () => AlertRow[]): Away | null {
    if (this.#dismissed || this.#mood !== 'lively') return null
    return {
      since: this.#begun - 9.6 * HOUR,
      until: this.#begun - 4 * 60_000,
      alerts: worst(),
      began: 31,
      resolved: 22,
      told: ['locks-eu'],
      unheard: [],
      gaps: [
        'back-office tells nothing of what was before it connected: 04:22 to 13:56 is not known.',
        'intel gave back the last 1 000 signals only: 04:22 to 06:10 is not known.',
      ],
    }
  }

  dismiss(): void {
    this.#dismissed = true
  }
}

export function keepCommands(
  keep: MockKeep,
  now: () => number,
  fail: Fail,
): { [C in Answered]: (args: Commands[C][0]) => Commands[C][1] } {
  return {
    settings: () => keep.settings,
    save_settings: ({ settings }) => {
      if (settings.keepDays < 1 || settings.keepDays > 3650)
        fail('invalid', `history: keep_days must be 1 to 3650, not ${settings.keepDays}.`)
      keep.settings = settings
      return null
    },
    history: () => keep.history(now()),
    show_history: () => null,
    save_picture: ({ picture }) =>
      `~/Pictures/Signalbox/${picture.title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.${picture.format}`,
    save_report: ({ hours }) => `~/Documents/Signalbox/shift-report-${hours}h.html`,
    save_text: ({ title, kind }) => `~/Documents/Signalbox/${title}.${kind}`,
    desktop: () => keep.desktop,
    set_start_at_login: ({ on }) => (keep.desktop = { ...keep.desktop, startsAtLogin: on }),
    page_place: () => null,
    keep_page_place: () => null,
    // A browser has a zoom of its own.
    set_zoom: () => 1,
    set_unsaved: () => null,
    close_window: () => null,
    toggle_full_screen: () => null,
    quit: () => null,
    dismiss_away: () => {
      keep.dismiss()
      return null
    },
  }
}
