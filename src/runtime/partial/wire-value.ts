import { assertNever } from '../../base/assert-never.ts'
import type { Type } from '../../ir/type.ts'
import { formatAddress, formatNetwork, parseAddress, parseNetwork, parseRange } from '../../value/address.ts'
import { formatDecimal, parseDecimal } from '../../value/decimal.ts'
import { entity } from '../../value/entity.ts'
import { errorsIn, evaluationError, together } from '../../value/evaluation-error.ts'
import { integer } from '../../value/integer.ts'
import { formatPath, parsePath } from '../../value/path.ts'
import { setOf } from '../../value/set.ts'
import { formatUrl, parseUrl } from '../../value/url.ts'
import type { EvaluationError, Value } from '../../value/value.ts'

/** A value as JSON, told apart by `kind`, so that it comes back as what it was. */
export type WireValue =
  | { readonly kind: 'plain'; readonly value: string | boolean | number }
  | { readonly kind: 'int'; readonly value: string }
  | { readonly kind: 'entity'; readonly type: string; readonly id: string }
  | { readonly kind: 'datetime' | 'duration'; readonly milliseconds: number }
  | { readonly kind: 'ip' | 'cidr' | 'decimal' | 'ipaddr' | 'path' | 'url'; readonly text: string }
  | { readonly kind: 'set'; readonly members: readonly WireValue[]; readonly gap?: EvaluationError }
  /** From outside, as it came: JSON if that was. */
  | { readonly kind: 'raw'; readonly value: Readonly<Record<string, unknown>>; readonly type: Type }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [string, WireValue])[]; readonly type: Type }

export function toWire(value: Value): WireValue {
  if (typeof value === 'bigint') return { kind: 'int', value: `${value}` }
  if (typeof value !== 'object') return { kind: 'plain', value }
  switch (value.kind) {
    case 'entity':
      return { kind: 'entity', type: value.type, id: value.id }
    case 'datetime':
    case 'duration':
      return value
    case 'ip':
    case 'cidr':
      return { kind: value.kind, text: formatAddress(value) }
    case 'decimal':
      return { kind: 'decimal', text: formatDecimal(value) }
    case 'ipaddr':
      return { kind: 'ipaddr', text: formatNetwork(value) }
    case 'path':
      return { kind: 'path', text: formatPath(value) }
    case 'url':
      return { kind: 'url', text: formatUrl(value) }
    case 'set': {
      const members = value.members.map(toWire)
      const gap = value.gap && wireGap(value.gap)
      return gap === undefined ? { kind: 'set', members } : { kind: 'set', members, gap }
    }
    case 'record': {
      const { raw, type } = value
      if (!(raw instanceof Map)) return { kind: 'raw', value: raw as Readonly<Record<string, unknown>>, type }
      const entries = [...(raw as ReadonlyMap<string, Value>)].map(([key, part]) => [key, toWire(part)] as const)
      return { kind: 'record', entries, type }
    }
    default:
      return assertNever(value)
  }
}

/** The errors as such: a condition that one stands for belongs to the system that it came from. */
function wireGap(gap: EvaluationError): EvaluationError | undefined {
  return together(errorsIn(gap).map(({ code, message, at }) => evaluationError(code, message, at)))
}

/** Undefined for what `toWire` has not made. */
export function fromWire(wire: WireValue): Value | undefined {
  switch (wire.kind) {
    case 'plain':
      return wire.value
    case 'int':
      return integer(BigInt(wire.value))
    case 'entity':
      return entity(wire.type, wire.id)
    case 'datetime':
    case 'duration':
      return { kind: wire.kind, milliseconds: wire.milliseconds }
    case 'ip':
      return parseAddress(wire.text)
    case 'cidr':
      return parseRange(wire.text)
    case 'decimal':
      return parseDecimal(wire.text)
    case 'ipaddr':
      return parseNetwork(wire.text)
    case 'path':
      return parsePath(wire.text)
    case 'url':
      return parseUrl(wire.text)
    case 'set':
      return setOf(wire.members.map(fromWire).filter(isValue), wire.gap)
    case 'raw':
      return { kind: 'record', raw: wire.value, type: wire.type }
    case 'record': {
      const entries = wire.entries.map(([key, part]) => [key, fromWire(part)] as const)
      return {
        kind: 'record',
        raw: new Map(entries.filter((entry): entry is [string, Value] => isValue(entry[1]))),
        type: wire.type,
      }
    }
    default:
      return undefined
  }
}

function isValue(value: Value | undefined): value is Value {
  return value !== undefined
}
