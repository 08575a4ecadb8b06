import type { ConnectionDraft } from '../../backend/types'

/** What the dialog begins with: nothing, a connection that is there, or one that was described elsewhere. */
export type Beginning =
  | { what: 'add' }
  | { what: 'edit' | 'duplicate'; name: string }
  | { what: 'draft'; draft: ConnectionDraft }

/** The dialogs of connections. There is one of each in the window, and whoever needs one opens it here. */
class Wizard {
  open = $state(false)
  beginning: Beginning = $state.raw({ what: 'add' })
  importing = $state(false)
  /** The text that an import begins with. */
  text = $state('')
  exporting = $state(false)
  /** The connection that is exported; all when null. */
  exported: string | null = $state(null)

  begin(beginning: Beginning = { what: 'add' }): void {
    this.beginning = beginning
    this.open = true
  }

  import(text = ''): void {
    this.open = false
    this.text = text
    this.importing = true
  }

  export(name: string | null = null): void {
    this.exported = name
    this.exporting = true
  }
}

export const wizard = new Wizard()
