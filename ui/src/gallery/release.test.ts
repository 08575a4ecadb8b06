// @vitest-environment node
import { build, type Rollup } from 'vite'
import { describe, expect, it } from 'vitest'

/** What a build writes: its files by name, as text. */
async function built(mode: string): Promise<Map<string, string>> {
  const result = await build({ mode, logLevel: 'silent', build: { write: false, minify: false } })
  const outputs = (Array.isArray(result) ? result : [result]) as Rollup.RollupOutput[]
  return new Map(
    outputs
      .flatMap(({ output }) => output)
      .map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)]),
  )
}

describe('the gallery', () => {
  const MARK = 'component-gallery'
  it('is no part of a release, and is one of the mock’s pages', async () => {
    const release = await built('production')
    expect(release.has('index.html')).toBe(true)
    expect(release.has('gallery.html')).toBe(false)
    expect([...release].filter(([, text]) => text.includes(MARK)).map(([name]) => name)).toEqual([])
    // The mark is what the gallery is known by: it is there where the gallery is.
    const mock = await built('mock')
    expect(mock.has('gallery.html')).toBe(true)
    expect([...mock.values()].some((text) => text.includes(MARK))).toBe(true)
  }, 180_000)
})
