import { describe, expect, it } from 'vitest'
import { mendLanguage } from './language'

describe('mendLanguage', () => {
  it.each(['C', '', 'en_US', 'POSIX.UTF-8'])('replaces %j, which Intl refuses', (language) => {
    const target = { language }
    mendLanguage(target)
    expect(() => new Intl.NumberFormat(target.language)).not.toThrow()
    expect(target.language).toBe('en')
  })
  it.each(['nl', 'en-US', 'zh-Hant-TW'])('leaves %j alone', (language) => {
    const target = { language }
    mendLanguage(target)
    expect(target.language).toBe(language)
  })

  it('lets uPlot load where the language is “C”', async () => {
    Object.defineProperty(navigator, 'language', { value: 'C', configurable: true })
    expect(() => new Intl.NumberFormat(navigator.language)).toThrow()
    mendLanguage(navigator)
    await expect(import('uplot')).resolves.toBeDefined()
  })
})
