import { visibleText } from '../../base/visible.ts'
import type { Decision } from '../../index.ts'
import { printMissing } from '../../index.ts'
import { paint } from './io.ts'

/** A decision for a person who may know everything about it, as whoever has the policy may. */
export function decisionText(decision: Decision, color: boolean): string {
  const { allowed, reason, rules, errors, missing, limits, labels } = decision
  const lines = [
    ...rules.map(({ id, doc }) => `  by ${id}${doc === undefined ? '' : `: ${doc.replaceAll('\n', ' ')}`}`),
    ...new Set(errors.map(({ message }) => `  error: ${message}`)),
    ...missing.sets.map((set, i) => `  ${i === 0 ? 'missing' : 'or'}: ${printMissing(set)}`),
    ...limits.map(({ rule, count, per }) => `  limit: ${count} per ${per / 1000} s (${rule})`),
    ...labels.map((label) => `  labels the session as ${label}`),
  ]
  const verdict = `${allowed ? paint('allowed', 'green', color) : paint('denied', 'red', color)}: ${reason}`
  return [verdict, ...lines.map(visibleText), ''].join('\n')
}
