import type { Expr as Licet } from '../../../syntax/ast.ts'
import { binary, call, method, string } from '../tree.ts'
import type { Expr } from './cedar.ts'
import { datetimeLiteral, decimalLiteral, durationLiteral, ipLiteral } from './extensions.ts'
import type { Shape } from './shape.ts'
import { together } from './sources-of-error.ts'
import { isOpen, ofKind, type Place, sure, type Translated, Untranslatable } from './translated.ts'

const readers: ReadonlyMap<string, readonly [string, Shape['kind'], (text: string) => Licet | 'too-long' | undefined]> =
  new Map([
    ['decimal', ['decimal', 'decimal', decimalLiteral]],
    ['ip', ['ipaddr', 'ipaddr', ipLiteral]],
    ['datetime', ['datetime', 'datetime', datetimeLiteral]],
    ['duration', ['duration', 'duration', durationLiteral]],
  ])

type Signature = readonly [Shape['kind'], Shape['kind']]

/** Of which kind the receiver and the arguments are, and the result. */
const methods: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ...['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'].map((name): [string, Signature] => [
    name,
    ['decimal', 'boolean'],
  ]),
  ...['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast', 'isInRange'].map((name): [string, Signature] => [
    name,
    ['ipaddr', 'boolean'],
  ]),
  ['offset', ['datetime', 'datetime'] as const],
  ['durationSince', ['datetime', 'duration'] as const],
  ['toDate', ['datetime', 'datetime'] as const],
  ['toTime', ['datetime', 'duration'] as const],
  ...['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'].map((name): [string, Signature] => [
    name,
    ['duration', 'long'],
  ]),
])

/** What is called with these arguments. */
export function extension(
  place: Place,
  expr: Expr & { readonly kind: 'call' },
  given: readonly Translated[],
): Translated {
  const { name, args } = expr
  const reader = readers.get(name)
  if (reader !== undefined) return reading(place, expr, reader, given)
  const signature = methods.get(name)
  if (signature === undefined) throw new Untranslatable(`the extension function \`${name}\``, name)
  const [kind, result] = signature
  const [of, ...rest] = given
  if (of === undefined) throw new Untranslatable(`\`${name}\` of nothing`, name)
  const expected = (i: number) => (i > 0 && name === 'offset' ? 'duration' : kind)
  const [on = of, ...others] = [of, ...rest].map((arg, i) => ofKind(place, args[i] as Expr, arg, expected(i)))
  const [other] = others
  const all = [on, ...others]
  const isOverflowing = name === 'offset' || name === 'durationSince' || name === 'toDate'
  const own = isOverflowing ? [`${place.world.keyOf(expr)} overflows`] : []
  const errors = together(
    all.map((one) => one.errors),
    ...own,
  )
  const shape = { kind: result } as Shape
  if (other !== undefined && !all.some(isOpen)) {
    if (name === 'durationSince') return { expr: binary('-', on.expr, other.expr), shape, errors }
    if (name === 'offset') return { expr: later(on.expr, other.expr), shape, errors }
  }
  return { expr: method(on.expr, name, ...others.map((one) => one.expr)), shape, errors }
}

function later(time: Licet, by: Licet): Licet {
  const isBack = by.kind === 'unary' && by.operator === '-' && by.operand.kind === 'duration'
  return isBack ? binary('-', time, by.operand) : binary('+', time, by)
}

function reading(
  place: Place,
  expr: Expr & { readonly kind: 'call' },
  [reader, kind, literal]: readonly [string, Shape['kind'], (text: string) => Licet | 'too-long' | undefined],
  given: readonly Translated[],
): Translated {
  const { name, args } = expr
  const [text] = args
  const [read] = given
  const bad = `${place.world.keyOf(expr)} is not read`
  const shape = { kind } as Shape
  if (text?.kind !== 'string' || args.length !== 1) {
    if (text === undefined || read === undefined || name === 'datetime' || name === 'duration')
      throw new Untranslatable(
        `\`${name}\` of a text that is not written out, which is read in another form here`,
        name,
      )
    const from = ofKind(place, text, read, 'string')
    return { expr: call(reader, from.expr), shape, errors: together([from.errors], bad) }
  }
  const made = literal(text.value)
  if (made === 'too-long')
    throw new Untranslatable(`a duration of more than 2^53 milliseconds, \`${text.value}\``, name)
  if (made !== undefined) return sure(made, shape)
  // Cedar tells when it is evaluated, and so does this.
  return {
    expr: call(reader, call('dynamic', string(`not a ${name}: ${text.value}`))),
    shape,
    errors: together([], bad),
  }
}
