import { assertNever } from '../base/assert-never.ts'
import type { RecordValue, SetValue, Value } from './value.ts'

export type Scalar = Exclude<Value, SetValue | RecordValue>

export function isScalar(value: Value): value is Scalar {
  return typeof value !== 'object' || (value.kind !== 'set' && value.kind !== 'record')
}

/** A text that two scalars share exactly when they are equal, whatever their kinds: the first letter tells the kind. */
export function scalarKey(value: Scalar): string {
  switch (typeof value) {
    case 'string':
      return `s${value}`
    case 'boolean':
      return value ? 'b1' : 'b0'
    case 'bigint':
      return `n${value}`
    case 'number':
      // Integers are written out in full, so that a double and a 64-bit integer of one value share their key.
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? `n${BigInt(value)}` : `n${value}`
  }
  switch (value.kind) {
    case 'entity':
      return `e${value.key}`
    case 'datetime':
      return `t${value.milliseconds}`
    case 'duration':
      return `d${value.milliseconds}`
    case 'ip':
      return `i${value.version}:${value.bits}`
    case 'cidr':
      return `c${value.version}:${value.bits}/${value.prefix}`
    case 'decimal':
      return `m${value.units}`
    case 'ipaddr':
      return `a${value.version}:${value.bits}/${value.prefix}`
    case 'path':
      return `p/${value.segments.join('/')}`
    case 'url':
      return `u${JSON.stringify([value.scheme, value.host, value.port ?? null, value.path, value.query ?? null])}`
    default:
      return assertNever(value)
  }
}
