import type { Span } from '../base/source.ts'
import { join } from '../value/arithmetic.ts'
import { entity, idProblem } from '../value/entity.ts'
import { evaluationError, isError } from '../value/evaluation-error.ts'
import type { Entity, EvaluationError, Value } from '../value/value.ts'
import { wrongKind } from './cases.ts'

/** A part of a template: text of the policy, or a value put in. */
export type Part = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'value'; readonly value: Value }

/**
 * The entity that a template names. No value is empty, `.`, `..`, or holds a character of the text between two values, so that
 * different values never make one key.
 */
export function construct(type: string, parts: readonly Part[], at: Span): Entity | EvaluationError {
  const first = parts.findIndex(({ kind }) => kind === 'value')
  const last = parts.findLastIndex(({ kind }) => kind === 'value')
  const separators = new Set<string>()
  for (const part of parts.slice(first, last)) {
    if (part.kind === 'text') for (const character of part.text) separators.add(character)
  }
  for (const part of parts) {
    if (part.kind === 'text') continue
    const text = textOf(part.value, at)
    if (isError(text)) return text
    const problem = keyProblem(text, separators)
    if (problem !== undefined) return evaluationError('bad-key', problem, at)
  }
  const id = interpolate(parts, at)
  if (isError(id)) return id
  const problem = idProblem(id)
  return problem === undefined ? entity(type, id) : evaluationError('bad-key', problem, at)
}

function keyProblem(text: string, separators: ReadonlySet<string>): string | undefined {
  if (text === '') return 'an empty text in the id of an entity'
  if (text === '.' || text === '..') return '`.` or `..` in the id of an entity'
  for (const character of text)
    if (separators.has(character)) return `a \`${character}\`, which separates the parts of this id`
  return undefined
}

export function interpolate(parts: readonly Part[], at: Span): string | EvaluationError {
  const texts: string[] = []
  for (const part of parts) {
    const text = part.kind === 'text' ? part.text : textOf(part.value, at)
    if (isError(text)) return text
    texts.push(text)
  }
  return join(texts)
}

/** Only what has one spelling as text. */
function textOf(value: Value, at: Span): string | EvaluationError {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value)
  return wrongKind('text or an integer', at)
}
