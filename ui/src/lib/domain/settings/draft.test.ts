import { describe, expect, it } from 'vitest'
import type { SettingsDraft } from '../../backend/types'
import { formOf, joined, settingsOf, split, typedAlike } from './draft'

const SETTINGS: SettingsDraft = {
  notifyFrom: 'high',
  sound: true,
  inFront: false,
  quietHours: '22:00-07:00',
  criticalInQuietHours: false,
  commands: [['/usr/bin/page', '--team', 'field ops', '', 'a"b\\c'], [], ['logger'], []],
  keepDays: 90,
  mostMib: 2048,
  closeToTray: true,
  tiles: null,
  tilesAttribution: null,
  exportsFolder: null,
}

describe('settings', () => {
  it('come back from the form as they were', () => {
    expect(settingsOf(formOf(SETTINGS)).settings).toEqual(SETTINGS)
    const loud = { ...SETTINGS, quietHours: null }
    expect(settingsOf(formOf(loud)).settings).toEqual(loud)
  })

  it('keep the hours that were typed while quiet hours are off', () => {
    const form = { ...formOf(SETTINGS), quiet: false, quietFrom: 'nonsense' }
    expect(settingsOf(form).settings?.quietHours).toBeNull()
  })

  it('take a time without its zero and write it with one', () => {
    const form = { ...formOf(SETTINGS), quietFrom: ' 9:05', quietTo: '17:00' }
    expect(settingsOf(form).settings?.quietHours).toBe('09:05-17:00')
  })

  it('are dirty only when something differs', () => {
    expect(typedAlike(formOf(SETTINGS), formOf({ ...SETTINGS, sound: false }))).toBe(true)
    expect(typedAlike(formOf(SETTINGS), formOf({ ...SETTINGS, keepDays: 3 }))).toBe(false)
  })

  it('say by field what is wrong', () => {
    const form = {
      ...formOf(SETTINGS),
      quietFrom: '24:00',
      quietTo: '7',
      keepDays: '0',
      mostMib: '12.5',
    }
    form.commands = [
      { program: '', arguments: '--team ops' },
      { program: 'page', arguments: '"open' },
      { program: '', arguments: '' },
      { program: '', arguments: '' },
    ]
    const { settings, problems } = settingsOf(form)
    expect(settings).toBeNull()
    expect(Object.keys(problems ?? {}).sort()).toEqual([
      'command0',
      'command1',
      'keepDays',
      'mostMib',
      'quietFrom',
      'quietTo',
    ])
  })

  it('refuse quiet hours of no length', () => {
    const form = { ...formOf(SETTINGS), quietFrom: '07:00', quietTo: '7:00' }
    expect(settingsOf(form).problems).toEqual({ quietTo: 'The hours end when they begin.' })
  })
})

describe('map tiles', () => {
  const of = (tiles: string, tilesAttribution = '') =>
    settingsOf({ ...formOf(SETTINGS), tiles, tilesAttribution })

  it('are kept with whom to name, and neither without an address', () => {
    const address = 'https://tiles.example.com/{z}/{x}/{y}.png'
    expect(of(` ${address} `, 'Example').settings).toMatchObject({
      tiles: address,
      tilesAttribution: 'Example',
    })
    expect(of('', 'Example').settings).toMatchObject({ tiles: null, tilesAttribution: null })
  })

  it.each(['tiles.example.com/{z}/{x}/{y}', 'https://a.example/{z}/{x}', 'https://{x}.a/{z}/{y}'])(
    'are no %s',
    (text) => expect(Object.keys(of(text).problems ?? {})).toEqual(['tiles']),
  )
})

describe('arguments', () => {
  it.each([
    ['', []],
    ['  a   b ', ['a', 'b']],
    ['--team "field ops" x', ['--team', 'field ops', 'x']],
    [`'it is' "a\\"b" c\\ d ""`, ['it is', 'a"b', 'c d', '']],
    ['--name="two words"', ['--name=two words']],
  ])('%s', (line, words) => {
    expect(split(line)).toEqual(words)
    expect(split(joined(words))).toEqual(words)
  })

  it('are none while a mark is open', () => {
    expect(split('a "b c')).toBeNull()
  })
})
