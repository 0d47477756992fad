import type { ClaimsAdapter } from './adapter.ts'
import { problem } from './adapter.ts'
import type { Reading } from './principal.ts'

/**
 * Reads the answer of a token introspection endpoint (RFC 7662, section 2.2) as the claims of its issuer's tokens; the answer may
 * leave out who issued them.
 */
export function introspection(adapter: ClaimsAdapter): ClaimsAdapter {
  const { issuer, agents } = adapter
  const read = (answer: unknown): Reading => {
    if (typeof answer !== 'object' || answer === null) return problem('malformed', 'claims are an object')
    if (!Object.hasOwn(answer, 'active') || (answer as { active: unknown }).active !== true) {
      return problem('inactive', 'the token is not, or no longer, one')
    }
    return adapter({ iss: issuer, ...answer })
  }
  return Object.assign(read, { issuer, agents })
}
