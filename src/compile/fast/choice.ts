import type { Coalesce, Conditional, Expr } from '../../ir/expr.ts'
import type { Body } from '../body.ts'
import { js } from '../code.ts'
import { all, checked, type Glance, type Kind, type Operand } from './operand.ts'
import { readOf } from './read.ts'
import { attributeOf, headOf } from './stored.ts'

/** `a ?? b` of a field that may be absent. */
export function orOther({ body, operandOf }: Glance, { left, right }: Coalesce, kind: Kind): Operand | undefined {
  const isAbsent = absence(body, left)
  if (isAbsent === undefined) return undefined
  const [one, two] = [operandOf(left, kind), operandOf(right, kind)]
  if (one === undefined || two === undefined) return undefined
  const [given, other] = [checked(one), checked(two)]
  const t = body.temporary()
  return {
    when: [js`((${t} = ${isAbsent}) ? ${all(other.when)} : ${all(given.when)})`],
    code: js`(${t} ? ${other.code} : ${given.code})`,
  }
}

/** Whether a field is certainly not set, where that is no error. */
function absence(body: Body, expr: Expr) {
  if (expr.kind !== 'field') return undefined
  const read = readOf(body, expr)
  if (read !== undefined) return read.mayBeAbsent ? js`${read.first} === ${body.module.support('absent')}` : undefined
  if (!expr.optional) return undefined
  const stored = attributeOf(body, expr)
  if (stored !== undefined) return js`${stored.first} === undefined && ${stored.known}`
  const head = headOf(body, expr)
  return head && js`${head.first} === 0 && ${head.known}`
}

/** `c ? a : b`. */
export function whichever({ body, operandOf, conditionOf }: Glance, expr: Conditional, kind: Kind): Operand | undefined {
  const condition = conditionOf(expr.condition)
  const [then, otherwise] = [operandOf(expr.then, kind), operandOf(expr.else, kind)]
  if (condition === undefined || then === undefined || otherwise === undefined) return undefined
  const [one, two] = [checked(then), checked(otherwise)]
  const t = body.temporary()
  return {
    when: [...condition.when, js`((${t} = ${condition.code}) ? ${all(one.when)} : ${all(two.when)})`],
    code: js`(${t} ? ${one.code} : ${two.code})`,
  }
}
