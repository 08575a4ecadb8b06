import { describe, expect, it } from 'vitest'
import { headOf, named } from './units'

describe('a field of a device', () => {
  it('has the unit that its name tells, and is called without it', () => {
    expect(named('odometer_km')).toEqual({ label: 'odometer', unit: 'km' })
    expect(named('signalDbm')).toEqual({ label: 'signal', unit: 'dBm' })
    expect(headOf('battery_voltage')).toBe('battery voltage (V)')
    expect(named('lat')).toEqual({ label: 'latitude', unit: '°' })
  })
  it('has none where its name does not tell', () => {
    expect(named('speed')).toEqual({ label: 'speed', unit: null })
    expect(named('cargo_temperature')).toEqual({ label: 'cargo temperature', unit: null })
    expect(headOf('km')).toBe('km')
    expect(named('cell_voltage')).toEqual({ label: 'cell voltage', unit: null })
  })
})
