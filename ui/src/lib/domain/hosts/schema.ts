/** Tables that hosts usually answer for, offered while typing; any other can be asked too. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  processes: [
    'pid',
    'name',
    'path',
    'cmdline',
    'state',
    'uid',
    'resident_size',
    'user_time',
    'parent',
  ],
  users: ['uid', 'gid', 'username', 'description', 'directory', 'shell'],
  os_version: ['name', 'version', 'major', 'minor', 'platform', 'arch'],
  system_info: ['hostname', 'uuid', 'cpu_brand', 'physical_memory', 'hardware_model'],
  uptime: ['days', 'hours', 'minutes', 'seconds', 'total_seconds'],
  listening_ports: ['pid', 'port', 'protocol', 'address'],
  interface_addresses: ['interface', 'address', 'mask'],
}

const MOST_TABLES = 100
const MOST_COLUMNS = 200

export type Schema = Record<string, readonly string[]>

/** The one table that a statement reads, as far as a look tells; null where it reads several or none. */
export function tableOf(sql: string): string | null {
  if (/\bjoin\b|\bfrom\s+\w+\s*,/i.test(sql)) return null
  const found = [...sql.matchAll(/\bfrom\s+([a-z_]\w*)/gi)]
  return found.length === 1 ? (found[0]?.[1]?.toLowerCase() ?? null) : null
}

/** What is known of tables and columns: the usual ones, and those that hosts answered with. */
export function learned(
  runs: readonly { sql: string; columns: readonly string[] }[],
  known: Schema = USUAL,
): Schema {
  const schema: Schema = { ...known }
  for (const { sql, columns } of runs) {
    const table = tableOf(sql)
    // An expression is no column's name.
    const names = columns.filter((name) => /^[a-z_]\w*$/i.test(name))
    if (!table || names.length === 0) continue
    if (!(table in schema) && Object.keys(schema).length >= MOST_TABLES) continue
    const all = new Set([...(schema[table] ?? []), ...names])
    schema[table] = [...all].slice(0, MOST_COLUMNS)
  }
  return schema
}

/** Questions to begin with. */
export const EXAMPLES: readonly { name: string; sql: string }[] = [
  { name: 'Systems and versions', sql: 'SELECT name, version, platform FROM os_version;' },
  {
    name: 'What runs',
    sql: 'SELECT pid, name, resident_size FROM processes LIMIT 10;',
  },
  { name: 'Up for how long', sql: 'SELECT days, hours, minutes FROM uptime;' },
  { name: 'Who has an account', sql: 'SELECT username, uid, shell FROM users;' },
  { name: 'What listens', sql: 'SELECT port, protocol, address, pid FROM listening_ports;' },
]
