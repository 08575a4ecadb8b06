import { BackendError } from './backend/backend'
import { errorText } from './backend/errors'

export interface Toast {
  id: number
  tone: 'good' | 'bad'
  title: string
  text: string
}

/** Short words on what a command came to; an error stays until it is closed. */
class Toasts {
  list: Toast[] = $state([])
  #next = 1

  done(title: string, text = ''): void {
    const id = this.#add('good', title, text)
    setTimeout(() => this.close(id), 4000)
  }

  failed(thrown: unknown): void {
    const error = BackendError.from(thrown)
    this.#add('bad', errorText(error).title, error.message)
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id)
  }

  #add(tone: Toast['tone'], title: string, text: string): number {
    const id = this.#next++
    this.list = [...this.list.slice(-3), { id, tone, title, text }]
    return id
  }
}

export const toasts = new Toasts()
