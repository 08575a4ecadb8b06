import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import App from '../App.svelte'
import type { Backend } from '../lib/backend/backend'
import { mockBackend } from '../lib/backend/mock'
import { ALL_ORGS, consoleState } from '../lib/domain/hosts/console.svelte'
import { parseRoute, router } from '../lib/route.svelte'
import { everything } from './everything'

beforeAll(everything, 60_000)
afterEach(cleanup)

it('asks each organisation that is live where all are chosen, and leads to their results', async () => {
  const inner = mockBackend()
  const orgs: string[] = []
  const backend: Backend = {
    call(command, args) {
      if (command === 'run_query') orgs.push((args as { org: string }).org)
      return inner.call(command, args)
    },
  }
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe() {}
      disconnect() {}
    },
  )
  consoleState.org = ALL_ORGS
  location.hash = '#/hosts'
  router.current = parseRoute(location.hash)
  render(App, { backend })
  const run = await screen.findByTestId<HTMLButtonElement>('run', {}, { timeout: 5000 })
  expect(screen.getByTestId('run-reach').textContent).toMatch(/one result for each organisation/)
  await fireEvent.click(run)
  await waitFor(() => expect(orgs.length).toBeGreaterThan(1))
  expect(new Set(orgs).size).toBe(orgs.length)
  await waitFor(() => expect(consoleState.shelf).toBe('history'))
  expect(consoleState.run?.run).toBeGreaterThan(0)
})
