import type { Span } from '../base/source.ts'
import type { Type } from '../ir/type.ts'
import { conform } from './conform.ts'
import { decode } from './decode.ts'
import { evaluationError } from './evaluation-error.ts'
import { hasOwnField } from './plain-object.ts'
import { type Absent, absent, type EvaluationError, type RecordValue, type Value } from './value.ts'

/**
 * A field of a record, or the value of a key of a map, as this type. Own properties only, never the prototype's:
 * `__proto__` and `constructor` are keys like any other.
 */
export function readField(record: RecordValue, name: string, type: Type, at?: Span): Value | Absent | EvaluationError {
  const { raw } = record
  if (isEvaluated(raw)) {
    const value = raw.get(name)
    return value === undefined ? absent : conform(value, type, at)
  }
  try {
    return hasOwnField(raw, name) ? decode(raw[name], type, at) : absent
  } catch {
    return evaluationError('bad-value', `\`${name}\` cannot be read`, at)
  }
}

/** The type that a field is read with: where nothing is known of the record, its own type tells, if it has one. */
export function typeRead(record: RecordValue, name: string, type: Type): Type {
  if (type.kind !== 'dynamic') return type
  if (record.type.kind === 'map') return record.type.of
  if (record.type.kind !== 'record') return type
  return record.type.fields.find((field) => field.name === name)?.type ?? type
}

/** The field is set: there, and not null. Whether it has the right kind shows when it is read. */
export function hasField(record: RecordValue, name: string, at?: Span): boolean | EvaluationError {
  const { raw } = record
  if (isEvaluated(raw)) return raw.has(name)
  try {
    return hasOwnField(raw, name) && raw[name] !== null && raw[name] !== undefined
  } catch {
    return evaluationError('bad-value', `\`${name}\` cannot be read`, at)
  }
}

/** The names that the record's type lets a policy see: declared fields of a record, all own enumerable keys of a map or of `json`. */
export function visibleNames(record: RecordValue): readonly string[] | EvaluationError {
  const { raw, type } = record
  if (type.kind === 'record') return type.fields.map((field) => field.name)
  if (isEvaluated(raw)) return [...raw.keys()]
  try {
    return Object.keys(raw)
  } catch {
    return evaluationError('bad-value', 'a record whose keys cannot be read')
  }
}

/** A field of a record as the type that the record itself gives it. */
export function readVisible(record: RecordValue, name: string): Value | Absent | EvaluationError {
  const { type } = record
  if (type.kind === 'map') return readField(record, name, type.of)
  if (type.kind !== 'record') return readField(record, name, { kind: type.kind === 'dynamic' ? 'dynamic' : 'json' })
  const field = type.fields.find((candidate) => candidate.name === name)
  return field === undefined ? absent : readField(record, name, field.type)
}

function isEvaluated(raw: RecordValue['raw']): raw is ReadonlyMap<string, Value> {
  return raw instanceof Map
}
