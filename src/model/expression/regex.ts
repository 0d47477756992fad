import { re2 } from '../../base/re2.ts'

const longest = 1024

/** Why a regular expression is refused: too long, or not of RE2's syntax, which has neither look-around nor back-references. */
export function regexProblem(source: string): { readonly message: string; readonly help?: string } | undefined {
  if (new TextEncoder().encode(source).length > longest)
    return { message: `a regular expression may have ${longest} bytes` }
  try {
    re2().compile(source)
    return undefined
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.replace(/^error parsing regexp: /, '') : 'it does not parse'
    const lookaround = /\(\?<?[=!]/.test(source) || /\\[1-9]/.test(source)
    return {
      message: `this is no regular expression of RE2: ${reason}`,
      ...(lookaround
        ? { help: 'RE2 has no look-around and no back-references, so that every match takes linear time' }
        : {}),
    }
  }
}
