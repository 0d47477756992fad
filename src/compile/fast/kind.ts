import type { Expr } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import type { Body } from '../body.ts'
import { entityTypes } from '../typing.ts'
import type { Kind } from './operand.ts'

/** What an expression is as far as its text says; `json`: only its value tells. Undefined: nothing that has a fast way. */
export function kindOf(body: Body, expr: Expr): Kind | 'json' | undefined {
  if (entityTypes(body.module.program, expr, body.names) !== undefined) return 'entity'
  switch (expr.kind) {
    case 'constant':
      return expr.value.kind
    case 'variable':
      if (expr.name === 'now') return 'datetime'
      return expr.name === 'uri' || (expr.name === 'action' && body.names.action) ? 'string' : undefined
    case 'field':
      return kindOfType(expr.type)
    case 'local': {
      const type = body.names.locals.get(expr.name)
      return type && body.locals.has(expr.name) ? kindOfType(type) : undefined
    }
    case 'arithmetic':
    case 'negate':
      if (expr.domain !== 'time') return expr.domain
      return expr.kind === 'negate' ? 'duration' : kindOfTime(body, expr.operator, expr.left, expr.right)
    case 'builtin':
      if (expr.name === 'length') return 'int'
      return expr.name === 'toLowerCase' ? 'string' : undefined
    case 'interpolate':
      return 'string'
    case 'coalesce':
      return sameKind(kindOf(body, expr.left), kindOf(body, expr.right))
    case 'conditional':
      return sameKind(kindOf(body, expr.then), kindOf(body, expr.else))
    default:
      return undefined
  }
}

/** Of two values where one may be JSON: that of the other. Integers are numbers. */
export function sameKind(a: Kind | 'json' | undefined, b: Kind | 'json' | undefined): Kind | 'json' | undefined {
  if (a === b || b === 'json') return a
  if (a === 'json') return b
  return isNumber(a) && isNumber(b) ? 'number' : undefined
}

function isNumber(kind: Kind | 'json' | undefined): boolean {
  return kind === 'int' || kind === 'number'
}

function kindOfTime(body: Body, operator: '+' | '-' | '*', left: Expr, right: Expr): Kind | undefined {
  const [a, b] = [kindOf(body, left), kindOf(body, right)]
  if (operator === '*')
    return (a === 'duration' && b === 'int') || (a === 'int' && b === 'duration') ? 'duration' : undefined
  if ((a !== 'datetime' && a !== 'duration') || (b !== 'datetime' && b !== 'duration')) return undefined
  if (a === b) return operator === '-' || a === 'duration' ? 'duration' : undefined
  return a === 'datetime' || operator === '+' ? 'datetime' : undefined
}

export function kindOfType(type: Type): Kind | 'json' | undefined {
  switch (type.kind) {
    case 'string':
    case 'boolean':
    case 'int':
    case 'number':
    case 'datetime':
    case 'duration':
    case 'json':
    case 'entity':
      return type.kind
    case 'literal':
      return 'string'
    case 'union':
      return literalsOf(type) === undefined ? undefined : 'string'
    default:
      return undefined
  }
}

/** The texts that a value of the type can be, where they are known. */
export function literalsOf(type: Type): readonly string[] | undefined {
  if (type.kind === 'literal') return [type.value]
  if (type.kind !== 'union') return undefined
  const texts = type.of.flatMap((one) => (one.kind === 'literal' ? [one.value] : []))
  return texts.length === type.of.length && texts.length > 0 ? texts : undefined
}
