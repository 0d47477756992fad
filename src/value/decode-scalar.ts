import { assertNever } from '../base/assert-never.ts'
import type { Span } from '../base/source.ts'
import type { Type } from '../ir/type.ts'
import { parseAddress, parseNetwork, parseRange } from './address.ts'
import { parseDecimal } from './decimal.ts'
import { parseEntityName } from './entity.ts'
import { evaluationError, isError } from './evaluation-error.ts'
import { integer, isInt64 } from './integer.ts'
import { parsePath } from './path.ts'
import { hasOwnField } from './plain-object.ts'
import { hasLoneSurrogate } from './text.ts'
import { parseDatetime, parseDuration, timeOf } from './time.ts'
import { parseUrl } from './url.ts'
import type { Entity, EvaluationError, Value } from './value.ts'

export type ScalarType = Exclude<Type, { readonly kind: 'json' | 'dynamic' | 'set' | 'record' | 'map' | 'union' }>

/** The typed read of a value that is not null and has no parts. May throw where a getter or a proxy does. */
export function decodeScalar(raw: unknown, type: ScalarType, at?: Span): Value | EvaluationError {
  switch (type.kind) {
    case 'string':
      if (typeof raw !== 'string') return evaluationError('wrong-kind', 'expected text', at)
      return hasLoneSurrogate(raw) ? evaluationError('bad-value', 'text that is not well-formed Unicode', at) : raw
    case 'literal':
      return raw === type.value ? type.value : evaluationError('wrong-kind', `expected \`${type.value}\``, at)
    case 'boolean':
      return typeof raw === 'boolean' ? raw : evaluationError('wrong-kind', 'expected true or false', at)
    case 'int':
      return decodeInt(raw, at)
    case 'number':
      return decodeNumber(raw, at)
    case 'entity':
      return decodeEntity(raw, type.name, at)
    case 'datetime':
      if (raw instanceof Date) {
        return timeOf('datetime', raw.getTime()) ?? evaluationError('bad-value', 'a Date that is not valid', at)
      }
      return decodeText(raw, parseDatetime, 'an instant as RFC 3339, with an offset', at)
    case 'duration':
      return decodeText(raw, parseDuration, 'a duration, such as `1h30m`', at)
    case 'ip':
      return decodeText(raw, parseAddress, 'an IP address', at)
    case 'cidr':
      return decodeText(raw, parseRange, 'a range of IP addresses, such as `10.0.0.0/8`', at)
    case 'decimal':
      return decodeText(raw, parseDecimal, 'a decimal number, such as `12.5`', at)
    case 'ipaddr':
      return decodeText(raw, parseNetwork, 'an IP address or a network, such as `10.0.0.0/8`', at)
    case 'path':
      return decodeText(raw, parsePath, 'an absolute path', at)
    case 'url':
      return decodeText(raw, parseUrl, 'an absolute URL with a plain host', at)
    default:
      return assertNever(type)
  }
}

function decodeText<T extends Value>(
  raw: unknown,
  parse: (text: string) => T | undefined,
  expected: string,
  at: Span | undefined,
): T | EvaluationError {
  if (typeof raw !== 'string') return evaluationError('wrong-kind', `expected ${expected}`, at)
  return parse(raw) ?? evaluationError('bad-value', `text that is not ${expected}`, at)
}

function decodeInt(raw: unknown, at: Span | undefined): number | bigint | EvaluationError {
  if (typeof raw === 'bigint') {
    return isInt64(raw) ? integer(raw) : evaluationError('overflow', 'an integer that does not fit into 64 bits', at)
  }
  if (typeof raw !== 'number' || !Number.isInteger(raw)) return evaluationError('wrong-kind', 'expected an integer', at)
  // What a larger double once was is no longer known: 9007199254740993 has become 9007199254740992.
  if (!Number.isSafeInteger(raw))
    return evaluationError('bad-value', 'an integer too large for its digits to be known', at)
  return raw + 0
}

function decodeNumber(raw: unknown, at: Span | undefined): number | EvaluationError {
  const double = typeof raw === 'bigint' ? Number(raw) : raw
  if (typeof double !== 'number') return evaluationError('wrong-kind', 'expected a number', at)
  if (!Number.isFinite(double)) return evaluationError('bad-value', 'a number that is not finite', at)
  if (typeof raw === 'bigint' && BigInt(double) !== raw) {
    return evaluationError('bad-value', 'an integer that no double represents', at)
  }
  return double + 0
}

/** `Type:id`, of whatever type. */
export function decodeAnyEntity(raw: unknown, at: Span | undefined): Entity | EvaluationError {
  if (typeof raw !== 'string') return evaluationError('wrong-kind', 'expected an entity', at)
  const parsed = parseEntityName(raw)
  return isError(parsed) ? evaluationError(parsed.code, parsed.message, at) : parsed
}

/** `Type:id`, or an object with `type` and `id`; of exactly this type. */
function decodeEntity(raw: unknown, type: string, at: Span | undefined): Entity | EvaluationError {
  const name = typeof raw === 'string' ? raw : entityParts(raw)
  if (name === undefined) return evaluationError('wrong-kind', `expected an entity of type \`${type}\``, at)
  const parsed = parseEntityName(name)
  if (isError(parsed)) return evaluationError(parsed.code, parsed.message, at)
  return parsed.type === type ? parsed : evaluationError('wrong-kind', `expected an entity of type \`${type}\``, at)
}

function entityParts(raw: unknown): { readonly type: string; readonly id: string } | undefined {
  if (typeof raw !== 'object' || raw === null || !hasOwnField(raw, 'type') || !hasOwnField(raw, 'id')) return undefined
  const { type, id } = raw as { readonly type: unknown; readonly id: unknown }
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : undefined
}
