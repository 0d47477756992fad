import { setSize } from '../../value/set-size.ts'
import type { BuiltinFunction } from './builtin.ts'
import { isSet } from './builtin.ts'

/** Code points of a text, distinct members of a set. */
export const length: BuiltinFunction = ([of]) => {
  if (typeof of === 'string') return codePoints(of)
  return isSet(of) ? setSize(of) : undefined
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
