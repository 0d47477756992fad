import type { Expr as Licet } from '../../../syntax/ast.ts'
import { binary, boolean, conditional, int, method, negative, not, record, ref, string } from '../tree.ts'
import { actionTest, actionTypeTest } from './action-tests.ts'
import { attribute, contextAttribute, contextPresence, presence, typeTest } from './attributes.ts'
import { type Expr, isAction, type Uid } from './cedar.ts'
import { extension } from './extension-calls.ts'
import { operator, patternText, receiver, setValue } from './operators.ts'
import { dynamic, merged } from './shape.ts'
import { narrowed, type Shown, shownBy, with_ } from './shown.ts'
import { firstOf, implied, together } from './sources-of-error.ts'
import { tag } from './tags.ts'
import { asDynamic, literal, ofKind, type Place, sure, type Translated, truth, Untranslatable } from './translated.ts'

/**
 * What of a condition has to be kept. Cedar looks at operands from left to right and no further than it has to; `and` and `or` here
 * look at both. They are the same but where an operand errs, and often it does not matter which of *error* and *false* comes out:
 * `true` keeps when it is true, `false` when it is false, `all` both.
 */
type Keep = 'all' | 'true' | 'false'

const opposite = { all: 'all', true: 'false', false: 'true' } as const

export function condition(place: Place, expr: Expr, keep: Keep, shown: Shown): Translated {
  switch (expr.kind) {
    case 'unary':
      if (expr.operator !== '!') break
      return mapped(condition(place, expr.operand, opposite[keep], shown), not)
    case 'binary':
      if (expr.operator === '&&' || expr.operator === '||') return connective(place, expr, keep, shown)
      break
    case 'has':
      if (expr.path.length > 1) return condition(place, stepByStep(expr.of, expr.path), keep, shown)
      break
    case 'is':
      if (expr.in !== undefined) {
        const { of, type } = expr
        const within: Expr = { kind: 'binary', operator: 'in', left: of, right: expr.in }
        return condition(
          place,
          { kind: 'binary', operator: '&&', left: { kind: 'is', of, type }, right: within },
          keep,
          shown,
        )
      }
      break
    case 'if': {
      const test = condition(place, expr.condition, 'all', shown)
      const then = condition(place, expr.then, keep, with_(shown, shownBy(expr.condition, true)))
      const otherwise = condition(place, expr.otherwise, keep, with_(shown, shownBy(expr.condition, false)))
      return {
        expr: conditional(test.expr, then.expr, otherwise.expr),
        shape: truth,
        errors: firstOf(test.errors, then.errors, otherwise.errors),
      }
    }
  }
  const found = value(place, expr, shown)
  if (found.shape.kind === 'boolean') return found
  return { ...ofKind(place, expr, found, 'boolean'), shape: truth }
}

function connective(place: Place, expr: Expr & { readonly kind: 'binary' }, keep: Keep, shown: Shown): Translated {
  const isAnd = expr.operator === '&&'
  const later = with_(shown, shownBy(expr.left, isAnd))
  // Where the whole is only asked for what all its operands have to be, the order does not matter.
  const isSymmetric = keep === (isAnd ? 'true' : 'false')
  const left = condition(place, expr.left, isSymmetric ? keep : 'all', shown)
  const right = condition(place, expr.right, keep, later)
  const errors = firstOf(left.errors, right.errors)
  if (isSymmetric || implied(left.errors, right.errors))
    return { expr: binary(isAnd ? 'and' : 'or', left.expr, right.expr), shape: truth, errors }
  const inOrder = isAnd
    ? conditional(left.expr, right.expr, boolean(false))
    : conditional(left.expr, boolean(true), right.expr)
  return { expr: inOrder, shape: truth, errors }
}

function stepByStep(of: Expr, path: readonly string[]): Expr {
  const [first = '', ...rest] = path
  const test: Expr = { kind: 'has', of, path: [first] }
  if (rest.length === 0) return test
  const right = stepByStep({ kind: 'attribute', of, name: first }, rest)
  return { kind: 'binary', operator: '&&', left: test, right }
}

/** The value of an expression, errors and all. */
export function value(place: Place, expr: Expr, shown: Shown): Translated {
  switch (expr.kind) {
    case 'boolean':
      return sure(boolean(expr.value), truth)
    case 'long':
      return sure(int(expr.value), { kind: 'long' })
    case 'string':
      return sure(string(expr.value), { kind: 'string' })
    case 'entity':
      return entityValue(place, expr.uid)
    case 'variable':
      return narrowed(variableValue(place, expr.name), expr, shown)
    case 'unary':
      return unary(place, expr, shown)
    case 'binary':
      return binaryValue(place, expr, shown)
    case 'attribute':
      return narrowed(
        isContext(expr.of)
          ? contextAttribute(place, expr, shown)
          : attribute(place, expr, value(place, expr.of, shown), shown),
        expr,
        shown,
      )
    case 'has': {
      const [name = '', ...more] = expr.path
      if (more.length > 0) return condition(place, expr, 'all', shown)
      return isContext(expr.of) ? contextPresence(name) : presence(place, expr.of, name, value(place, expr.of, shown))
    }
    case 'like': {
      const of = ofKind(place, expr.of, value(place, expr.of, shown), 'string')
      return { expr: method(of.expr, 'like', string(patternText(expr.pattern))), shape: truth, errors: of.errors }
    }
    case 'is':
      if (expr.in !== undefined) return condition(place, expr, 'all', shown)
      return actionTypeTest(place, expr) ?? typeTest(place, expr, value(place, expr.of, shown))
    case 'if':
      return choice(place, expr, shown)
    case 'set':
      return setValue(expr.elements.map((element) => value(place, element, shown)))
    case 'record': {
      const entries = expr.entries.map(([key, part]) => [key, value(place, part, shown)] as const)
      return {
        expr: record(entries.map(([key, part]) => [key, part.expr])),
        shape: { kind: 'record', fields: new Map(entries.map(([key, { shape }]) => [key, { shape, required: true }])) },
        errors: together(entries.map(([, { errors }]) => errors)),
      }
    }
    case 'call':
      return extension(
        place,
        expr,
        expr.args.map((arg) => value(place, arg, shown)),
      )
  }
}

function mapped(of: Translated, map: (expr: Licet) => Licet): Translated {
  return { ...of, expr: map(of.expr) }
}

function entityValue({ world }: Place, uid: Uid): Translated {
  if (isAction(uid)) throw new Untranslatable('an action as a value, which is none here', uid.id)
  return sure(literal(world, uid), { kind: 'entity', types: [uid.type] })
}

function variableValue(
  { principals, resources }: Place,
  name: 'principal' | 'action' | 'resource' | 'context',
): Translated {
  switch (name) {
    case 'principal':
      return sure(ref('actor'), { kind: 'entity', types: principals })
    case 'resource':
      return sure(ref('resource'), { kind: 'entity', types: resources })
    case 'action':
      throw new Untranslatable('the action as a value, which is a name here', 'action')
    case 'context':
      throw new Untranslatable('the context as a whole, of which only the parts can be read here', 'context')
  }
}

function isContext(expr: Expr): boolean {
  return expr.kind === 'variable' && expr.name === 'context'
}

function unary(place: Place, expr: Expr & { readonly kind: 'unary' }, shown: Shown): Translated {
  const { world } = place
  switch (expr.operator) {
    case '!':
      return condition(place, expr, 'all', shown)
    case 'neg': {
      const of = ofKind(place, expr.operand, value(place, expr.operand, shown), 'long')
      return {
        expr: negative(of.expr),
        shape: { kind: 'long' },
        errors: together([of.errors], `${world.keyOf(expr)} overflows`),
      }
    }
    case 'isEmpty': {
      const of = receiver(place, expr.operand, value(place, expr.operand, shown))
      return { expr: method(of.expr, 'isEmpty'), shape: truth, errors: of.errors }
    }
  }
}

function binaryValue(place: Place, expr: Expr & { readonly kind: 'binary' }, shown: Shown): Translated {
  const aboutAction = actionTest(place, expr)
  if (aboutAction !== undefined) return sure(aboutAction, truth)
  if (expr.operator === '&&' || expr.operator === '||') return condition(place, expr, 'all', shown)
  const [left, right] = [value(place, expr.left, shown), value(place, expr.right, shown)]
  const isTag = expr.operator === 'hasTag' || expr.operator === 'getTag'
  return isTag ? tag(place, expr, left, right) : operator(place, expr, left, right)
}

function choice(place: Place, expr: Expr & { readonly kind: 'if' }, shown: Shown): Translated {
  const test = condition(place, expr.condition, 'all', shown)
  const then = value(place, expr.then, with_(shown, shownBy(expr.condition, true)))
  const otherwise = value(place, expr.otherwise, with_(shown, shownBy(expr.condition, false)))
  const shape = merged(then.shape, otherwise.shape)
  const first = shape === undefined ? asDynamic(then) : then
  return {
    expr: conditional(test.expr, first.expr, otherwise.expr),
    shape: shape ?? dynamic,
    errors: firstOf(test.errors, then.errors, otherwise.errors),
  }
}
