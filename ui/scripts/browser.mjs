import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** The Chromium of this machine: of $CHROMIUM, or the first on the path. Nothing is downloaded. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
}

/** Starts a Chromium without a window and opens one page in it, spoken to over a pipe. */
export async function openPage(chromium) {
  const profile = await mkdtemp(join(tmpdir(), 'signalbox-browser-'))
  const root = process.getuid?.() === 0
  const child = spawn(
    chromium,
    [
      '--headless=new',
      '--remote-debugging-pipe',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      `--user-data-dir=${profile}`,
      ...(root ? ['--no-sandbox'] : []),
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  const [, , , input, output] = child.stdio
  const waiting = new Map()
  let next = 1
  let rest = ''
  let onevent = () => {}
  output.setEncoding('utf8')
  output.on('data', (chunk) => {
    const messages = (rest + chunk).split('\0')
    rest = messages.pop() ?? ''
    for (const text of messages) {
      const message = JSON.parse(text)
      const answer = waiting.get(message.id)
      if (!answer) onevent(message)
      waiting.delete(message.id)
      if (message.error) answer?.reject(new Error(message.error.message))
      else answer?.resolve(message.result)
    }
  })
  const call = (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      const id = next++
      waiting.set(id, { resolve, reject })
      input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true })
  const send = (method, params) => call(method, params, sessionId)
  const errors = []
  onevent = (message) => {
    if (message.method === 'Runtime.exceptionThrown')
      errors.push(message.params.exceptionDetails.exception?.description ?? 'unknown')
  }
  await send('Page.enable')
  await send('Runtime.enable')

  return {
    /** What the page threw and did not catch. */
    errors,
    send,
    async evaluate(expression) {
      const { result, exceptionDetails } = await send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      })
      if (exceptionDetails)
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
      return result.value
    },
    async size(width, height) {
      await send('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: false,
      })
    },
    async go(url) {
      await send('Page.navigate', { url })
    },
    /** Waits until an expression of the page is true. */
    async until(expression, ms = 60_000) {
      const end = Date.now() + ms
      while (Date.now() < end) {
        if (await this.evaluate(`Boolean(${expression})`).catch(() => false)) return
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error(`The page did not come to: ${expression}`)
    },
    async picture() {
      const { data } = await send('Page.captureScreenshot', { format: 'png' })
      return Buffer.from(data, 'base64')
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await call('Browser.close').catch(() => child.kill())
      await ended
      await rm(profile, { recursive: true, force: true })
    },
  }
}
