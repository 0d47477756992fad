import { assertNever } from '../base/assert-never.ts'
import type { Span } from '../base/source.ts'
import type { HostFunction } from '../ir/program.ts'
import { formatAddress, formatNetwork } from '../value/address.ts'
import { formatDecimal } from '../value/decimal.ts'
import { decode } from '../value/decode.ts'
import { evaluationError, isError, leastError } from '../value/evaluation-error.ts'
import { formatPath } from '../value/path.ts'
import { readVisible, visibleNames } from '../value/read.ts'
import { formatUrl } from '../value/url.ts'
import type { EvaluationError, RecordValue, SetValue, Value } from '../value/value.ts'
import { absent } from '../value/value.ts'
import type { Outcome } from './cases.ts'

/** Pure functions by the names that the policy declares. They get and return plain values, as `hostValue` makes them. */
export type HostFunctions = Readonly<Record<string, (...args: unknown[]) => unknown>>

/** Calls a host function; that it throws, or returns what it does not declare, is an error like any other. */
export function callHost(
  functions: HostFunctions,
  declared: HostFunction,
  args: readonly (Value | undefined)[],
  at: Span,
): Outcome {
  const implementation = Object.hasOwn(functions, declared.name) ? functions[declared.name] : undefined
  if (implementation === undefined) return failure(declared, 'is not given', at)
  const given: unknown[] = []
  for (const arg of args) {
    const plain = arg === undefined ? { value: undefined } : hostValue(arg)
    if (isError(plain)) return plain
    given.push(plain.value)
  }
  let result: unknown
  try {
    result = implementation(...given)
  } catch {
    return failure(declared, 'threw', at)
  }
  const value = decode(result, declared.result, at)
  if (value === absent) return failure(declared, 'returned nothing', at)
  return isError(value) ? failure(declared, `returned what is not its result: ${value.message}`, at) : value
}

function failure({ name }: HostFunction, what: string, at: Span): EvaluationError {
  return evaluationError('host-function', `\`${name}\` ${what}`, at)
}

/** Boxed, since an object from outside may look like an error. */
interface Plain {
  readonly kind?: undefined
  readonly value: unknown
}

/**
 * A value as JavaScript has it: entities as `Type:id`, datetimes as Date, durations in milliseconds, addresses, paths and
 * URLs as text, sets as arrays, records as objects without a prototype. Integers beyond the safe ones are bigints.
 */
function hostValue(value: Value): Plain | EvaluationError {
  if (typeof value !== 'object') return { value }
  switch (value.kind) {
    case 'entity':
      return { value: value.key }
    case 'datetime':
      return { value: new Date(value.milliseconds) }
    case 'duration':
      return { value: value.milliseconds }
    case 'ip':
    case 'cidr':
      return { value: formatAddress(value) }
    case 'decimal':
      return { value: formatDecimal(value) }
    case 'ipaddr':
      return { value: formatNetwork(value) }
    case 'path':
      return { value: formatPath(value) }
    case 'url':
      return { value: formatUrl(value) }
    case 'set':
      return hostArray(value)
    case 'record':
      return hostObject(value)
    default:
      return assertNever(value)
  }
}

function hostArray(set: SetValue): Plain | EvaluationError {
  if (set.gap !== undefined) return set.gap
  const members: unknown[] = []
  let error: EvaluationError | undefined
  for (const member of set.members) {
    const plain = hostValue(member)
    if (isError(plain)) error = leastError(error, plain)
    else members.push(plain.value)
  }
  return error ?? { value: members }
}

function hostObject(record: RecordValue): Plain | EvaluationError {
  const names = visibleNames(record)
  if (isError(names)) return names
  const copy: Record<string, unknown> = Object.create(null)
  for (const name of names) {
    const part = readVisible(record, name)
    if (part === absent) continue
    const plain = isError(part) ? part : hostValue(part)
    if (isError(plain)) return plain
    copy[name] = plain.value
  }
  return { value: copy }
}
