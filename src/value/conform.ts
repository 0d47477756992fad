import { assertNever } from '../base/assert-never.ts'
import type { Span } from '../base/source.ts'
import type { Type } from '../ir/type.ts'
import { evaluationError } from './evaluation-error.ts'
import { kindOf } from './kind.ts'
import type { EvaluationError, Value } from './value.ts'

/**
 * A value that is evaluated already, where this type is expected: the value, or an error where it is of another kind.
 * Parts of sets are taken as they are, since the checker has typed them; records are seen through the new type.
 */
export function conform(value: Value, type: Type, at?: Span): Value | EvaluationError {
  if (!matches(value, type)) return evaluationError('wrong-kind', 'a value of another kind than expected', at)
  // What it was read as tells how its parts are read.
  if (typeof value !== 'object' || value.kind !== 'record' || type.kind === 'dynamic') return value
  if (type.kind === 'json' && value.type.kind === 'dynamic') return value
  const seen = type.kind === 'union' ? type.of.find((alternative) => matches(value, alternative)) : type
  return seen === undefined ? value : { ...value, type: seen }
}

function matches(value: Value, type: Type): boolean {
  switch (type.kind) {
    case 'json':
    case 'dynamic':
      return true
    case 'literal':
      return value === type.value
    case 'string':
    case 'boolean':
    case 'number':
      return kindOf(value) === type.kind
    case 'int':
      return typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
    case 'entity':
      return typeof value === 'object' && value.kind === 'entity' && value.type === type.name
    case 'map':
      return kindOf(value) === 'record'
    case 'set':
    case 'record':
    case 'datetime':
    case 'duration':
    case 'ip':
    case 'cidr':
    case 'decimal':
    case 'ipaddr':
    case 'path':
    case 'url':
      return kindOf(value) === type.kind
    case 'union':
      return type.of.some((alternative) => matches(value, alternative))
    default:
      return assertNever(type)
  }
}
