import type { Backend } from '../../backend/backend'
import type { MatcherDraft, ScreenSpec, SilenceRow } from '../../backend/types'
import type { App } from '../../context'
import { plural } from '../../format'
import { look } from '../../live/look'
import { toasts } from '../../toasts.svelte'

/**
 * Acknowledges, and offers to take it back from those that were not `already`. Answers how many there were to acknowledge:
 * none where all are resolved, which is not told here, and null where it failed.
 */
export async function acknowledge(
  backend: Backend,
  alerts: string[],
  until: number | null,
  note: string,
  already: ReadonlySet<string>,
): Promise<number | null> {
  let done = 0
  const told = await tell(async () => {
    done = await backend.call('acknowledge', { alerts, until, note })
    if (done === 0) return
    const fresh = alerts.filter((key) => !already.has(key))
    const undo = () => void unacknowledge(backend, fresh)
    toasts.done(
      `${plural(done, 'alert')} acknowledged`,
      until === null ? 'Until resolved.' : 'Until then, or until resolved.',
      { label: 'Undo', run: undo },
    )
  })
  return told ? done : null
}

/** Says why a key did nothing about an alert that is over. */
export function tellOver(): void {
  toasts.done('This alert is over', 'It was resolved: there is nothing to do about it.')
}

export async function unacknowledge(backend: Backend, alerts: string[]): Promise<boolean> {
  return tell(async () => {
    const done = await backend.call('unacknowledge', { alerts })
    toasts.done(
      done === 0 ? 'Nothing was acknowledged' : 'Acknowledgement removed',
      done === 0 ? '' : `${plural(done, 'alert')}.`,
    )
  })
}

/** Silences what matches, and offers to end it. */
export async function silence(
  backend: Backend,
  matcher: MatcherDraft,
  until: number,
  note: string,
): Promise<void> {
  const id = await backend.call('silence', { matcher, until, note })
  toasts.done('Silenced', 'Alerts still firing when it ends are announced in one notification.', {
    label: 'Undo',
    run: () => void endSilence(backend, id),
  })
}

export async function endSilence(
  backend: Backend,
  id: number,
  everything = false,
): Promise<boolean> {
  return tell(async () => {
    await backend.call('end_silence', { id })
    toasts.done(
      everything ? 'The mute has ended' : 'The silence has ended',
      'Alerts still firing are announced in one notification.',
    )
  })
}

/** Asked for what lies beside the list: the silences. */
const BESIDE: Extract<ScreenSpec, { screen: 'alerts' }> = {
  screen: 'alerts',
  filter: { states: [], severities: [], rule: null, text: '' },
  grouped: false,
  unfolded: [],
  offset: 0,
  limit: 1,
}

/**
 * Ends the silence that an alert tells the end of, which is the only one that ends at that moment most often. Answers
 * false where it is not: which of several is meant is chosen in their list.
 */
export async function endSilenceUntil(app: App, until: number): Promise<boolean> {
  let ending: SilenceRow[] = []
  const looked = await tell(async () => {
    const { silences } = await look(app, BESIDE)
    ending = silences.filter((row) => !row.everything && row.until === until)
  })
  const [only, another] = ending
  if (looked && (!only || another)) return false
  if (only) await endSilence(app.backend, only.id)
  return true
}

async function tell(act: () => Promise<void>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (thrown) {
    toasts.failed(thrown)
    return false
  }
}
