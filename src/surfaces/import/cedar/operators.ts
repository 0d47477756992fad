import type { Expr as Licet } from '../../../syntax/ast.ts'
import { binary, method, set } from '../tree.ts'
import type { Expr, PatternPart } from './cedar.ts'
import { comparable, dynamic, merged, type Shape } from './shape.ts'
import { together } from './sources-of-error.ts'
import { asDynamic, isOpen, mayErr, ofKind, type Place, type Translated, truth } from './translated.ts'
import { canContain } from './world.ts'

type BinaryExpr = Expr & { readonly kind: 'binary' }

/** Of operands that are both evaluated. */
export function operator(place: Place, expr: BinaryExpr, left: Translated, right: Translated): Translated {
  const errors = together([left.errors, right.errors])
  switch (expr.operator) {
    case '==':
    case '!=': {
      const [l, r] = compared(left, right)
      return { expr: binary(expr.operator, l.expr, r.expr), shape: truth, errors }
    }
    case 'in':
      return membership(place, expr, left, right)
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [l, r] = ordered(place, expr, left, right)
      return { expr: binary(expr.operator, l.expr, r.expr), shape: truth, errors: together([l.errors, r.errors]) }
    }
    case '+':
    case '-':
    case '*': {
      let [l, r] = [ofKind(place, expr.left, left, 'long'), ofKind(place, expr.right, right, 'long')]
      // Products of two unknowns are for imports only.
      if (expr.operator === '*' && !isOpen(l) && !isOpen(r) && !isInt(l.expr) && !isInt(r.expr)) l = asDynamic(l)
      return {
        expr: binary(expr.operator, l.expr, r.expr),
        shape: { kind: 'long' },
        errors: together([l.errors, r.errors], `${place.world.keyOf(expr)} overflows`),
      }
    }
    case 'contains':
      return contains(place, expr, left, right)
    case 'containsAll':
    case 'containsAny': {
      let [of, other] = [receiver(place, expr.left, left), receiver(place, expr.right, right)]
      if (!comparable(of.shape, other.shape) || (isWritten(of.expr) && isWritten(other.expr))) of = asDynamic(of)
      return {
        expr: method(of.expr, expr.operator, other.expr),
        shape: truth,
        errors: together([of.errors, other.errors]),
      }
    }
    default:
      throw new Error(`invariant: \`${expr.operator}\` is translated elsewhere`)
  }
}

function isInt(expr: Licet): boolean {
  return expr.kind === 'int' || (expr.kind === 'unary' && expr.operator === '-' && expr.operand.kind === 'int')
}

/** Only what is written out in the policy, so that the checker can tell that it is never equal to something else. */
function isWritten(expr: Licet): boolean {
  return expr.kind === 'string' || (expr.kind === 'set' && expr.elements.some(isWritten))
}

function compared(left: Translated, right: Translated): readonly [Translated, Translated] {
  const isTold = isWritten(left.expr) && isWritten(right.expr)
  if (isOpen(left) || isOpen(right)) return [left, right]
  return comparable(left.shape, right.shape) && !isTold ? [left, right] : [asDynamic(left), right]
}

/** Operands that have an order, which is known only of two of one kind. */
function ordered(
  place: Place,
  expr: Expr & { readonly kind: 'binary' },
  left: Translated,
  right: Translated,
): [Translated, Translated] {
  const kinds = ['long', 'datetime', 'duration'] as const
  const [a, b] = [kinds.find((kind) => kind === left.shape.kind), kinds.find((kind) => kind === right.shape.kind)]
  if (a === undefined && b === undefined) {
    const source = `${place.world.keyOf(expr)} has no order`
    return [{ ...asDynamic(left), errors: together([left.errors], source) }, asDynamic(right)]
  }
  return [ofKind(place, expr.left, left, b ?? a ?? 'long'), ofKind(place, expr.right, right, a ?? b ?? 'long')]
}

/** Something with the methods of sets. */
export function receiver(place: Place, expr: Expr, of: Translated): Translated {
  return isStrictSet(of) ? of : ofKind(place, expr, of, 'set')
}

/** `dynamic([…])`, which is a set if it is no error. */
function isStrictSet({ expr }: Translated): boolean {
  return expr.kind === 'call' && expr.function.text === 'dynamic' && expr.args[0]?.kind === 'set'
}

function contains(
  place: Place,
  expr: Expr & { readonly kind: 'binary' },
  left: Translated,
  right: Translated,
): Translated {
  let of = receiver(place, expr.left, left)
  const errors = together([of.errors, right.errors])
  const element = of.shape.kind === 'set' ? of.shape.of : dynamic
  const isTold = isWritten(of.expr) && isWritten(right.expr)
  if (!comparable(element, right.shape) || isTold) of = asDynamic(of)
  else if (
    of.expr.kind === 'set' &&
    element.kind !== 'entity' &&
    element.kind !== 'dynamic' &&
    right.shape.kind !== 'entity'
  )
    return { expr: binary('in', right.expr, of.expr), shape: truth, errors }
  return { expr: method(of.expr, 'includes', right.expr), shape: truth, errors }
}

function membership(
  place: Place,
  expr: Expr & { readonly kind: 'binary' },
  left: Translated,
  right: Translated,
): Translated {
  const { world } = place
  const { shape } = right
  const containers = shape.kind === 'set' ? shape.of : shape
  if (containers.kind !== 'entity' || left.shape.kind !== 'entity') {
    const l = ofKind(place, expr.left, left, 'entity')
    const isSet = shape.kind === 'set' && containers.kind === 'dynamic' && right.expr.kind !== 'set'
    const r = containers.kind === 'entity' || isSet ? right : asDynamic(right)
    const isTold = containers.kind === 'entity' || (shape.kind === 'set' && shape.entities === true)
    const own = isTold ? [] : [`${world.keyOf(expr.right)} is no entity or entities`]
    return { expr: binary('in', l.expr, r.expr), shape: truth, errors: together([l.errors, r.errors], ...own) }
  }
  const { types } = left.shape
  const isPossible = types.some((type) =>
    containers.types.some((container) => canContain(world.containers, container, type)),
  )
  const errors = together([left.errors, right.errors])
  return { expr: binary('in', (isPossible ? left : asDynamic(left)).expr, right.expr), shape: truth, errors }
}

export function setValue(elements: readonly Translated[]): Translated {
  const expr = set(elements.map((element) => element.expr))
  const errors = together(elements.map((element) => element.errors))
  const [first, ...rest] = elements
  // Of no type at all, so that nothing could be in it as the checker sees it.
  if (first === undefined) return asDynamic({ expr, shape: { kind: 'set', of: dynamic }, errors })
  const of = rest.reduce<Shape | undefined>((all, { shape }) => all && merged(all, shape), first.shape)
  const found: Translated = { expr, shape: { kind: 'set', of: of ?? dynamic }, errors }
  // An element that errs makes the whole an error in Cedar, whether it matters or not.
  return of === undefined || mayErr(found) ? asDynamic(found) : found
}

/** A star of the text is escaped, and a backslash. */
export function patternText(pattern: readonly PatternPart[]): string {
  return pattern.map((part) => (part.wildcard ? '*' : part.text.replace(/[\\*]/g, '\\$&'))).join('')
}
