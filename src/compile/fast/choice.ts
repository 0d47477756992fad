import type { Coalesce, Conditional, Expr } from '../../ir/expr.ts'
import { js } from '../code.ts'
import { all, checked, type Glance, type Kind, type Operand } from './operand.ts'
import { readOf } from './read.ts'
import { attributeOf, headOf } from './stored.ts'

/** `a ?? b` of a field that may be absent. */
export function orOther(glance: Glance, { left, right }: Coalesce, kind: Kind): Operand | undefined {
  const { body, operandOf } = glance
  const isAbsent = absence(glance, left)
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
function absence(glance: Glance, expr: Expr) {
  const { body } = glance
  if (expr.kind !== 'field') return undefined
  const read = readOf(body, expr)
  if (read !== undefined) return read.mayBeAbsent ? js`${read.first} === ${body.module.support('absent')}` : undefined
  if (!expr.optional) return undefined
  const stored = attributeOf(glance, expr)
  if (stored !== undefined) return all([...stored.when, js`${stored.first} === undefined`, stored.known()])
  const head = headOf(glance, expr)
  return head && all([...head.when, js`${head.first} === 0`, head.known()])
}

/** `c ? a : b`. */
export function whichever(
  { body, operandOf, conditionOf }: Glance,
  expr: Conditional,
  kind: Kind,
): Operand | undefined {
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
