/** Lines are broken where they would be longer than this and the text has a place for it. */
const width = 100

/** Every line of a text moved to the right. */
export function indented(text: string, by = '  '): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : by + line))
    .join('\n')
}

export function fits(text: string, indent: number): boolean {
  return indent + text.length <= width
}

/** `head [a, b, …]`, an item a line where that is too long. */
export function bracketed(head: string, items: readonly string[], indent: number): string {
  const oneLine = `${head}[${items.join(', ')}]`
  if (items.length < 2 || fits(oneLine, indent)) return oneLine
  return `${head}[\n${indented(items.join(',\n'))}\n]`
}

/** `head a, b, …`, continued under `a` on further lines where one is too short. */
export function filled(head: string, items: readonly string[], indent: number): string {
  const hanging = ' '.repeat(head.length + 1)
  const lines: string[] = []
  let line = head
  for (const [i, item] of items.entries()) {
    const piece = i < items.length - 1 ? `${item},` : item
    if (i > 0 && !fits(`${line} ${piece}`, indent)) {
      lines.push(line)
      line = hanging + piece
    } else line = `${line} ${piece}`
  }
  return [...lines, line].join('\n')
}
