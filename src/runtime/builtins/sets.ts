import { contains, containsAll, containsAny } from '../../value/equal.ts'
import type { BuiltinFunction } from './builtin.ts'
import { isSet } from './builtin.ts'

/** The methods of sets, where a gap is an error unless the known members decide. */
export const sets: readonly (readonly [string, BuiltinFunction])[] = [
  ['isEmpty', ([set]) => (isSet(set) ? set.members.length === 0 && (set.gap ?? true) : undefined)],
  ['containsAll', ([set, other]) => (isSet(set) && isSet(other) ? containsAll(set, other) : undefined)],
  ['containsAny', ([set, other]) => (isSet(set) && isSet(other) ? containsAny(set, other) : undefined)],
]

/** Of a part of a text, or of an element of a set. */
export const includes: BuiltinFunction = ([of, part]) => {
  if (typeof of === 'string') return typeof part === 'string' ? of.includes(part) : undefined
  return isSet(of) && part !== undefined ? contains(of, part) : undefined
}
