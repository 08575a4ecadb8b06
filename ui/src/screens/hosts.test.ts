import { fireEvent, screen, waitFor } from '@testing-library/svelte'
import { expect, it } from 'vitest'
import { ALL_ORGS, consoleState } from '../lib/domain/hosts/console.svelte'
import { asked, open, stage } from './stage'

stage()

it('asks each organisation that is live where all are chosen, and leads to their results', async () => {
  consoleState.org = ALL_ORGS
  const calls = open('#/hosts')
  const run = await screen.findByTestId<HTMLButtonElement>('run')
  expect(screen.getByTestId('run-reach').textContent).toMatch(/one result for each organisation/)
  await fireEvent.click(run)
  const orgs = () => asked(calls, 'run_query').map(({ org }) => org)
  await waitFor(() => expect(orgs().length).toBeGreaterThan(1))
  expect(new Set(orgs()).size).toBe(orgs().length)
  await waitFor(() => expect(consoleState.shelf).toBe('history'))
  expect(consoleState.run?.run).toBeGreaterThan(0)
})
