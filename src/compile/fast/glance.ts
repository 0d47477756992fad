import type { Expr } from '../../ir/expr.ts'
import type { Body } from '../body.ts'
import { type Code, js } from '../code.ts'
import { calculation, negation } from './arithmetic.ts'
import { orOther, whichever } from './choice.ts'
import { comparison } from './comparison.ts'
import { kindOf } from './kind.ts'
import { membership } from './membership.ts'
import { obtained } from './obtained.ts'
import { all, checked, type Glance, type Kind, type Operand } from './operand.ts'
import { isOfType, presence } from './presence.ts'
import { constantOf, fieldOf, localOf, variableOf } from './reads.ts'
import { type SetSource, setSourceOf } from './set-source.ts'
import { setTest } from './set-test.ts'
import { construction, interpolation } from './template.ts'
import { lengthOf, lowerCase, textTest } from './text.ts'

/** What can be told of an expression at a glance, if anything: without a call of the support library, and without making an object. */

/** A condition: true or false wherever all that is in `when` holds. */
export function conditionAt(body: Body, expr: Expr): Operand | undefined {
  return glanceOf(body).conditionOf(expr)
}

/** A value as values are everywhere, or, where its type says so, an `Ent`. Times are objects, and not made here. */
export function valueAt(body: Body, expr: Expr): Operand | undefined {
  if (expr.kind === 'constant' || expr.kind === 'variable' || expr.kind === 'local') return undefined
  const kind = kindOf(body, expr)
  if (kind === undefined || kind === 'json' || kind === 'datetime' || kind === 'duration') return undefined
  const operand = glanceOf(body).operandOf(expr, kind)
  if (operand === undefined) return undefined
  const { when, code } = checked(operand)
  // There is one zero.
  return { when, code: kind === 'int' || kind === 'number' ? js`${code} + 0` : code }
}

/** A text, the condition under which `code` is one, and that it is well-formed, which whoever finds it equal to a literal knows. */
export function textAt(
  body: Body,
  expr: Expr,
): { readonly when: Code; readonly code: Code; readonly isWellFormed: Code } | undefined {
  const operand = glanceOf(body).operandOf(expr, 'string')
  return operand && { when: all(operand.when), code: operand.code, isWellFormed: operand.text ?? js`true` }
}

/** A set whose elements can be looked at where they are. */
export function setSourceAt(body: Body, expr: Expr): SetSource | undefined {
  return setSourceOf(glanceOf(body), expr)
}

function glanceOf(body: Body): Glance {
  const glance: Glance = {
    body,
    operandOf: (expr, kind) => operandOf(glance, expr, kind),
    conditionOf: (expr) => conditionOf(glance, expr),
  }
  return glance
}

function conditionOf(glance: Glance, expr: Expr): Operand | undefined {
  const { body } = glance
  switch (expr.kind) {
    case 'compare':
      return comparison(glance, expr)
    case 'element':
      return membership(glance, expr)
    case 'has':
      return presence(glance, expr)
    case 'is':
      return isOfType(body, expr)
    case 'obtainable':
      return obtained(body, expr)
    case 'builtin':
      return textTest(glance, expr) ?? setTest(glance, expr)
    case 'recover':
      return conditionOf(glance, expr.operand)
    case 'not': {
      const of = conditionOf(glance, expr.operand)
      return of && { ...of, code: js`!${of.code}` }
    }
    default:
      return operandOf(glance, expr, 'boolean')
  }
}

function operandOf(glance: Glance, expr: Expr, kind: Kind): Operand | undefined {
  const { body } = glance
  switch (expr.kind) {
    case 'constant':
      return constantOf(body, expr, kind)
    case 'variable':
      return variableOf(body, expr, kind)
    case 'local':
      return localOf(body, expr, kind)
    case 'field':
      return fieldOf(glance, expr, kind)
    case 'arithmetic':
      return calculation(glance, expr, kind)
    case 'negate':
      return negation(glance, expr, kind)
    case 'coalesce':
      return orOther(glance, expr, kind)
    case 'conditional':
      return whichever(glance, expr, kind)
    case 'interpolate':
      return kind === 'string' ? interpolation(glance, expr) : undefined
    case 'construct':
      return kind === 'entity' ? construction(glance, expr) : undefined
    case 'builtin':
      if (expr.name === 'length' && (kind === 'int' || kind === 'number')) return lengthOf(glance, expr)
      return expr.name === 'toLowerCase' && kind === 'string' ? lowerCase(glance, expr) : undefined
    default:
      return undefined
  }
}
