import type { Protocol } from '../../backend/types'
import { PROTOCOLS } from './services'

/** What can be said of an address while it is typed. */
export interface AddressWords {
  /** Why it can't be used. */
  problem?: string
  /** What it is. */
  hint?: string
}

/** Parameters in which the services take the credential. */
const SECRETS = ['token', 'api_key', 'apikey', 'key', 'access_token']

export function addressWords(
  protocol: Protocol,
  typed: string,
  allowPlaintext: boolean,
): AddressWords {
  const text = typed.trim()
  if (text === '') return { problem: `Enter the address, such as ${PROTOCOLS[protocol].url}.` }
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return { problem: 'That is not an address. It begins with wss://.' }
  }
  if (url.protocol !== 'wss:' && url.protocol !== 'ws:')
    return { problem: 'The address begins with wss://.' }
  if (url.username || url.password)
    return { problem: 'The address must not hold a password. Enter it below.' }
  const secret = SECRETS.find((name) => url.searchParams.has(name))
  if (secret) return { problem: `Take ${secret}=… out of the address and enter it below.` }
  if (url.protocol === 'ws:' && !isLoopback(url.hostname)) {
    return allowPlaintext
      ? { hint: `Not encrypted: the credential can be read on the way to ${url.hostname}.` }
      : { problem: 'ws:// sends the credential unencrypted. Use wss://, or allow it under More.' }
  }
  const port = url.port || (url.protocol === 'wss:' ? '443' : '80')
  const way = url.protocol === 'wss:' ? 'Encrypted' : 'On this computer'
  return { hint: `${way}: ${url.hostname}, port ${port}.` }
}

export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(\.\d+){3}$/.test(host)
  )
}

/** An address as it was pasted, mended where that is plain, and the credential that it held. */
export interface Pasted {
  url: string
  secret: string | null
}

/** Takes the credential out of an address, and gives a page's address the scheme of a stream. */
export function takeAddress(text: string): Pasted {
  const scheme = text
    .trim()
    .replace(/^http(s?):\/\//i, 'ws$1://')
    .replace(/^\/\//, 'wss://')
  let url: URL
  try {
    url = new URL(scheme)
  } catch {
    return { url: scheme, secret: null }
  }
  let secret: string | null = null
  for (const name of SECRETS) {
    const found = url.searchParams.get(name)
    if (found === null) continue
    secret ??= found
    url.searchParams.delete(name)
  }
  // An address that held none stays as it was typed.
  return secret === null ? { url: scheme, secret } : { url: url.toString(), secret }
}

/** Which service an address is of, where its host or path tells. */
export function guessService(text: string): Protocol | null {
  let url: URL
  try {
    url = new URL(text.trim())
  } catch {
    return null
  }
  const host = url.hostname.toLowerCase()
  for (const name of ['hyprwatch', 'hantera', 'agenthq', 'hydra', 'iotee'] as const)
    if (host.includes(name)) return name
  if (url.pathname.endsWith('/realtime') || url.searchParams.has('api_key')) return 'iotee'
  if (/\/socket(\/websocket)?$/.test(url.pathname)) return 'hyprwatch'
  if (url.pathname.endsWith('/stream')) return 'hydra'
  if (url.searchParams.get('token')?.startsWith('ahq_')) return 'agenthq'
  return null
}
