import type { MissingFact } from '../runtime/decision.ts'

/** To have the first is to have the second, too: a scope that includes it, a younger authentication. */
export function gives(
  first: MissingFact,
  second: MissingFact,
  satisfying: (scope: string) => readonly string[],
): boolean {
  if (first.kind === 'scope' && second.kind === 'scope') return satisfying(second.scope).includes(first.scope)
  if (first.kind !== 'auth-age' || second.kind !== 'auth-age') return false
  return first.atMost < second.atMost || (first.atMost === second.atMost && first.strict && !second.strict)
}
