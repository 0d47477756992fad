import type { RecordField, Type } from '../ir/type.ts'
import { decode } from './decode.ts'
import { evaluationError, isError } from './evaluation-error.ts'
import { type Budget, maxDepth, maxNodes, newBudget, spend } from './limits.ts'
import { readField } from './read.ts'
import { setOf } from './set.ts'
import { type Absent, absent, type EvaluationError, type RecordValue, type Value } from './value.ts'

/**
 * A copy of a value from outside, read through and through, so that nothing the caller does to the original later shows.
 * Stricter than a lazy read: any part of the wrong kind, or a field that a record's type does not declare, is an error.
 */
export function materialise(raw: unknown, type: Type): Value | Absent | EvaluationError {
  const value = decode(raw, type)
  return value === absent || isError(value) ? value : copy(value, newBudget(), 0)
}

function copy(value: Value, budget: Budget, depth: number): Value | EvaluationError {
  if (!spend(budget, depth)) {
    return evaluationError('budget', `a value with more than ${maxNodes} parts or ${maxDepth} levels`)
  }
  if (typeof value !== 'object') return value
  if (value.kind === 'record') return copyRecord(value, budget, depth)
  if (value.kind !== 'set') return value
  if (value.gap !== undefined) return value.gap
  const members: Value[] = []
  for (const member of value.members) {
    const own = copy(member, budget, depth + 1)
    if (isError(own)) return own
    members.push(own)
  }
  return setOf(members)
}

function copyRecord(record: RecordValue, budget: Budget, depth: number): RecordValue | EvaluationError {
  const names = keysOf(record)
  if (isError(names)) return names
  const declared =
    record.type.kind === 'record' ? new Map(record.type.fields.map((field) => [field.name, field])) : undefined
  const entries = new Map<string, Value>()
  for (const name of names) {
    if (declared !== undefined && !declared.has(name)) {
      return evaluationError('wrong-kind', `a field \`${name}\` that is not declared`)
    }
    const read = readField(record, name, typeOf(record.type, declared?.get(name)))
    const own = read === absent || isError(read) ? read : copy(read, budget, depth + 1)
    if (isError(own)) return own
    if (own !== absent) entries.set(name, own)
  }
  return { kind: 'record', raw: entries, type: record.type }
}

function typeOf(record: Type, field: RecordField | undefined): Type {
  if (field !== undefined) return field.type
  if (record.kind === 'map') return record.of
  return { kind: record.kind === 'dynamic' ? 'dynamic' : 'json' }
}

function keysOf(record: RecordValue): readonly string[] | EvaluationError {
  try {
    return record.raw instanceof Map ? [...record.raw.keys()] : Object.keys(record.raw)
  } catch {
    return evaluationError('bad-value', 'a record whose keys cannot be read')
  }
}
