import type { Surroundings } from './pull'

/**
 * What is painted each second takes turns, a frame each: all of it in one frame would hold up what comes meanwhile. The
 * frame that the second turns in has the ages and the connections; what is large is drawn in the two after it.
 */
class Steps {
  /** How often each step was taken. */
  first = $state(0)
  second = $state(0)

  /** Takes them, beginning with the frame after the next, which paints what has just been set. */
  take({ requestFrame }: Pick<Surroundings, 'requestFrame'>): void {
    requestFrame(() =>
      requestFrame(() => {
        this.first += 1
        requestFrame(() => (this.second += 1))
      }),
    )
  }
}

export const steps = new Steps()
