/** What a list already tells of a signal, by the names that services use. */
const TOLD = new Set([
  'id',
  'title',
  'headline',
  'name',
  'description',
  'summary',
  'category',
  'severity',
  'cities',
  'lat',
  'latitude',
  'lon',
  'lng',
  'long',
  'longitude',
  'location',
  'coordinates',
])
const MOST = 24
const LONGEST = 300

/** Fields of a signal's own data that nothing else shows, as text: tags, entities, sources. */
export function restOf(json: string): { name: string; value: string }[] {
  let whole: unknown
  try {
    whole = JSON.parse(json)
  } catch {
    return []
  }
  const outer = asObject(whole)
  const data = asObject(outer?.data) ?? outer
  if (!data) return []
  return Object.entries(data)
    .filter(([name, value]) => !TOLD.has(name) && value !== null && value !== '')
    .slice(0, MOST)
    .map(([name, value]) => ({ name, value: textOf(value).slice(0, LONGEST) }))
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return value.map(String).join(', ')
  return JSON.stringify(value)
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}
