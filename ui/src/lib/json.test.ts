import { describe, expect, it } from 'vitest'
import { prettyJson } from './json'

describe('JSON laid out', () => {
  it.each([
    '{}',
    '[ ]',
    'null',
    '{"a":1,"b":[true,null,{"c":"d"}],"e":{},"f":[]}',
    ' { "a" : [ 1 , 2 ] , "b" : { } } ',
    String.raw`{"quote\"d":"{not, [an] : object}","back\\":"\\"}`,
    '[[],[[]],{"a":{"b":{}}}]',
  ])('is as it would be written: %s', (text) => {
    expect(prettyJson(text)).toBe(JSON.stringify(JSON.parse(text), null, 2))
  })

  it('keeps each number as the service wrote it', () => {
    const text = '{"id":9007199254740993,"volts":12.50,"small":1e-7}'
    expect(prettyJson(text)).toBe(
      '{\n  "id": 9007199254740993,\n  "volts": 12.50,\n  "small": 1e-7\n}',
    )
  })

  it('leaves what is no JSON as it is', () => {
    expect(prettyJson('{"cut":"of')).toBe('{"cut":"of')
  })
})
