import type { Backend } from '../../backend/backend'
import type { MatcherDraft } from '../../backend/types'
import { plural } from '../../format'
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

async function tell(act: () => Promise<void>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (thrown) {
    toasts.failed(thrown)
    return false
  }
}
