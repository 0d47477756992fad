import type { Compare, Expr } from '../../ir/expr.ts'
import type { Body } from '../body.ts'
import type { Code } from '../code.ts'
import { js } from '../code.ts'
import { entityTypes } from '../typing.ts'
import { kindOf, sameKind } from './kind.ts'
import type { Glance, Kind, Operand } from './operand.ts'
import { readOf } from './read.ts'
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
  if (kind === 'entity' && isEquality) {
    const named = actorNamed(body, operator, left, right) ?? actorNamed(body, operator, right, left)
    if (named !== undefined) return named
  }
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

/** Whether the request names its own actor: both are texts then, and nothing has to be looked up. */
function actorNamed(body: Body, operator: '==' | '!=', actor: Expr, of: Expr): Operand | undefined {
  if (body.direct === undefined || actor.kind !== 'variable' || actor.name !== 'actor') return undefined
  const read = readOf(body, of)
  const [type, ...others] = entityTypes(body.module.program, of, body.names) ?? []
  if (read === undefined || type === undefined || others.length > 0) return undefined
  const t = body.temporary()
  const isActor = js`(${t} = ${read.name} === n)`
  const isName = js`${body.module.support('isNameOf')}(${read.name}, ${`${type}:`})`
  // Whoever acts is of one type, and so is what has the same name.
  const acting = body.module.program.types.filter((one) => one.actor)
  const isOnly = acting.length === 1 && acting[0]?.name === type
  return {
    when: [js`typeof ${read.first} === 'string'`, isOnly ? js`(${isActor} || ${isName})` : js`(${isActor}, ${isName})`],
    code: operator === '==' ? t : js`!${t}`,
  }
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
