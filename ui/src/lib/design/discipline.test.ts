// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SOURCES = fileURLToPath(new URL('../..', import.meta.url))
const MOST_LINES = 300

/** Each tier and what it is made without: a screen is made of its domain, a domain of shared components. */
const TIERS: [folder: string, without: string[]][] = [
  ['lib/design', ['lib/components', 'lib/charts', 'lib/domain', 'lib/frame', 'screens']],
  ['lib/components', ['lib/domain', 'lib/frame', 'screens']],
  ['lib/charts', ['lib/domain', 'lib/frame', 'screens']],
  ['lib/domain', ['lib/frame', 'screens']],
  ['lib/frame', ['screens']],
  ['lib', ['gallery']],
  ['screens', ['gallery']],
]

interface Source {
  name: string
  text: string
  imports: string[]
}

const all = files(SOURCES)
const sources = all.filter(({ name }) => !/\.test\.ts$|backend\/(mock|types)/.test(name))

describe('the tiers', () => {
  it.each(TIERS)('%s is made without what stands above it', (folder, without) => {
    const wrong = sources
      .filter(({ name }) => name.startsWith(`${folder}/`))
      .flatMap(({ name, imports }) =>
        imports
          .filter((path) => without.some((other) => path.startsWith(`${other}/`)))
          .map((path) => `${name} imports ${path}`),
      )
    expect(wrong).toEqual([])
  })

  it('keeps every screen short', () => {
    const long = sources
      .filter(({ name }) => name.startsWith('screens/'))
      .map(({ name, text }) => [name, text.trimEnd().split('\n').length] as const)
      .filter(([, lines]) => lines > MOST_LINES)
    expect(long).toEqual([])
  })
})

describe('the tokens', () => {
  const styles = sources
    .filter(({ name }) => /\.(svelte|css)$/.test(name) && name !== 'lib/design/tokens.css')
    .map(({ name, text }) => ({
      name,
      css: (name.endsWith('.css')
        ? text
        : [...text.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, css]) => css).join('\n')
      ).replace(/\/\*[\s\S]*?\*\//g, ''),
    }))
  const found = (what: RegExp) =>
    styles.flatMap(({ name, css }) => [...css.matchAll(what)].map(([hit]) => `${name}: ${hit}`))

  it('hold every colour', () => {
    expect(found(/#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|oklch)\(/gi)).toEqual([])
    expect(found(/:\s*(white|black|red|green|blue|gr[ae]y|orange|yellow)\b/gi)).toEqual([])
  })

  it('hold every size of letters', () => {
    expect(found(/font-size:\s*[\d.]+(px|rem)/g)).toEqual([])
  })

  it('hold every layer over the page, and how fast things move', () => {
    // Up to nine are the layers within one component.
    expect(found(/z-index:\s*\d{2,}/g)).toEqual([])
    expect(found(/(transition|animation):[^;]*?[\d.]+m?s\b/g)).toEqual([])
  })

  it('are all used', () => {
    const tokens = all.find(({ name }) => name === 'lib/design/tokens.css')?.text ?? ''
    const names = new Set([...tokens.matchAll(/--([a-z0-9-]+):/g)].map(([, name = '']) => name))
    const text = sources.map((source) => source.text).join('\n')
    // Those of charts and the map are found by their number and name.
    const unused = [...names].filter(
      (name) =>
        !new RegExp(`--${name}(?![a-z0-9-])`).test(text.replace(tokens, '')) &&
        !new RegExp(`var\\(--${name}\\)`).test(tokens) &&
        !/^(chart-\d|map-[a-z]+)$/.test(name),
    )
    expect(unused).toEqual([])
  })
})

describe('what is there', () => {
  const byName = new Map(sources.map((source) => [source.name, source]))
  const reached = (from: string[]) => {
    const seen = new Set<string>()
    const next = [...from]
    for (let name = next.pop(); name !== undefined; name = next.pop()) {
      if (seen.has(name)) continue
      seen.add(name)
      next.push(...(byName.get(name)?.imports ?? []))
    }
    return seen
  }

  it('is used by the page, or is the gallery', () => {
    const used = reached(['main.ts', 'gallery/main.ts'])
    // What only tests use is told of in the test's own name.
    const apart = /^lib\/design\/contrast\.ts$|^screens\/stage\.ts$|\.d\.ts$/
    expect(
      sources.map(({ name }) => name).filter((name) => !used.has(name) && !apart.test(name)),
    ).toEqual([])
  })

  it('is in the gallery, where it is shared', () => {
    const shown = reached(['gallery/main.ts'])
    const shared = sources
      .map(({ name }) => name)
      .filter((name) => /^lib\/(components|charts)\/.*\.svelte$/.test(name))
    expect(shared.filter((name) => !shown.has(name))).toEqual([])
  })
})

function files(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(svelte|ts|css)$/.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const text = readFileSync(path, 'utf8')
      return { name: relative(folder, path), text, imports: imports(path, text) }
    })
}

/** The files of ours that one names, from the folder of all sources. */
function imports(path: string, text: string): string[] {
  const named = text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)
  return [...named].flatMap(([, name = '']) => {
    const target = relative(SOURCES, resolve(dirname(path), name))
    // `x.svelte` is a component, or a module that is compiled as one.
    return /\.(css|json)$/.test(target) ? [target] : [target, `${target}.ts`]
  })
}
