import { describe, expect, it } from 'vitest'
import type { Chip, Protocol, Status } from '../../backend/types'
import { whyNothing } from './nothing'

const chip = (
  name: string,
  protocol: Protocol,
  status: Status,
  cause: string | null = null,
): Chip => ({
  name,
  tags: [],
  protocol,
  status,
  since: 0,
  cause,
  retryAt: null,
  attempt: 0,
  rate: 0,
  lastEventAt: null,
  dropped: 0,
})
const devices = 'devices'

describe('why a screen is empty', () => {
  it('says that none came only where a live connection told of none', () => {
    const why = whyNothing([chip('locks', 'iotee', 'live')], 'iotee', devices, 0)
    expect(why).toEqual({
      title: 'No devices yet',
      text: 'locks is live and sent none so far. They appear here as they come.',
    })
  })

  it('names the connection that is not live, and why', () => {
    const chips = [chip('jobs', 'hantera', 'live'), chip('locks', 'iotee', 'refused', 'HTTP 403')]
    const why = whyNothing(chips, 'iotee', devices, 0)
    expect(why.title).toBe('It is not known what devices there are')
    expect(why.text).toBe('locks: Refused by the service: HTTP 403.')
    expect(why.open).toBe('locks')
  })

  it('says that no connection of that service is in scope', () => {
    const why = whyNothing([chip('jobs', 'hantera', 'live')], 'iotee', devices, 0)
    expect(why.title).toBe('No connection tells of devices')
    expect(why.open).toBeNull()
  })
})
