import type { Element, Expr, SetOf } from '../../ir/expr.ts'
import type { Body } from '../body.ts'
import type { Code } from '../code.ts'
import { join, js } from '../code.ts'
import { constant, literalOf } from '../constant.ts'
import { kindOf, sameKind } from './kind.ts'
import { inNetwork } from './network.ts'
import { checked, type Glance, type Operand } from './operand.ts'
import { withinPath } from './paths.ts'
import { presence } from './presence.ts'
import { type SetSource, setSourceOf } from './set-source.ts'

/** `x in y` for values. */
export function membership(glance: Glance, expr: Element): Operand | undefined {
  const { body } = glance
  const { value, of } = expr
  switch (expr.in) {
    case 'set':
      return of.kind === 'set' ? inLiterals(glance, value, of) : inSource(glance, value, setSourceOf(glance, of))
    case 'json':
      return inSource(glance, value, setSourceOf(glance, of))
    case 'keys': {
      const key = value.kind === 'constant' ? literalOf(body, value) : undefined
      if (key?.kind !== 'string') return undefined
      return presence(glance, { kind: 'has', of, name: key.value, relation: false, at: expr.at })
    }
    case 'path':
      return withinPath(body, expr)
    case 'cidr':
      return inNetwork(body, expr)
  }
}

const fewLiterals = 8

function inLiterals({ body, operandOf }: Glance, value: Expr, { elements }: SetOf): Operand | undefined {
  const [first] = elements
  const kind = first && sameKind(kindOf(body, value), literalKind(body, first))
  if (kind !== 'string' && kind !== 'int' && kind !== 'number') return undefined
  const literals: Code[] = []
  for (const element of elements) {
    if (element.kind !== 'constant' || sameKind(literalKind(body, element), kind) === undefined) return undefined
    if (element.value.kind === 'int' && !Number.isSafeInteger(Number(element.value.value))) return undefined
    literals.push(constant(body, element))
  }
  const operand = operandOf(value, kind === 'number' && kindOf(body, value) === 'int' ? 'int' : kind)
  if (operand === undefined) return undefined
  const { when, text, code } = operand
  const found = isOneOf(body, code, literals)
  if (found === undefined) return undefined
  if (text === undefined) return { when, code: found }
  const t = body.temporary()
  return { when: [...when, js`((${t} = ${found}) || ${text})`], code: t }
}

function literalKind(body: Body, expr: Expr) {
  return expr.kind === 'constant' ? kindOf(body, expr) : undefined
}

function isOneOf(body: Body, code: Code, literals: readonly Code[]): Code | undefined {
  if (literals.length <= fewLiterals)
    return js`(${join(
      literals.map((literal) => js`${code} === ${literal}`),
      ' || ',
    )})`
  // Given literals differ from rule to rule.
  if (body.places !== undefined) return undefined
  return js`${body.module.constant('literals', js`new Set([${literals}])`)}.has(${code})`
}

function inSource({ body, operandOf }: Glance, value: Expr, source: SetSource | undefined): Operand | undefined {
  if (source === undefined) return undefined
  const kind = sameKind(kindOf(body, value), source.of)
  if (kind !== 'string' && kind !== 'int' && kind !== 'number') return undefined
  const operand = operandOf(value, kind === 'number' && kindOf(body, value) === 'int' ? 'int' : kind)
  if (operand === undefined) return undefined
  const { when, code } = checked(operand)
  const t = body.temporary()
  const { support } = body.module
  const found =
    source.from === 'store'
      ? js`${support('hasMember')}(${source.code}, ${code})`
      : kind === 'string'
        ? js`${support('hasText')}(${source.code}, ${code})`
        : js`${support('hasNumber')}(${source.code}, ${code}, ${source.of === 'int'})`
  return { when: [...source.when, ...when, js`(${t} = ${found}) !== undefined`], code: t }
}
