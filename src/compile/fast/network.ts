import type { Element, Expr } from '../../ir/expr.ts'
import { parseRange } from '../../value/address.ts'
import type { Body } from '../body.ts'
import { js } from '../code.ts'
import { literalOf } from '../constant.ts'
import type { Operand } from './operand.ts'
import { readOf } from './read.ts'

/** `ip(x) in cidr("10.0.0.0/8")` for IPv4: the text is gone through once, and no address is made of it. */
export function inNetwork(body: Body, { value, of }: Element): Operand | undefined {
  const [text] = of.kind === 'builtin' && of.name === 'cidr' ? of.args : []
  const literal = text?.kind === 'constant' ? literalOf(body, text) : undefined
  const range = literal?.kind === 'string' ? parseRange(literal.value) : undefined
  const address = addressText(body, value)
  if (range?.version !== 4 || address === undefined) return undefined
  const { support } = body.module
  const t = body.temporary()
  const size = 2 ** (32 - range.prefix)
  const first = Number(range.bits)
  return {
    when: [js`(${t} = ${support('addressNumber')}(${address})) >= 0`],
    code: size === 1 ? js`(${t} === ${first})` : js`(${t} >= ${first} && ${t} < ${first + size})`,
  }
}

function addressText(body: Body, expr: Expr) {
  if (expr.kind === 'field' && expr.type.kind === 'ip') return readOf(body, expr)?.first
  const [of] = expr.kind === 'builtin' && expr.name === 'ip' ? expr.args : []
  if (of?.kind !== 'field' || (of.type.kind !== 'string' && of.type.kind !== 'json')) return undefined
  return readOf(body, of)?.first
}
