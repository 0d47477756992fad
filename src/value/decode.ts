import { assertNever } from '../base/assert-never.ts'
import type { Span } from '../base/source.ts'
import type { Type } from '../ir/type.ts'
import { decodeAnyEntity, decodeScalar } from './decode-scalar.ts'
import { tagged } from './dynamic.ts'
import { evaluationError, firstError, isError } from './evaluation-error.ts'
import { type Budget, maxDepth, maxNodes, newBudget, spend } from './limits.ts'
import { isPlainObject } from './plain-object.ts'
import { setOf } from './set.ts'
import { type Absent, absent, type EvaluationError, type RecordValue, type SetValue, type Value } from './value.ts'

/**
 * The typed read of a value from outside: null and undefined are absent, a value of the wrong kind is an error and never
 * converted. Records are read field by field, later; sets at once, an element that cannot be read leaving a gap. Takes
 * what JSON holds, and bigints, Dates, Sets and Maps. Never throws, whatever a getter or a proxy does.
 */
export function decode(raw: unknown, type: Type, at?: Span): Value | Absent | EvaluationError {
  try {
    return decodeWithin(raw, type, { nodes: newBudget(), at }, 0)
  } catch {
    return evaluationError('bad-value', 'a value that cannot be read', at)
  }
}

interface Reading {
  readonly nodes: Budget
  readonly at: Span | undefined
}

function decodeWithin(raw: unknown, type: Type, reading: Reading, depth: number): Value | Absent | EvaluationError {
  if (raw === null || raw === undefined) return absent
  if (!spend(reading.nodes, depth)) {
    return evaluationError('budget', `a value with more than ${maxNodes} elements or ${maxDepth} levels`, reading.at)
  }
  switch (type.kind) {
    case 'json':
      return decodeJson(raw, reading, depth)
    case 'dynamic':
      return decodeDynamic(raw, reading, depth)
    case 'set':
      return decodeSet(raw, type.of, reading, depth)
    case 'record':
    case 'map':
      return decodeRecord(raw, type) ?? evaluationError('wrong-kind', 'expected an object', reading.at)
    case 'union':
      return decodeUnion(raw, type.of, reading, depth)
    case 'string':
    case 'literal':
    case 'boolean':
    case 'int':
    case 'number':
    case 'datetime':
    case 'duration':
    case 'ip':
    case 'cidr':
    case 'decimal':
    case 'ipaddr':
    case 'path':
    case 'url':
    case 'entity':
      return decodeScalar(raw, type, reading.at)
    default:
      return assertNever(type)
  }
}

/** Anything JSON can hold; numbers are finite doubles, bigints 64-bit integers. */
function decodeJson(raw: unknown, reading: Reading, depth: number): Value | Absent | EvaluationError {
  switch (typeof raw) {
    case 'string':
    case 'boolean':
    case 'number':
      return decodeScalar(raw, { kind: typeof raw as 'string' | 'boolean' | 'number' }, reading.at)
    case 'bigint':
      return decodeScalar(raw, { kind: 'int' }, reading.at)
  }
  if (Array.isArray(raw)) return decodeSet(raw, { kind: 'json' }, reading, depth)
  return decodeRecord(raw, { kind: 'json' }) ?? evaluationError('wrong-kind', 'expected a JSON value', reading.at)
}

/** Anything JSON can hold, with what its objects are marked to be; a number without a fraction is a 64-bit integer. */
function decodeDynamic(raw: unknown, reading: Reading, depth: number): Value | Absent | EvaluationError {
  if (typeof raw === 'number' && Number.isInteger(raw)) return decodeScalar(raw, { kind: 'int' }, reading.at)
  if (Array.isArray(raw) || raw instanceof Set) return decodeSet(raw, { kind: 'dynamic' }, reading, depth)
  if (raw instanceof Date) return decodeScalar(raw, { kind: 'datetime' }, reading.at)
  const marked = tagged(raw)
  if (marked?.kind === 'entity') return decodeAnyEntity(marked.text, reading.at)
  if (marked !== undefined) return decodeScalar(marked.text, { kind: marked.kind }, reading.at)
  return decodeRecord(raw, { kind: 'dynamic' }) ?? decodeJson(raw, reading, depth)
}

function decodeSet(raw: unknown, of: Type, reading: Reading, depth: number): SetValue | EvaluationError {
  const elements: unknown = raw instanceof Set ? [...raw] : raw
  if (!Array.isArray(elements)) return evaluationError('wrong-kind', 'expected a list', reading.at)
  // Before any element is visited: a sparse array claims any length at no cost.
  if (elements.length > maxNodes) {
    return evaluationError('budget', `a list with more than ${maxNodes} elements`, reading.at)
  }
  const members: Value[] = []
  let gap: EvaluationError | undefined
  for (let i = 0; i < elements.length; i++) {
    const element = decodeWithin(elements[i], of, reading, depth + 1)
    if (isError(element)) gap = firstError(gap, element)
    else if (element === absent) gap ??= evaluationError('absent', 'an element of a list that is null', reading.at)
    else members.push(element)
  }
  return setOf(members, gap)
}

function decodeRecord(raw: unknown, type: Type): RecordValue | undefined {
  if (isPlainObject(raw)) return { kind: 'record', raw, type }
  if (!(raw instanceof Map)) return undefined
  // Copied, since the Map of a RecordValue holds values that are evaluated already.
  const copy: Record<string, unknown> = Object.create(null)
  for (const [key, value] of raw) {
    if (typeof key !== 'string') return undefined
    copy[key] = value
  }
  return { kind: 'record', raw: copy, type }
}

/** The first alternative that the value is of; where none is, the error that says more than the wrong kind, a budget before all. */
function decodeUnion(
  raw: unknown,
  alternatives: readonly Type[],
  reading: Reading,
  depth: number,
): Value | Absent | EvaluationError {
  let error: EvaluationError | undefined
  for (const alternative of alternatives) {
    const value = decodeWithin(raw, alternative, reading, depth)
    if (!isError(value)) return value
    if (error?.code === 'wrong-kind' && value.code !== 'wrong-kind') error = value
    error = firstError(error, value)
  }
  if (error !== undefined && error.code !== 'wrong-kind') return error
  return evaluationError('wrong-kind', 'a value of none of the expected kinds', reading.at)
}
