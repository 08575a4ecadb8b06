import { describe, expect, it } from 'vitest'
import type { OutcomeRow } from '../../backend/types'
import { outcomesToCsv, outcomesToJson, toCsv, toJson, type RowsPart } from './export'
import { ORGANISATION } from './whole'

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

const part = { organisation: 'org_acme', outcomes }

describe('what became of each host', () => {
  it('is a line each, quoted where it must be', () => {
    expect(outcomesToCsv([part]).split('\r\n')).toEqual([
      'host,id,outcome,rows,after_ms,error',
      'build-01,h1,answered,3,420,',
      '"desk, left",h2,error,0,,"no such table: ""cpus"""',
      '',
    ])
  })

  it('keeps numbers and what is not known in JSON', () => {
    const [first, second] = JSON.parse(outcomesToJson([part])) as Record<string, unknown>[]
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

  it('names the organisation where there are several', () => {
    const both = [part, { organisation: 'org_lab', outcomes: outcomes.slice(0, 1) }]
    const lines = outcomesToCsv(both).split('\r\n')
    expect(lines[0]).toBe('organisation,host,id,outcome,rows,after_ms,error')
    expect(lines[1]).toBe('org_acme,build-01,h1,answered,3,420,')
    expect(lines[3]).toBe('org_lab,build-01,h1,answered,3,420,')
    const objects = JSON.parse(outcomesToJson(both)) as { organisation: string }[]
    expect(objects.map(({ organisation }) => organisation)).toEqual([
      'org_acme',
      'org_acme',
      'org_lab',
    ])
  })
})

describe('the rows', () => {
  const acme: RowsPart = {
    organisation: 'org_acme',
    columns: ['pid', 'name'],
    rows: [{ key: '0', hostname: 'build-01', cells: ['7', 'sshd'] }],
  }
  const lab: RowsPart = {
    organisation: 'org_lab',
    columns: ['name', 'state'],
    rows: [{ key: '0', hostname: 'lab-01', cells: ['node', 'S'] }],
  }

  it('of one organisation are a line each after the host', () => {
    expect(toCsv([acme])).toBe('host,pid,name\r\nbuild-01,7,sshd\r\n')
    expect(JSON.parse(toJson([acme]))).toEqual([{ host: 'build-01', pid: '7', name: 'sshd' }])
  })

  it('of several are in one file that names the organisation, each value under its own column', () => {
    expect(toCsv([acme, lab]).split('\r\n')).toEqual([
      'organisation,host,pid,name,state',
      'org_acme,build-01,7,sshd,',
      'org_lab,lab-01,,node,S',
      '',
    ])
    expect(JSON.parse(toJson([acme, lab]))).toEqual([
      { organisation: 'org_acme', host: 'build-01', pid: '7', name: 'sshd', state: null },
      { organisation: 'org_lab', host: 'lab-01', pid: null, name: 'node', state: 'S' },
    ])
  })

  it('of several stand in the order of the table, and name an organisation that is left alone', () => {
    const sort = { column: 'name', descending: false }
    const lines = toCsv([acme, lab], { sort }).split('\r\n')
    expect(lines.slice(1, 3)).toEqual(['org_lab,lab-01,,node,S', 'org_acme,build-01,7,sshd,'])
    const [first] = JSON.parse(toJson([acme, lab], { sort })) as { host: string }[]
    expect(first?.host).toBe('lab-01')
    const by = { column: ORGANISATION, descending: true }
    expect(toCsv([acme, lab], { sort: by }).split('\r\n')[1]).toMatch(/^org_lab/)
    expect(toCsv([lab], { named: true })).toMatch(/^organisation,host/)
    expect(outcomesToCsv([part], { named: true })).toMatch(/^organisation,host/)
  })
})
