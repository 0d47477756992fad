import { evaluationError } from '../../value/evaluation-error.ts'
import type { BuiltinFunction } from './builtin.ts'
import { textMethod } from './builtin.ts'

/** A regular expression that has been compiled. */
interface Regex {
  /** Whether it matches anywhere in the text. */
  search(text: string): boolean
}

/** Compiles the source of a regular expression; undefined where it is none of RE2. */
export type Regexes = (source: string) => Regex | undefined

/** Patterns are literals of the policy, so that this is out of reach; it only keeps a hand-made program from growing it. */
const maxCompiled = 1000

/** `matches(/…/)`: searches a text for a regular expression of RE2 syntax, in time linear in the text. */
export function createMatches(regexes: Regexes): BuiltinFunction {
  const compiled = new Map<string, Regex | undefined>()
  return textMethod((text, pattern) => {
    if (!compiled.has(pattern)) {
      if (compiled.size >= maxCompiled) compiled.clear()
      compiled.set(pattern, regexes(pattern))
    }
    const regex = compiled.get(pattern)
    return regex === undefined ? evaluationError('bad-value', 'no regular expression of RE2') : regex.search(text)
  })
}
