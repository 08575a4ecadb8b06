import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fileOf, folderOf, toasts } from './toasts.svelte'

it.each([
  ['/home/ada/Downloads/events of today.csv', 'events of today.csv', '/home/ada/Downloads'],
  ['C:\\Users\\Ada\\run.json', 'run.json', 'C:\\Users\\Ada'],
  ['/run.json', 'run.json', '/'],
])('%s is a file in a folder', (place, file, folder) => {
  expect([fileOf(place), folderOf(place)]).toEqual([file, folder])
})

describe('what is told', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    toasts.list = []
  })
  afterEach(() => {
    vi.useRealTimers()
    toasts.list = []
  })
  const titles = () => toasts.list.map(({ title }) => title)

  it('goes by itself, but for what failed', () => {
    toasts.done('Saved')
    toasts.failed(new Error('It is full.'), 'Not saved')
    vi.advanceTimersByTime(3_600_000)
    expect(titles()).toEqual(['Not saved'])
    toasts.close(toasts.list[0]?.id ?? 0)
    expect(titles()).toEqual([])
  })

  it('stays where what it offers is needed after all', () => {
    toasts.saved('Events saved', '/tmp/events.csv')
    toasts.saved('Run saved', '/tmp/run.csv')
    toasts.keep(toasts.list[0]?.id ?? 0)
    vi.advanceTimersByTime(3_600_000)
    expect(titles()).toEqual(['Events saved'])
  })

  it('makes room for what comes by what passes', () => {
    toasts.failed(new Error('It is full.'), 'Not saved')
    for (const title of ['a', 'b', 'c', 'd']) toasts.done(title)
    expect(titles()).toEqual(['Not saved', 'b', 'c', 'd'])
  })
})
