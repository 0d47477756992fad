import type { Compare, Expr } from '../../ir/expr.ts'
import type { Code } from '../code.ts'
import { js } from '../code.ts'
import { kindOf, sameKind } from './kind.ts'
import type { Glance, Kind, Operand } from './operand.ts'
import { lengthComparison } from './text.ts'

const ordered: readonly Kind[] = ['int', 'number', 'datetime', 'duration']

/** Of two values of one kind, both known to be of it. */
export function comparison(glance: Glance, expr: Compare): Operand | undefined {
  const { body } = glance
  const { operator, left, right } = expr
  const length = lengthComparison(glance, expr)
  if (length !== undefined) return length
  const kind = sameKind(kindOf(body, left), kindOf(body, right))
  if (kind === undefined || kind === 'json') return undefined
  const isEquality = operator === '==' || operator === '!='
  if (!isEquality && !ordered.includes(kind)) return undefined
  const [a, b] = [operand(glance, left, kind), operand(glance, right, kind)]
  if (a === undefined || b === undefined) return undefined
  return { when: [...a.when, ...b.when, ...wellFormed(a, b)], code: js`(${compare(operator, a.code, b.code)})` }
}

function operand({ body, operandOf }: Glance, expr: Expr, kind: Kind): Operand | undefined {
  // An integer among doubles is still read as one.
  const own = kindOf(body, expr)
  return operandOf(expr, kind === 'number' && own === 'int' ? 'int' : kind)
}

/** Texts that are equal are as well-formed as one another; only one that differs has to be looked at. */
function wellFormed(a: Operand, b: Operand): readonly Code[] {
  if (a.text !== undefined && b.text !== undefined) return [a.text, b.text]
  const text = a.text ?? b.text
  return text === undefined ? [] : [js`(${a.code} === ${b.code} || ${text})`]
}

function compare(operator: Compare['operator'], a: Code, b: Code): Code {
  switch (operator) {
    case '==':
      return js`${a} === ${b}`
    case '!=':
      return js`${a} !== ${b}`
    case '<':
      return js`${a} < ${b}`
    case '<=':
      return js`${a} <= ${b}`
    case '>':
      return js`${a} > ${b}`
    case '>=':
      return js`${a} >= ${b}`
  }
}
