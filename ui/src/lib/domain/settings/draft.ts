import type { SettingsDraft } from '../../backend/types'
import { SEVERITIES } from '../alerts/counts'

/** A command as it is typed: a program, and its arguments in one line. */
export interface CommandForm {
  program: string
  arguments: string
}

/** The settings as they are typed. */
export interface SettingsForm {
  notifyFrom: SettingsDraft['notifyFrom']
  sound: boolean
  inFront: boolean
  quiet: boolean
  quietFrom: string
  quietTo: string
  criticalInQuietHours: boolean
  /** Critical, high, medium, low. */
  commands: CommandForm[]
  keepDays: string
  mostMib: string
  closeToTray: boolean
  /** Empty for none. */
  tiles: string
  tilesAttribution: string
  /** Empty for the system's own. */
  exportsFolder: string
}

/** What is wrong, by field: `quietFrom`, `command2`. */
export type Problems = Readonly<Record<string, string>>

/** Bounds of the configuration's `[history]`. */
const DAYS = [1, 3650] as const
const MIB = [16, 1_048_576] as const
const EVENING = ['22:00', '07:00'] as const

export function formOf(settings: SettingsDraft): SettingsForm {
  const [quietFrom = '', quietTo = ''] = (settings.quietHours ?? EVENING.join('-')).split('-')
  return {
    notifyFrom: settings.notifyFrom,
    sound: settings.sound,
    inFront: settings.inFront,
    quiet: settings.quietHours !== null,
    quietFrom: quietFrom.trim(),
    quietTo: quietTo.trim(),
    criticalInQuietHours: settings.criticalInQuietHours,
    commands: SEVERITIES.map((_, i) => {
      const [program = '', ...rest] = settings.commands[i] ?? []
      return { program, arguments: joined(rest) }
    }),
    keepDays: String(settings.keepDays),
    mostMib: String(settings.mostMib),
    closeToTray: settings.closeToTray,
    tiles: settings.tiles ?? '',
    tilesAttribution: settings.tilesAttribution ?? '',
    exportsFolder: settings.exportsFolder ?? '',
  }
}

/** The settings that were typed, or what is wrong with them. */
export function settingsOf(
  form: SettingsForm,
): { settings: SettingsDraft; problems: null } | { settings: null; problems: Problems } {
  const problems: Record<string, string> = {}
  const quietFrom = hourOf(form.quietFrom)
  const quietTo = hourOf(form.quietTo)
  if (form.quiet) {
    if (!quietFrom) problems.quietFrom = 'Write a time as 22:00.'
    if (!quietTo) problems.quietTo = 'Write a time as 07:00.'
    else if (quietFrom === quietTo) problems.quietTo = 'The hours end when they begin.'
  }
  const commands = form.commands.map((command, i) => {
    const program = command.program.trim()
    const rest = split(command.arguments)
    if (rest === null) problems[`command${i}`] = 'A quotation mark is not closed.'
    else if (program === '' && rest.length > 0)
      problems[`command${i}`] = 'Name the program that these are for.'
    return program === '' ? [] : [program, ...(rest ?? [])]
  })
  const keepDays = wholeWithin(form.keepDays, DAYS)
  if (keepDays === null) problems.keepDays = 'Between 1 and 3650 days.'
  const mostMib = wholeWithin(form.mostMib, MIB)
  const tiles = form.tiles.trim()
  if (tiles !== '' && !isTiles(tiles))
    problems.tiles = 'An https:// or http:// address with {z}, {x} and {y} after the server’s name.'
  const exportsFolder = form.exportsFolder.trim()
  if (exportsFolder !== '' && !isWhole(exportsFolder))
    problems.exportsFolder = 'The whole path, as /srv/exports or ~/Exports.'
  if (mostMib === null) problems.mostMib = 'Between 16 and 1048576 MiB.'
  if (Object.keys(problems).length > 0 || keepDays === null || mostMib === null)
    return { settings: null, problems }
  const [critical = [], high = [], medium = [], low = []] = commands
  return {
    problems: null,
    settings: {
      notifyFrom: form.notifyFrom,
      sound: form.sound,
      inFront: form.inFront,
      quietHours: form.quiet && quietFrom && quietTo ? `${quietFrom}-${quietTo}` : null,
      criticalInQuietHours: form.criticalInQuietHours,
      commands: [critical, high, medium, low],
      keepDays,
      mostMib,
      closeToTray: form.closeToTray,
      tiles: tiles || null,
      tilesAttribution: (tiles && form.tilesAttribution.trim()) || null,
      exportsFolder: exportsFolder || null,
    },
  }
}

/** What is switched and not typed: it is kept as soon as it is chosen. */
export type Switched = Pick<
  SettingsForm,
  'notifyFrom' | 'sound' | 'inFront' | 'quiet' | 'criticalInQuietHours' | 'closeToTray'
>

export function switchedOf(form: SettingsForm): Switched {
  const { notifyFrom, sound, inFront, quiet, criticalInQuietHours, closeToTray } = form
  return { notifyFrom, sound, inFront, quiet, criticalInQuietHours, closeToTray }
}

/** Whether the same is typed in two forms. */
export function typedAlike(a: SettingsForm, b: SettingsForm): boolean {
  return JSON.stringify({ ...a, ...switchedOf(b) }) === JSON.stringify(b)
}

/** A form that can be typed in without changing the other. */
export function copyOf(form: SettingsForm): SettingsForm {
  return { ...form, commands: form.commands.map((command) => ({ ...command })) }
}

/** Whether it is an address of map tiles; the backend looks closer. */
function isTiles(text: string): boolean {
  const place = /^https?:\/\/[^/{}]+\/(.*)$/.exec(text)?.[1] ?? ''
  return ['{z}', '{x}', '{y}'].every((part) => place.split(part).length === 2)
}

/** Whether it begins at the root of a system, of whichever kind, or in the home folder; the backend looks closer. */
function isWhole(path: string): boolean {
  return /^(\/|~$|~\/|[a-z]:[\\/]|\\\\)/i.test(path)
}

/** "7:05" to "07:05"; null where it is no time of day. */
function hourOf(text: string): string | null {
  const found = /^\s*(\d{1,2}):(\d{2})\s*$/.exec(text)
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59) return null
  return `${(found[1] ?? '').padStart(2, '0')}:${found[2] ?? ''}`
}

function wholeWithin(text: string, [least, most]: readonly [number, number]): number | null {
  if (!/^\s*\d+\s*$/.test(text)) return null
  const value = Number(text)
  return value >= least && value <= most ? value : null
}

/** The words of a line. Quotation marks keep spaces, and a backslash what follows it; null where a mark stays open. */
export function split(line: string): string[] | null {
  const words: string[] = []
  let word: string | null = null
  let open: string | null = null
  for (let i = 0; i < line.length; i++) {
    const letter = line[i] ?? ''
    if (letter === '\\' && open !== "'" && i + 1 < line.length) {
      word = (word ?? '') + (line[++i] ?? '')
    } else if (open) {
      if (letter === open) open = null
      else word = (word ?? '') + letter
    } else if (letter === '"' || letter === "'") {
      open = letter
      word ??= ''
    } else if (/\s/.test(letter)) {
      if (word !== null) words.push(word)
      word = null
    } else {
      word = (word ?? '') + letter
    }
  }
  if (open) return null
  if (word !== null) words.push(word)
  return words
}

/** Words as a line that is split into the same ones. */
export function joined(words: readonly string[]): string {
  return words
    .map((word) =>
      /^[^\s"'\\]+$/.test(word) ? word : `"${word.replace(/["\\]/g, (mark) => `\\${mark}`)}"`,
    )
    .join(' ')
}
