/**
 * Regular expressions: what the module of a policy that has any imports beside `licet/runtime`. They are RE2's, whose matching takes time
 * linear in the text, and they are large, so that no other module loads them. The subpath `licet/runtime/regexes`.
 */
import { re2 } from '../base/re2.ts'
import type { Regexes } from './builtins/matches.ts'

export const regexes: Regexes = (source) => {
  try {
    const compiled = re2().compile(source)
    return { search: (text) => compiled.matcher(text).find() }
  } catch {
    return undefined
  }
}
