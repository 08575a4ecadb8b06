import { BackendError } from './backend/backend'
import { errorText } from './backend/errors'

/** So many are in sight. */
const MOST = 4

export interface Toast {
  id: number
  tone: 'good' | 'bad'
  title: string
  text: string
  /** It goes by itself. */
  passes: boolean
  /** What can be done about it at once: "Undo". */
  action?: ToastAction
  /** A file that was saved: its path can be copied and its folder opened. */
  place?: string
}

export interface ToastAction {
  label: string
  run: () => void | Promise<void>
}

/** The name of the file at a path, of whichever system. */
export function fileOf(place: string): string {
  return place.slice(cutAt(place))
}

/** The folder that a file is in. */
export function folderOf(place: string): string {
  return place.slice(0, Math.max(1, cutAt(place) - 1))
}

function cutAt(place: string): number {
  return Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1
}

/** Short words on what a command came to; an error stays until it is closed. */
class Toasts {
  list: Toast[] = $state([])
  #next = 1

  /** One with something to do stays long enough for the hand to get there. */
  done(title: string, text = '', action?: ToastAction): void {
    this.#add({ tone: 'good', title, text, action }, action ? 10_000 : 4000)
  }

  /** A file was written. `more` says what of it is to be known. */
  saved(title: string, place: string, more = ''): void {
    this.#add({ tone: 'good', title, text: more, place }, 12_000)
  }

  /** The title is that of the error's code where no other fits what was tried. */
  failed(thrown: unknown, title?: string): void {
    const error = BackendError.from(thrown)
    this.#add({ tone: 'bad', title: title ?? errorText(error).title, text: error.message }, null)
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id)
  }

  /** It stays until it is closed: what it offers is needed after all. */
  keep(id: number): void {
    this.list = this.list.map((toast) => (toast.id === id ? { ...toast, passes: false } : toast))
  }

  /** Where there is no room, what passes goes first. */
  #add(toast: Omit<Toast, 'id' | 'passes'>, ms: number | null): void {
    const id = this.#next++
    const all = [...this.list, { ...toast, id, passes: ms !== null }]
    const before = all.slice(0, -1)
    const first = before.find(({ passes }) => passes) ?? before[0]
    this.list = all.length > MOST ? all.filter((one) => one !== first) : all
    const passes = () => this.list.some((one) => one.id === id && one.passes)
    if (ms !== null) setTimeout(() => passes() && this.close(id), ms)
  }
}

export const toasts = new Toasts()
