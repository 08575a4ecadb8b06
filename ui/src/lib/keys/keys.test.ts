import { afterEach, describe, expect, it, vi } from 'vitest'
import { bindKeys, listed, pressed } from './keys'
import { PLACE_WORDS, SHORTCUTS, type Place, type Shortcut } from './table'

const all: readonly Shortcut[] = SHORTCUTS
const CODES: Record<string, string> = { Equal: '+', Minus: '-', Space: ' ' }

/** The event of a key as tinykeys writes it. */
function eventOf(key: string): KeyboardEvent {
  const last = key.split('+').at(-1) ?? ''
  return new KeyboardEvent('keydown', {
    code: last.length === 1 ? `Key${last.toUpperCase()}` : last,
    key: CODES[last] ?? last.replace(/^(Key|Digit|Numpad)/, '').toLowerCase(),
    ctrlKey: key.includes('$mod'),
    altKey: key.includes('Alt'),
    shiftKey: /(^|\+)Shift\+/.test(key),
    bubbles: true,
    cancelable: true,
  })
}

let unbind = () => {}
afterEach(() => unbind())

describe('the table of shortcuts', () => {
  const plain = all.flatMap((one) =>
    one.keys.filter((key) => !key.includes('(')).map((key) => [one.place, one.id, key] as const),
  )
  it.each(plain)('%s: %s is pressed with %s', (place, id, key) => {
    expect(pressed(place, eventOf(key))).toBe(id)
  })

  it('has no key twice where both would be heard', () => {
    const heard = (places: Place[]) =>
      all.filter(({ place }) => places.includes(place)).flatMap(({ keys }) => keys)
    for (const place of Object.keys(PLACE_WORDS) as Place[]) {
      const keys = heard(place === 'everywhere' ? [place] : ['everywhere', place])
      expect(new Set(keys).size, place).toBe(keys.length)
    }
  })

  it('is listed whole, and by the words that are sought', () => {
    expect(listed().flatMap(({ shortcuts }) => shortcuts)).toHaveLength(all.length)
    const found = listed('larger').flatMap(({ shortcuts }) => shortcuts)
    expect(found).toEqual([{ key: 'Ctrl +', does: 'Show everything larger' }])
    expect(listed('no such thing')).toEqual([])
  })
})

describe('a bound place', () => {
  it('leaves letters to what is typed, and takes what is pressed with Ctrl', () => {
    const acts = { pause: vi.fn(), mute: vi.fn(), palette: vi.fn() }
    unbind = bindKeys('everywhere', acts)
    const input = document.body.appendChild(document.createElement('input'))
    input.dispatchEvent(eventOf('m'))
    input.dispatchEvent(eventOf('$mod+KeyK'))
    input.remove()
    expect(acts.mute).not.toHaveBeenCalled()
    expect(acts.palette).toHaveBeenCalledOnce()
  })

  it('leaves a key alone that was not wanted', () => {
    unbind = bindKeys('everywhere', { pause: () => false, live: () => {} })
    const [space, live] = [eventOf('Space'), eventOf('l')]
    document.body.dispatchEvent(space)
    document.body.dispatchEvent(live)
    expect([space.defaultPrevented, live.defaultPrevented]).toEqual([false, true])
  })
})
