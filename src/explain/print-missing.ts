import { assertNever } from '../base/assert-never.ts'
import type { MissingFact } from '../runtime/decision.ts'

/** Facts that a caller could go and get, as a policy would write them. */
export function printMissing(facts: readonly MissingFact[]): string {
  return facts.map(word).join(', ')
}

function word(fact: MissingFact): string {
  switch (fact.kind) {
    case 'scope':
      return `scope(${JSON.stringify(fact.scope)})`
    case 'acr':
      return `acr(${JSON.stringify(fact.acr)})`
    case 'auth-age':
      return `authAge() ${fact.strict ? '<' : '<='} ${duration(fact.atMost)}`
    case 'confirmed':
      return 'confirmed()'
    case 'approved':
      return `approvedBy(${fact.of}${fact.count === 1 ? '' : `, ${fact.count}`})`
    default:
      return assertNever(fact)
  }
}

/** Whether two sets of facts are the same, in whatever order. */
export function sameMissing(a: readonly MissingFact[], b: readonly MissingFact[]): boolean {
  const words = new Set(a.map(word))
  return words.size === new Set(b.map(word)).size && b.every((fact) => words.has(word(fact)))
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** In the largest unit that leaves nothing over. */
function duration(milliseconds: number): string {
  const unit = units.find(([, length]) => milliseconds % length === 0)
  return unit === undefined || milliseconds === 0 ? `${milliseconds}ms` : `${milliseconds / unit[1]}${unit[0]}`
}
