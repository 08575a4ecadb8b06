/*
 * Looks over every screen of the pretended fleet with axe-core in the Chromium of this machine, in every palette:
 * `npm run accessibility [-- --pictures <folder>]`. Ends with 1 where axe finds something, 2 where no browser is found.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, preview } from 'vite'
import { findChromium, openPage } from './browser.mjs'
import { PALETTES, RULES, SCREENS } from './screens.mjs'

const at = process.argv.indexOf('--pictures')
const pictures = at < 0 ? null : process.argv[at + 1]
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : ''

const chromium = findChromium()
if (!chromium) {
  console.error('No Chromium was found on the path. Name one with CHROMIUM=/path/to/it.')
  process.exit(2)
}
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
// A build of its own: what is edited meanwhile does not get in between.
const outDir = await mkdtemp(join(tmpdir(), 'signalbox-page-'))
await build({ mode: 'mock', logLevel: 'error', build: { outDir, emptyOutDir: true } })
const server = await preview({
  mode: 'mock',
  logLevel: 'error',
  build: { outDir },
  preview: { port: 0, strictPort: false, host: '127.0.0.1' },
})
const { port } = server.httpServer.address()
const page = await openPage(chromium)
if (pictures) await mkdir(pictures, { recursive: true })

const VIEWS = [
  { name: 'Low batteries', screen: 'devices', look: { filter: 'battery_voltage<11.5' } },
  {
    name: 'Night shift: what still fires',
    screen: 'alerts',
    look: { choices: { states: ['firing'] } },
  },
]
let found = 0
try {
  for (const palette of PALETTES) {
    await page.size(palette.width ?? 1280, 800)
    await page.send('Emulation.setEmulatedMedia', {
      features: [
        { name: 'prefers-color-scheme', value: palette.scheme },
        { name: 'prefers-contrast', value: palette.contrast },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ],
    })
    for (const screen of SCREENS) {
      const name = `${screen.name}-${palette.name}`
      if (!name.includes(only)) continue
      found += await check(screen, palette, name)
    }
  }
  for (const error of page.errors) console.error(`The page threw: ${error}`)
  found += page.errors.length
} finally {
  await page.close()
  await server.close()
  await rm(outDir, { recursive: true, force: true })
}
console.log(found === 0 ? 'Nothing found.' : `${found} found.`)
process.exit(found === 0 ? 0 : 1)

async function check(screen, palette, name) {
  const query = screen.mood ? `?state=${screen.mood}` : ''
  const kept = JSON.stringify(JSON.stringify({ ...palette.kept, views: VIEWS }))
  const { identifier } = await page.send('Page.addScriptToEvaluateOnNewDocument', {
    source: `if (location.protocol === 'http:') localStorage.setItem('signalbox.look', ${kept})`,
  })
  await page.go('about:blank')
  await page.until('location.href === "about:blank"')
  await page.go(`http://127.0.0.1:${port}/${screen.page ?? ''}${query}${screen.hash ?? ''}`)
  await page.until(`document.querySelector(${JSON.stringify(screen.wait)})`)
  await page.send('Page.removeScriptToEvaluateOnNewDocument', { identifier })
  for (const step of screen.steps ?? []) {
    await page.evaluate(step.run)
    await page.until(`document.querySelector(${JSON.stringify(step.wait)})`)
  }
  await new Promise((resolve) => setTimeout(resolve, 700))
  const moving = await page.evaluate(
    'document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 1).length',
  )
  if (moving) console.log(`${name}: ${moving} animations though less motion is asked for`)
  if (pictures) await writeFile(join(pictures, `${name}.png`), await page.picture())
  await page.evaluate(axe)
  const { violations } = await page.evaluate(
    `axe.run(document, ${JSON.stringify({ runOnly: RULES, resultTypes: ['violations'] })})`,
  )
  for (const { id, impact, help, nodes } of violations) {
    console.log(`${name}: ${id} (${impact}): ${help}`)
    for (const node of nodes.slice(0, 4)) {
      console.log(`    ${node.html.slice(0, 160)}`)
      console.log(
        `    ${node.failureSummary.split('\n').slice(1, 3).join(' ').trim().slice(0, 200)}`,
      )
    }
    if (nodes.length > 4) console.log(`    and ${nodes.length - 4} more`)
  }
  return violations.length + (moving ? 1 : 0)
}
