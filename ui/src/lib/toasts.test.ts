import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fileOf, folderOf, toasts } from './toasts.svelte'

it.each([
  ['/home/ada/Downloads/events of today.csv', 'events of today.csv', '/home/ada/Downloads'],
  ['C:\\Users\\Ada\\run.json', 'run.json', 'C:\\Users\\Ada'],
  ['/run.json', 'run.json', '/'],
])('%s is a file in a folder', (place, file, folder) => {
  expect([fileOf(place), folderOf(place)]).toEqual([file, folder])
})

describe('what is announced', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    toasts.list = []
  })
  afterEach(() => {
    vi.useRealTimers()
    toasts.list = []
  })
  const titles = () => toasts.list.map(({ title }) => title)
  const alert = (title: string, severity: 'critical' | 'high') =>
    toasts.announced({ key: `alert/${title}`, title, text: '', severity, target: null })

  it('goes by itself, but for what is critical, which goes when it is over', () => {
    alert('door', 'high')
    alert('theft', 'critical')
    alert('fire', 'critical')
    vi.advanceTimersByTime(3_600_000)
    expect(titles()).toEqual(['theft', 'fire'])
    toasts.takenBack(['alert/theft', 'alert/never'])
    expect(titles()).toEqual(['fire'])
    toasts.close(toasts.list[0]?.id ?? 0)
    expect(titles()).toEqual([])
  })

  it('makes room for what comes, what stays last', () => {
    alert('theft', 'critical')
    toasts.failed(new Error('It is full.'), 'Not saved')
    for (const title of ['a', 'b', 'c', 'd']) alert(title, 'high')
    expect(titles()).toEqual(['theft', 'Not saved', 'c', 'd'])
    for (const title of ['1', '2', '3']) alert(title, 'critical')
    expect(titles()).toEqual(['theft', '1', '2', '3'])
  })
})
