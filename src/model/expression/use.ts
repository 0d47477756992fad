import type { Expr as Ir } from '../../ir/expr.ts'
import { fits, type Shape, showShape, unknown } from '../shape.ts'
import type { Checked } from './checked.ts'
import { shownPath } from './narrowing.ts'
import { fail, type Scope } from './scope.ts'

/** The value of an expression where it has to be present: complains where it may be absent or is no value. */
export function present(scope: Scope, checked: Checked): Ir {
  if (checked.shape.kind === 'actors') {
    fail(
      scope,
      'role-as-value',
      checked.span,
      `\`${checked.shape.name}\` is a set of actors and no value`,
      `it can be asked for membership: \`actor in ${checked.shape.name}\``,
    )
  } else if (checked.complain !== undefined) checked.complain()
  else if (checked.optional && checked.shape.kind !== 'unknown') {
    const name = shownPath(checked.path ?? 'this')
    const dot = name.lastIndexOf('.')
    const test = dot > 0 ? `test it first, \`${name.slice(0, dot)} has ${name.slice(dot + 1)}\`, or ` : ''
    fail(
      scope,
      'maybe-absent',
      checked.span,
      checked.path === undefined ? 'this value may be absent' : `\`${name}\` may be absent`,
      `${test}give a default with \`??\``,
    )
  }
  return checked.ir
}

/** As `present`, for a value of a shape; `what` names it in the message. */
export function expected(scope: Scope, checked: Checked, shape: Shape, what: string): Ir {
  const ir = present(scope, checked)
  if (checked.shape.kind !== 'actors' && !fits(checked.shape, shape))
    fail(scope, 'type-mismatch', checked.span, `${what} is ${showShape(checked.shape)}, expected ${showShape(shape)}`)
  return ir
}

/** The entities that an expression stands for as a step towards a set of actors, where absent is empty. */
export function asEntities(checked: Checked): Ir {
  return checked.entities === undefined ? checked.ir : checked.entities()
}

/** As much as can be known of something whose shape is wrong. */
export function shapeOr(checked: Checked): Shape {
  return checked.shape.kind === 'actors' ? unknown : checked.shape
}
