import type {
  Cell,
  DevicePage,
  DeviceRow,
  FieldRow,
  Lock,
  LockRow,
  TableSpec,
  ThresholdRow,
} from '../types'
import { devicePlace } from './places'
import type { Random } from './random'

export interface MockDevice {
  id: string
  online: boolean | null
  onlineSince: number | null
  lock: Lock
  lockSince: number | null
  lockSource: string | null
  fields: Map<string, { value: Cell; at: number }>
  locks: LockRow[]
  updatedAt: number | null
}

const SOURCES = ['rfid', 'keypad', 'key', 'remote'] as const
export const CONNECTION = 'locks-eu'

export function makeDevices(count: number, now: number, random: Random): MockDevice[] {
  return Array.from({ length: count }, (_, i) => {
    const at = now - random.whole(500, 40_000)
    const odd = random.next()
    const device: MockDevice = {
      id: `VH${1001 + i}`,
      online: odd < 0.06 ? false : odd < 0.08 ? null : true,
      onlineSince: now - random.whole(60_000, 9_000_000),
      lock: odd < 0.08 ? 'unknown' : odd > 0.86 ? 'unlocked' : 'locked',
      lockSince: now - random.whole(10_000, 7_200_000),
      lockSource: random.pick(SOURCES),
      fields: new Map(),
      locks: [],
      updatedAt: at,
    }
    if (device.lock === 'unknown') device.lockSince = device.lockSource = null
    set(device, 'battery_voltage', round(random.between(11.2, 12.9), 2), at)
    set(device, 'speed', random.chance(0.4) ? round(random.between(4, 58), 1) : 0, at)
    set(device, 'lat', round(52.37 + random.between(-0.08, 0.08), 5), at)
    set(device, 'long', round(4.9 + random.between(-0.12, 0.12), 5), at)
    set(device, 'temperature', round(random.between(6, 31), 1), at - 20_000)
    set(device, 'satellites', random.whole(4, 14), at)
    if (i % 3 === 0) set(device, 'firmware', '4.12.0', at - 8_000_000)
    let time = now - random.whole(20_000, 900_000)
    for (let number = 40; number > 0; number--) {
      const source = random.pick(SOURCES)
      device.locks.push({
        number,
        at: time,
        locked: number % 2 === 0,
        source,
        hasCode: source === 'rfid' || source === 'keypad',
      })
      time -= random.whole(120_000, 2_400_000)
    }
    return device
  })
}

function set(device: MockDevice, name: string, value: Cell, at: number): void {
  device.fields.set(name, { value, at })
}

export function moveDevice(device: MockDevice, now: number, random: Random): void {
  const speed = Math.max(0, numeric(device, 'speed') + random.between(-6, 6))
  set(device, 'speed', round(speed < 3 ? 0 : Math.min(speed, 80), 1), now)
  set(device, 'lat', round(numeric(device, 'lat') + random.between(-1e-4, 1e-4), 5), now)
  set(device, 'long', round(numeric(device, 'long') + random.between(-1e-4, 1e-4), 5), now)
  if (random.chance(0.2)) {
    set(
      device,
      'battery_voltage',
      round(numeric(device, 'battery_voltage') - random.between(-0.01, 0.012), 2),
      now,
    )
  }
  device.updatedAt = now
}

export function turnLock(
  device: MockDevice,
  now: number,
  random: Random,
): { locked: boolean; source: string } {
  const locked = device.lock === 'unlocked'
  const source = random.pick(SOURCES)
  device.lock = locked ? 'locked' : 'unlocked'
  device.lockSince = device.updatedAt = now
  device.lockSource = source
  const number = (device.locks[0]?.number ?? 0) + 1
  const hasCode = source === 'rfid' || source === 'keypad'
  device.locks = [{ number, at: now, locked, source, hasCode }, ...device.locks].slice(0, 200)
  return { locked, source }
}

function numeric(device: MockDevice, name: string): number {
  const value = device.fields.get(name)?.value
  return typeof value === 'number' ? value : 0
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

export function deviceRow(device: MockDevice, columns: string[], stale: boolean): DeviceRow {
  const { id, online, onlineSince, lock, lockSince, lockSource, updatedAt } = device
  const cells = columns.map((name) => device.fields.get(name)?.value ?? null)
  return {
    key: `${CONNECTION}/${id}`,
    connection: CONNECTION,
    id,
    online,
    onlineSince,
    lock,
    lockSince,
    lockSource,
    cells,
    updatedAt,
    stale,
  }
}

/** One that lies near the values, one that is far from them. */
const THRESHOLDS: readonly ThresholdRow[] = [
  { field: 'battery_voltage', rule: 'battery-low', severity: 'high', value: 11.9, above: false },
  { field: 'speed', rule: 'too fast', severity: 'medium', value: 250, above: true },
]

export function devicePage(device: MockDevice, stale: boolean): DevicePage {
  const fields: FieldRow[] = [...device.fields]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, { value, at }]) => ({
      name,
      value,
      at,
      charted: typeof value === 'number',
      thresholds: THRESHOLDS.filter(({ field }) => field === name),
    }))
  return {
    device: deviceRow(device, [], stale),
    place: devicePlace(device),
    fields,
    locks: device.locks,
  }
}

/** Filtered and sorted as the monitor does it. */
export function select(devices: MockDevice[], table: TableSpec): MockDevice[] {
  const terms = table.filter.toLowerCase().split(/\s+/).filter(Boolean)
  const found = devices.filter((device) => terms.every((term) => matches(device, term)))
  const { sort } = table
  if (!sort) return found
  const sign = sort.descending ? -1 : 1
  return found.sort((a, b) => sign * compare(sortKey(a, sort.column), sortKey(b, sort.column)))
}

function matches(device: MockDevice, term: string): boolean {
  const comparison = /^([a-z_]+)([<>])(-?[\d.]+)$/.exec(term)
  if (comparison) {
    const [, name = '', sign, limit] = comparison
    const value = device.fields.get(name)?.value
    if (typeof value !== 'number') return false
    return sign === '<' ? value < Number(limit) : value > Number(limit)
  }
  if (term.startsWith('lock:')) return device.lock === term.slice(5)
  if (term.startsWith('online:')) return (device.online === true) === (term === 'online:yes')
  return `${CONNECTION} ${device.id}`.toLowerCase().includes(term)
}

function sortKey(device: MockDevice, column: string): Cell {
  switch (column) {
    case 'id':
      return device.id
    case 'lock':
      return { unknown: 0, unlocked: 1, locked: 2 }[device.lock]
    case 'online':
      return device.online === null ? -1 : Number(device.online)
    case 'lockSince':
      return device.lockSince
    case 'updatedAt':
      return device.updatedAt
    default:
      return device.fields.get(column)?.value ?? null
  }
}

function compare(a: Cell, b: Cell): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b ? -1 : 1
}
