import { expect, it } from 'vitest'
import { fileOf, folderOf } from './toasts.svelte'

it.each([
  ['/home/ada/Downloads/events of today.csv', 'events of today.csv', '/home/ada/Downloads'],
  ['C:\\Users\\Ada\\run.json', 'run.json', 'C:\\Users\\Ada'],
  ['/run.json', 'run.json', '/'],
])('%s is a file in a folder', (place, file, folder) => {
  expect([fileOf(place), folderOf(place)]).toEqual([file, folder])
})
