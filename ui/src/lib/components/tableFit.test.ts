import { describe, expect, it } from 'vitest'
import { AS_MADE, moved, type Column } from './table'
import { endingWith, firstWidth, fit, giveWay, leastWidth } from './tableFit'

const column = (key: string, width: string, givesWay?: number): Column<never> => ({
  key,
  label: key,
  width,
  givesWay,
})
const columns = [
  column('name', 'minmax(120px, 2fr)'),
  column('a', '60px', 3),
  column('b', '80px'),
  column('c', 'minmax(40px, 1fr)', 1),
  column('d', '100px', 2),
]
const keys = (list: readonly Column<never>[]) => list.map(({ key }) => key).join('')
const drawn = (room: number, from = 1) => {
  const { from: begin, to } = fit(columns, room, from)
  return keys(columns.slice(begin, to))
}

describe('the columns beside the first', () => {
  it('are as many whole ones as have room', () => {
    const room = leastWidth(columns.slice(0, 3), 0)
    expect(room).toBe(120 + 60 + 80 + 3 * 16)
    expect(drawn(room)).toBe('ab')
    expect(drawn(room - 1)).toBe('a')
    expect(drawn(room + 55)).toBe('ab')
    expect(drawn(room + 56)).toBe('abc')
  })
  it('leave no room unused at the end, and begin nowhere else', () => {
    expect(drawn(308, 2)).toBe('bc')
    expect(drawn(308, 3)).toBe('cd')
    expect(drawn(308, 99)).toBe('cd')
    expect(drawn(308, -4)).toBe('ab')
    expect(endingWith(columns, 308, 4)).toBe(2)
  })
  it('are one at least, and the first leaves half of the room to it', () => {
    expect(drawn(50)).toBe('a')
    expect(drawn(50, 99)).toBe('d')
    expect(firstWidth(columns, 100)).toBe(42)
    expect(firstWidth(columns, 400)).toBe(120)
  })
  it('are all reached from where others ended', () => {
    for (let room = 0; room < 600; room++) {
      const seen = new Set<string>()
      let from = 1
      for (let turns = 0; turns < columns.length; turns++) {
        const part = fit(columns, room, from)
        columns.slice(part.from, part.to).forEach(({ key }) => seen.add(key))
        from = part.to
      }
      expect([...seen].sort().join(''), `in ${room}`).toBe('abcd')
    }
  })
})

describe('columns that give way', () => {
  const whole = leastWidth(columns, 36)
  it('do so by their number, and no more of them than need to', () => {
    const order = (width: number) => keys([...giveWay(columns, AS_MADE, width, 36)])
    expect(order(whole)).toBe('nameabcd')
    expect(order(whole - 1)).toBe('nameabdc')
    expect(order(whole - 56)).toBe('nameabdc')
    expect(order(whole - 57)).toBe('nameabcd')
    expect(order(whole - 173)).toBe('namebacd')
    expect(order(10)).toBe('namebacd')
  })
  it('are only those that nobody has arranged', () => {
    const layout = moved(columns, AS_MADE, 'a', 1)
    expect(giveWay(columns, layout, 10, 36)).toBe(columns)
    const hidden = { ...AS_MADE, hidden: ['b'] }
    expect(giveWay(columns, hidden, whole - 96, 36), 'what is hidden takes none').toBe(columns)
  })
})
