/**
 * Copies a text that is still being made. WebKit takes a copy only in the very turn of the click, and so is given the
 * promise and not the text. Throws what the making threw, or that the copy was not allowed.
 */
export async function copy(text: Promise<string>): Promise<void> {
  const blob = text.then((made) => new Blob([made], { type: 'text/plain' }))
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })])
  } catch (thrown) {
    await text
    throw thrown
  }
}
