// Runs one of the documents' JavaScript examples: `node example.mjs hydra`. Only the address, the token and the placeholder of
// the subject are replaced; one that is not found is an error, so that the example stays the document's.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { WebSocket } from 'ws'

const { ADDRESS, TOKEN, SUBJECT } = process.env
const REPLACED = {
  hyprwatch: [['wss://hyprwatch.cloud/api/socket', ADDRESS.replace(/\/websocket$/, '')], ['hw_live_xxx', TOKEN]],
  hydra: [['wss://api.hydra.app/stream', ADDRESS], ['eyJhbGci...', TOKEN]],
  hantera: [['wss://core.your-tenant.hantera.cloud/ws', ADDRESS], ['your-access-token', TOKEN]],
  agenthq: [['ws://localhost:3000/ws', ADDRESS], ['ahq_your_api_key', TOKEN], ['CHANNEL_ID', SUBJECT]],
  iotee: [['wss://your-api-host/realtime', ADDRESS], ['YOUR_API_KEY', TOKEN]],
}

const name = process.argv[2]
let code = readFileSync(new URL(`seeds/${name}.js`, import.meta.url), 'utf8')
for (const [placeholder, value] of REPLACED[name]) {
  if (!code.includes(placeholder)) throw new Error(`the example ${name} has no ${placeholder}`)
  code = code.replace(placeholder, () => value)
}

// What the examples take for granted: a browser's WebSocket, and the organisation's id.
globalThis.WebSocket = WebSocket
globalThis.orgId = SUBJECT

// A module resolves packages from where it lies. The token is in its text, so it is removed as soon as it is loaded.
const folder = new URL('node_modules/.cache/judges/', import.meta.url)
mkdirSync(folder, { recursive: true })
const file = new URL(`${name}-${process.pid}.mjs`, folder)
writeFileSync(file, code, { mode: 0o600 })
try {
  await import(file)
} finally {
  rmSync(file)
}
