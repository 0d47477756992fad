import { evaluationError } from './evaluation-error.ts'
import { maxIdBytes } from './limits.ts'
import { hasLoneSurrogate, utf8Length } from './text.ts'
import type { Entity, EvaluationError } from './value.ts'

/** The actor of a request without authentication; a type of its own, which no name spells. */
export const anonymous: Entity = Object.freeze({ kind: 'entity', type: '', id: '', key: '' })

/** Of a type that is declared and an id that has been checked. */
export function entity(type: string, id: string): Entity {
  return { kind: 'entity', type, id, key: `${type}:${id}` }
}

/**
 * The entity that a name from outside denotes: `Type:id`, split at the first colon, or its parts. The type is an
 * identifier; the id is 1 byte to 1 KiB of UTF-8, any well-formed Unicode, never normalised: `User:*` is no wildcard.
 */
export function parseEntityName(
  name: string | { readonly type: string; readonly id: string },
): Entity | EvaluationError {
  if (typeof name === 'string') {
    const colon = name.indexOf(':')
    if (colon === -1) return evaluationError('bad-value', 'an entity is written `Type:id`')
    return check({ kind: 'entity', type: name.slice(0, colon), id: name.slice(colon + 1), key: name })
  }
  try {
    const { type, id }: { readonly type: unknown; readonly id: unknown } = name
    if (typeof type !== 'string' || typeof id !== 'string') {
      return evaluationError('bad-value', 'an entity has a `type` and an `id`, both text')
    }
    return check(entity(type, id))
  } catch {
    return evaluationError('bad-value', 'an entity that cannot be read')
  }
}

function check(parsed: Entity): Entity | EvaluationError {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(parsed.type)) {
    return evaluationError('bad-value', 'the type of an entity is an identifier')
  }
  const problem = idProblem(parsed.id)
  return problem === undefined ? parsed : evaluationError('bad-value', problem)
}

/** What is wrong with an entity id, or undefined. */
export function idProblem(id: string): string | undefined {
  if (id === '') return 'an entity id is not empty'
  // No unit is more than three bytes, so that short ids need no counting.
  if (id.length > maxIdBytes || (id.length * 3 > maxIdBytes && utf8Length(id) > maxIdBytes)) {
    return `an entity id is at most ${maxIdBytes} bytes long`
  }
  return hasLoneSurrogate(id) ? 'an entity id is well-formed Unicode' : undefined
}
