/**
 * JSON laid out in lines, or the text as it is where it is none. Only the white space differs: read and written anew, a
 * number of more than 53 bits would come out as another, and what is called raw would not be.
 */
export function prettyJson(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    return text
  }
  let depth = 0
  const line = (by: number) => `\n${'  '.repeat((depth += by))}`
  return text.replace(PARTS, (part) => {
    if (part === '{' || part === '[') return part + line(1)
    if (part === '}' || part === ']') return line(-1) + part
    if (part === ',') return part + line(0)
    if (part === ':') return ': '
    // An empty object or list stays one; white space between the parts goes.
    return part.startsWith('"') ? part : part.replace(/\s+/g, '')
  })
}

/** Strings first, so that what stands within them is left alone. */
const PARTS = /"(?:[^"\\]|\\.)*"|\{\s*\}|\[\s*\]|[{}[\],:]|\s+/g
