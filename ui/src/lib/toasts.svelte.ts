import { BackendError } from './backend/backend'
import { errorText } from './backend/errors'
import type { Announced } from './backend/types'

export interface Toast {
  id: number
  tone: 'good' | 'warn' | 'bad'
  title: string
  text: string
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
    const id = this.#add('good', title, text, action)
    setTimeout(() => this.close(id), action ? 10_000 : 4000)
  }

  /** An alert, while the desktop shows none over the window. */
  announced({ severity, title, text }: Announced, action?: ToastAction): void {
    const id = this.#add(severity === 'critical' ? 'bad' : 'warn', title, text, action)
    setTimeout(() => this.close(id), 10_000)
  }

  /** A file was written. `more` says what of it is to be known. */
  saved(title: string, place: string, more = ''): void {
    const id = this.#add('good', title, more, undefined, place)
    setTimeout(() => this.close(id), 12_000)
  }

  /** The title is that of the error's code where no other fits what was tried. */
  failed(thrown: unknown, title?: string): void {
    const error = BackendError.from(thrown)
    this.#add('bad', title ?? errorText(error).title, error.message)
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id)
  }

  #add(
    tone: Toast['tone'],
    title: string,
    text: string,
    action?: ToastAction,
    place?: string,
  ): number {
    const id = this.#next++
    this.list = [...this.list.slice(-3), { id, tone, title, text, action, place }]
    return id
  }
}

export const toasts = new Toasts()
