import { describe, expect, it } from 'vitest'
import { BackendError } from './backend'
import { ERROR_TEXTS, errorText } from './errors'

describe('errorText', () => {
  it('has a title for every code', () => {
    for (const [code, { title }] of Object.entries(ERROR_TEXTS)) {
      expect(title, code).not.toBe('')
      expect(errorText({ code }).title).toBe(title)
    }
  })
  it('has words for a code it does not know, and for one that is a name of Object’s', () => {
    expect(errorText({ code: 'newer' })).toBe(ERROR_TEXTS.internal)
    expect(errorText({ code: 'constructor' })).toBe(ERROR_TEXTS.internal)
  })
})

describe('BackendError.from', () => {
  it('keeps what a command answered', () => {
    const error = BackendError.from({ code: 'keychain', message: 'The keychain is locked.' })
    expect([error.code, error.message]).toEqual(['keychain', 'The keychain is locked.'])
  })
  it('makes one of anything else', () => {
    expect(BackendError.from(new Error('x')).code).toBe('internal')
    expect(BackendError.from('plain').message).toBe('plain')
  })
})
