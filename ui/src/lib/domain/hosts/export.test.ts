import { describe, expect, it } from 'vitest'
import type { OutcomeRow } from '../../backend/types'
import { outcomesToCsv, outcomesToJson } from './export'

const outcomes: OutcomeRow[] = [
  {
    host: 'h1',
    hostname: 'build-01',
    outcome: 'answered',
    rows: 3,
    afterMs: 420,
    error: null,
    online: true,
    since: null,
  },
  {
    host: 'h2',
    hostname: 'desk, left',
    outcome: 'error',
    rows: 0,
    afterMs: null,
    error: 'no such table: "cpus"',
    online: null,
    since: null,
  },
]

describe('what became of each host', () => {
  it('is a line each, quoted where it must be', () => {
    expect(outcomesToCsv(outcomes).split('\r\n')).toEqual([
      'host,id,outcome,rows,after_ms,error',
      'build-01,h1,answered,3,420,',
      '"desk, left",h2,error,0,,"no such table: ""cpus"""',
      '',
    ])
  })

  it('keeps numbers and what is not known in JSON', () => {
    const [first, second] = JSON.parse(outcomesToJson(outcomes)) as Record<string, unknown>[]
    expect(first).toEqual({
      host: 'build-01',
      id: 'h1',
      outcome: 'answered',
      rows: 3,
      after_ms: 420,
      error: null,
    })
    expect(second).toMatchObject({ after_ms: null, error: 'no such table: "cpus"' })
  })
})
