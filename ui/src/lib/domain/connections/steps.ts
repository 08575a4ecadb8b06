import type { Protocol, TestState, TestStep } from '../../backend/types'
import { PROTOCOLS } from './services'

/** The steps of a test, in their order, as a person calls them. */
export const STEPS: readonly { step: TestStep['step']; label: string }[] = [
  { step: 'credential', label: 'Read the credential' },
  { step: 'resolve', label: 'Find the host' },
  { step: 'connect', label: 'Connect' },
  { step: 'encrypt', label: 'Encrypt' },
  { step: 'open', label: 'Open the stream' },
  { step: 'signIn', label: 'Sign in' },
  { step: 'subscribe', label: 'Subscribe' },
  { step: 'look', label: 'See the first events' },
]

/** What to do about a test that failed at a step. */
export function advice(step: TestStep['step'], protocol: Protocol): string {
  const service = PROTOCOLS[protocol]
  switch (step) {
    case 'credential':
      return 'Enter it again, or choose another place for it to be kept.'
    case 'resolve':
      return 'Look for a typing error in the address. A host inside a company is often found only over its VPN.'
    case 'connect':
      return 'Check host and port. A firewall, a proxy or a missing VPN looks the same from here.'
    case 'encrypt':
      return 'Where the service has its own authority, name its file under More.'
    case 'open':
      return `Check the path of the address: ${service.name} is usually found at one like ${service.url}.`
    case 'signIn':
      return `Check the ${service.theSecret}: it may be another service’s, cut short, or have ended.`
    case 'subscribe':
      return `Check what is subscribed to: ${service.subscribe.toLowerCase()}, such as ${service.subscribeHint}.`
    case 'look':
      return 'It was live and did not stay so. Test again; if it repeats, the service ends it.'
  }
}

/** What is known of a test. */
interface Tried {
  state: TestState | null
  error: { message: string } | null
  running: boolean
  cancelled: boolean
}

/** Why a test failed, and at which step; null where none did. */
export function failureWords({ state, error }: Tried): string | null {
  if (error) return `The test could not be made: ${error.message}`
  if (!state?.end || state.end.live) return null
  const at = state.steps.find((step) => step.state === 'failed')?.step
  const label = STEPS.find(({ step }) => step === at)?.label
  return label
    ? `The test failed at “${label}”: ${state.end.sentence}`
    : `The test failed: ${state.end.sentence}`
}

/** How far a draft is tested of which no test was good, in short. */
export function trialWords(tried: Tried): string {
  if (tried.running) return 'Being tested…'
  const failed = failureWords(tried)
  if (failed !== null) return failed
  return tried.cancelled ? 'The test was cancelled' : 'Not tested yet'
}
