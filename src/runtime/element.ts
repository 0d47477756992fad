import { assertNever } from '../base/assert-never.ts'
import type { Span } from '../base/source.ts'
import type { Element } from '../ir/expr.ts'
import { inRange } from '../value/address.ts'
import { contains } from '../value/equal.ts'
import { pathWithin } from '../value/path.ts'
import { hasField } from '../value/read.ts'
import type { EvaluationError, Value } from '../value/value.ts'
import { wrongKind } from './cases.ts'

/** `x in y` for values. Whatever the checker expected, the kinds are looked at: `json` may hold anything. */
export function elementOf(kind: Element['in'], value: Value, of: Value, at: Span): boolean | EvaluationError {
  switch (kind) {
    case 'set':
      return isKind(of, 'set') ? contains(of, value) : wrongKind('a set', at)
    case 'keys':
      if (typeof value !== 'string') return wrongKind('a string as key', at)
      return isKind(of, 'record') ? hasField(of, value, at) : wrongKind('something with keys', at)
    case 'cidr':
      return isKind(value, 'ip') && isKind(of, 'cidr') ? inRange(value, of) : wrongKind('an address and a range', at)
    case 'path':
      return isKind(value, 'path') && isKind(of, 'path') ? pathWithin(value, of) : wrongKind('two paths', at)
    case 'json':
      return elementOf(isKind(of, 'set') ? 'set' : 'keys', value, of, at)
    default:
      return assertNever(kind)
  }
}

function isKind<K extends Extract<Value, { readonly kind: string }>['kind']>(
  value: Value,
  kind: K,
): value is Extract<Value, { readonly kind: K }> {
  return typeof value === 'object' && value.kind === kind
}
