import type { Expr } from '../../../syntax/ast.ts'
import { boolean, call, int, negative, number, record, set, span, string } from '../tree.ts'
import type { ParameterType } from './model.ts'
import type { Yaml } from './yaml.ts'

/** What cannot be said in Licet, and where it stands. */
export class Untranslatable extends Error {
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

/** A value of a parameter, read as OpenFGA reads it: a number may be written as a text, a time always is. */
export function typedValue(type: ParameterType, node: Yaml): Expr {
  const wrong = (): never => {
    throw new Untranslatable(`this is no value of the type ${type.kind}`, node.at)
  }
  if (type.kind === 'list') {
    const { of } = type
    if (node.kind !== 'list' || of === undefined) return wrong()
    return set(node.items.map((item) => typedValue(of, item)))
  }
  if (type.kind === 'map') {
    const { of } = type
    if (node.kind !== 'map' || of === undefined) return wrong()
    return record([...node.entries].map(([name, value]) => [name, typedValue(of, value)]))
  }
  if (node.kind !== 'scalar') return wrong()
  const { value } = node
  switch (type.kind) {
    case 'bool':
      return typeof value === 'boolean' ? boolean(value) : wrong()
    case 'string':
      return typeof value === 'string' && !/\p{Surrogate}/u.test(value) ? string(value) : wrong()
    case 'int':
    case 'uint': {
      const integer = integerOf(value)
      if (integer === undefined || (type.kind === 'uint' && integer < 0n)) return wrong()
      return inRange(integer, node.at)
    }
    case 'double': {
      const double = typeof value === 'boolean' || value === null || value === '' ? Number.NaN : Number(value)
      return Number.isFinite(double) ? number(double) : wrong()
    }
    case 'duration':
      return typeof value === 'string' ? durationOf(value, node.at) : wrong()
    case 'timestamp':
      return typeof value === 'string' ? timestampOf(value, node.at) : wrong()
    case 'ipaddress':
      return typeof value === 'string' ? call('ip', string(value)) : wrong()
    default:
      throw new Untranslatable('a value of any type has no counterpart', node.at)
  }
}

function integerOf(value: string | number | bigint | boolean | null): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined
  return typeof value === 'string' && /^[+-]?\d{1,100}$/.test(value) ? BigInt(value) : undefined
}

export function inRange(value: bigint, at: number): Expr {
  if (value < -(2n ** 63n) || value >= 2n ** 63n) throw new Untranslatable('this integer has more than 64 bits', at)
  return int(value)
}

const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
}

/** As Go writes them: `1h30m`, `1.5h`, `300ms`. */
export function durationOf(text: string, at: number): Expr {
  const unsigned = text.replace(/^[+-]/, '')
  if (!/^(?:0|(?:\d+(?:\.\d*)?|\.\d+)(?:h|m|s|ms|us|µs|μs|ns))+$/.test(unsigned))
    throw new Untranslatable(`\`${text}\` is no duration`, at)
  let milliseconds = 0
  for (const [, count = '', unit = ''] of unsigned.matchAll(/([\d.]+)(h|ms|m|s|us|µs|μs|ns)/g))
    milliseconds += Number(count) * (units[unit] ?? 0)
  milliseconds = Math.round(milliseconds * 1e6) / 1e6
  if (!Number.isSafeInteger(milliseconds)) throw new Untranslatable('a duration has no parts of a millisecond', at)
  const written = /^(?:\d+(?:h|ms|m|s))+$/.test(unsigned)
    ? unsigned
    : milliseconds % 1000 === 0
      ? `${milliseconds / 1000}s`
      : `${milliseconds}ms`
  const literal: Expr = { kind: 'duration', text: written, milliseconds, span }
  return text.startsWith('-') ? negative(literal) : literal
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i

export function timestampOf(text: string, at: number): Expr {
  if (!instant.test(text) || Number.isNaN(Date.parse(text))) throw new Untranslatable(`\`${text}\` is no time`, at)
  const [, fraction = ''] = /\.(\d+)/.exec(text) ?? []
  if (/[1-9]/.test(fraction.slice(3))) throw new Untranslatable('a time has no parts of a millisecond', at)
  return call('datetime', string(text))
}
