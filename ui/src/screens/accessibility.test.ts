import { screen } from '@testing-library/svelte'
import axe from 'axe-core'
import { describe, expect, it, vi } from 'vitest'
import { open, stage } from './stage'

stage()

/*
 * What axe can tell without a browser engine. Nothing is laid out or painted here, so its rules on contrast, on the size
 * of targets and on what can be scrolled see nothing: `npm run accessibility` asks them of a real one, in every palette.
 */
const BLIND = ['color-contrast', 'target-size', 'scrollable-region-focusable']

vi.mock('uplot')

async function violations(): Promise<string[]> {
  const rules = Object.fromEntries(BLIND.map((id) => [id, { enabled: false }]))
  // The document’s own title and language are index.html’s, which is not loaded here.
  const { violations } = await axe.run(document.body, { rules, resultTypes: ['violations'] })
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)
}

describe('axe', () => {
  it.each([
    ['#/overview', 'screen-overview'],
    ['#/alerts', 'screen-alerts'],
    ['#/rules', 'screen-rules'],
    ['#/newRule', 'screen-rule'],
    ['#/devices', 'screen-devices'],
    ['#/device/locks-eu/VH1004', 'screen-device'],
    ['#/jobs', 'screen-jobs'],
    ['#/liveQuery/back-office/lq-orders', 'screen-live-query'],
    ['#/agents', 'screen-agents'],
    ['#/hosts', 'screen-hosts'],
    ['#/signals', 'screen-signals'],
    ['#/events', 'screen-events'],
    ['#/connections', 'screen-connections'],
    ['#/settings', 'screen-settings'],
  ])(
    'finds nothing in %s',
    async (hash, id) => {
      open(hash)
      await screen.findByTestId(id)
      await vi.waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull())
      expect(await violations()).toEqual([])
    },
    20_000,
  )

  it('sees a fault where there is one', async () => {
    document.body.append(
      Object.assign(document.createElement('main'), {
        innerHTML: '<h1>One</h1><button type="button"></button>',
      }),
    )
    const found = await violations()
    document.body.replaceChildren()
    expect(found.some((one) => one.startsWith('button-name'))).toBe(true)
  })
})
