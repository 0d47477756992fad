import { type RE2JS, re2 } from '../../base/re2.ts'
import { evaluationError } from '../../value/evaluation-error.ts'
import type { BuiltinFunction } from './builtin.ts'
import { textMethod } from './builtin.ts'

/** Patterns are literals of the policy, so that this is out of reach; it only keeps a hand-made program from growing it. */
const maxCompiled = 1000

/** `matches(/…/)`: searches a text for a regular expression of RE2 syntax, in time linear in the text. */
export function createMatches(): BuiltinFunction {
  const compiled = new Map<string, RE2JS | undefined>()
  return textMethod((text, pattern) => {
    if (!compiled.has(pattern)) {
      if (compiled.size >= maxCompiled) compiled.clear()
      compiled.set(pattern, compile(pattern))
    }
    const regex = compiled.get(pattern)
    return regex === undefined
      ? evaluationError('bad-value', 'no regular expression of RE2')
      : regex.matcher(text).find()
  })
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return re2().compile(pattern)
  } catch {
    return undefined
  }
}
