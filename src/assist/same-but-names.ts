/**
 * Whether two values are the same where one name has become another: as a text, or as a word in one. Where things stand is left out.
 */
export function sameButNames(before: unknown, after: unknown, from: string, to: string): boolean {
  const word = new RegExp(`\\b${from}\\b`, 'g')
  const open: (readonly [unknown, unknown])[] = [[before, after]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [a, b] = next
    if (a === b) continue
    if (typeof a === 'string' && typeof b === 'string') {
      if (a.replace(word, to) === b) continue
      return false
    }
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
    const [left, right] = [entriesOf(a), entriesOf(b)]
    if (left.length !== right.length) return false
    left.forEach(([key, value], i) => {
      const [other, same] = right[i] ?? []
      open.push([key, other], [value, same])
    })
  }
  return true
}

function entriesOf(value: object): readonly (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value]
  return Object.entries(value).filter(([key]) => key !== 'at')
}
