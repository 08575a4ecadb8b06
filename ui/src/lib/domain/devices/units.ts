import { words } from '../../format'

/** Units that the last word of a field's name tells. What a name does not tell is not guessed: `speed` has none. */
const TOLD: Readonly<Record<string, string>> = {
  km: 'km',
  kmh: 'km/h',
  kph: 'km/h',
  mph: 'mph',
  metres: 'm',
  meters: 'm',
  volts: 'V',
  mv: 'mV',
  amps: 'A',
  ma: 'mA',
  watts: 'W',
  kwh: 'kWh',
  percent: '%',
  pct: '%',
  celsius: '°C',
  fahrenheit: '°F',
  kpa: 'kPa',
  hpa: 'hPa',
  dbm: 'dBm',
  hz: 'Hz',
  kg: 'kg',
  litres: 'l',
  liters: 'l',
  ms: 'ms',
  seconds: 's',
  minutes: 'min',
  hours: 'h',
  degrees: '°',
}

/** Units of fields whose names do not tell them. One that only ends in such a name may be sent in any. */
const FIELDS: Readonly<Record<string, string>> = {
  'battery voltage': 'V',
  latitude: '°',
  longitude: '°',
}

const SPELT: Readonly<Record<string, string>> = {
  lat: 'latitude',
  long: 'longitude',
  lng: 'longitude',
  lon: 'longitude',
}

/** What a field is called in words, and its unit where its name tells one. */
export interface Named {
  label: string
  unit: string | null
}

/** "odometer_km" is the odometer in km, "battery_voltage" the battery voltage in V, "lat" the latitude in °. */
export function named(field: string): Named {
  const parts = words(SPELT[field] ?? field).split(' ')
  const last = parts.at(-1) ?? ''
  const told = parts.length > 1 ? TOLD[last] : undefined
  const whole = parts.join(' ')
  return told === undefined
    ? { label: whole, unit: FIELDS[whole] ?? null }
    : { label: parts.slice(0, -1).join(' '), unit: told }
}

/** "battery voltage (V)", for a head. */
export function headOf(field: string): string {
  const { label, unit } = named(field)
  return unit === null ? label : `${label} (${unit})`
}
