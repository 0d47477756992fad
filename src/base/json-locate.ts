import { JsonRefusal, skipSpace, stringEnd, unquote } from './json-scan.ts'

/** Half-open range of UTF-16 offsets. */
export interface Range {
  readonly start: number
  readonly end: number
}

/**
 * Where in a JSON text the value at a path stands, for diagnostics; found on demand, in time linear in the text.
 *
 * @param text a text that `parseJson` has accepted
 * @param path keys and indices from the outside in; empty for the whole value
 * @returns undefined where the path leads nowhere
 */
export function locate(text: string, path: readonly (string | number)[]): Range | undefined {
  return find(text, path)?.value
}

/** Where the key of the last step stands, with its quotes; undefined for an array item. */
export function locateKey(text: string, path: readonly (string | number)[]): Range | undefined {
  return find(text, path)?.key
}

interface Found {
  readonly key: Range | undefined
  readonly value: Range
}

function find(text: string, path: readonly (string | number)[]): Found | undefined {
  try {
    let at = skipSpace(text, 0)
    let key: Range | undefined
    for (const step of path) {
      const member = typeof step === 'string' ? findMember(text, at, step) : findItem(text, at, step)
      if (member === undefined) return undefined
      at = member.start
      key = member.key
    }
    return { key, value: { start: at, end: valueEnd(text, at) } }
  } catch (error) {
    if (error instanceof JsonRefusal) return undefined
    throw error
  }
}

function findMember(text: string, object: number, wanted: string): { start: number; key: Range } | undefined {
  if (text[object] !== '{') return undefined
  let at = skipSpace(text, object + 1)
  while (text[at] === '"') {
    const end = stringEnd(text, at)
    const start = skipSpace(text, skipSpace(text, end) + 1)
    if (unquote(text, at, end) === wanted) return { start, key: { start: at, end } }
    at = afterComma(text, valueEnd(text, start))
  }
  return undefined
}

function findItem(text: string, array: number, index: number): { start: number; key: undefined } | undefined {
  if (text[array] !== '[') return undefined
  let at = skipSpace(text, array + 1)
  for (let i = 0; at < text.length && text[at] !== ']'; i++) {
    if (i === index) return { start: at, key: undefined }
    at = afterComma(text, valueEnd(text, at))
  }
  return undefined
}

function afterComma(text: string, end: number): number {
  const at = skipSpace(text, end)
  return text[at] === ',' ? skipSpace(text, at + 1) : at
}

const scalar = /[^\s,\]}]+/y

function valueEnd(text: string, start: number): number {
  let depth = 0
  for (let at = start; ; ) {
    const first = text[at]
    if (first === undefined) return text.length
    if (first === '"') at = stringEnd(text, at)
    else if (first === '{' || first === '[') {
      depth++
      at++
    } else if (first === '}' || first === ']') {
      depth--
      at++
    } else {
      scalar.lastIndex = at
      at = depth === 0 && scalar.test(text) ? scalar.lastIndex : at + 1
    }
    if (depth <= 0) return at
  }
}
