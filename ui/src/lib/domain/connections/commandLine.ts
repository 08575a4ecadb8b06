/** A command as it is typed: words divided by blanks; what stands in quotes is one word. */
export function splitCommand(line: string): string[] {
  const words: string[] = []
  let word = ''
  let begun = false
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const letter = line.charAt(i)
    if (letter === '\\' && quote !== "'" && i + 1 < line.length) {
      word += line.charAt(++i)
      begun = true
    } else if (quote) {
      if (letter === quote) quote = ''
      else word += letter
    } else if (letter === '"' || letter === "'") {
      quote = letter
      begun = true
    } else if (/\s/.test(letter)) {
      if (begun) words.push(word)
      word = ''
      begun = false
    } else {
      word += letter
      begun = true
    }
  }
  return begun ? [...words, word] : words
}

/** The words of a command as one line that `splitCommand` reads again. */
export function joinCommand(words: readonly string[]): string {
  return words
    .map((word) =>
      /^[^\s"'\\]+$/.test(word) ? word : `"${word.replace(/["\\]/g, (letter) => `\\${letter}`)}"`,
    )
    .join(' ')
}
