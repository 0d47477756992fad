import type { Expr as Ir } from '../../ir/expr.ts'
import type { Binary, Expr } from '../../syntax/ast.ts'
import { boolean, entityNamesOf, isAll, showShape } from '../shape.ts'
import type { Checked } from './checked.ts'
import { common, type Narrowed, narrow, shownPath } from './narrowing.ts'
import { checkedUnknown, checkedValue, fail, type Scope } from './scope.ts'
import { asEntities, present } from './use.ts'
import { checkVariable } from './variables.ts'

/** An expression where a condition is wanted: a boolean, or a set of actors, which means that the actor is in it. */
export function checkCondition(scope: Scope, expr: Expr): Checked {
  switch (expr.kind) {
    case 'binary':
      if (expr.operator === 'and' || expr.operator === 'or') return checkConnective(scope, expr)
      break
    case 'unary':
      if (expr.operator === 'not') {
        const { ir, whenTrue, whenFalse } = checkCondition(scope, expr.operand)
        return checkedValue(
          boolean,
          { kind: 'not', operand: ir, at: expr.span },
          { whenTrue: whenFalse, whenFalse: whenTrue },
        )
      }
      break
    case 'conditional': {
      const condition = checkCondition(scope, expr.condition)
      const then = checkCondition(within(scope, condition.whenTrue), expr.then)
      const otherwise = checkCondition(within(scope, condition.whenFalse), expr.else)
      return checkedValue(
        boolean,
        { kind: 'conditional', condition: condition.ir, then: then.ir, else: otherwise.ir, at: expr.span },
        { whenTrue: common(then.whenTrue, otherwise.whenTrue), whenFalse: common(then.whenFalse, otherwise.whenFalse) },
      )
    }
  }
  return coerce(scope, scope.check(scope, expr))
}

export function within(scope: Scope, shown: readonly Narrowed[]): Scope {
  return shown.length === 0 ? scope : { ...scope, narrowing: narrow(scope.narrowing, shown) }
}

/** `a and b and c`, a chain however long: each operand is checked knowing what the ones before it have shown. */
function checkConnective(scope: Scope, expr: Binary): Checked {
  const { operator } = expr
  const spine: Expr[] = []
  let left: Expr = expr
  while (left.kind === 'binary' && left.operator === operator) {
    spine.push(left.right)
    left = left.left
  }
  spine.push(left)
  const shown: Narrowed[] = []
  let alike: readonly Narrowed[] | undefined
  let inner = scope
  const operands = spine.reverse().map((operand) => {
    const checked = checkCondition(inner, operand)
    const passed = operator === 'and' ? checked.whenTrue : checked.whenFalse
    const other = operator === 'and' ? checked.whenFalse : checked.whenTrue
    shown.push(...passed)
    alike = alike === undefined ? other : common(alike, other)
    inner = within(inner, passed)
    return checked.ir
  })
  return checkedValue(
    boolean,
    { kind: operator === 'and' ? 'and' : 'or', operands, at: expr.span },
    operator === 'and' ? { whenTrue: shown, whenFalse: alike ?? [] } : { whenTrue: alike ?? [], whenFalse: shown },
  )
}

function coerce(scope: Scope, checked: Checked): Checked {
  const { shape, span } = checked
  if (shape.kind === 'unknown') return checkedUnknown(span)
  if (scope.nobody && (checked.holds !== undefined || entityNamesOf(shape) !== undefined))
    return checkVariable(scope, 'actor', span)
  const actor: Ir = { kind: 'variable', name: 'actor', at: span }
  if (checked.holds !== undefined) return checkedValue(boolean, checked.holds(actor, span))
  const names = entityNamesOf(shape)
  if (names !== undefined) {
    if (
      checked.stored &&
      checked.ir.kind !== 'variable' &&
      checked.ir.kind !== 'construct' &&
      checked.entities !== undefined
    )
      return names.some((name) => scope.schema.actorContainers.has(name))
        ? checkedValue(boolean, { kind: 'contained', subject: actor, within: asEntities(checked), at: span })
        : fail(scope, 'never-true', span, `no actor is ever in ${showShape(shape)}`, presence(checked))
    const path = checked.path === undefined ? undefined : shownPath(checked.path)
    return fail(
      scope,
      'not-a-condition',
      span,
      `${showShape(shape)} is no condition`,
      path === undefined || !path.includes('.')
        ? 'write `actor in …` for membership, `== actor` for identity'
        : `write \`actor in ${path}\` for membership, ${presence(checked)}`,
    )
  }
  const ir = present(scope, checked)
  if (!isAll(shape, 'boolean'))
    return fail(
      scope,
      'not-a-condition',
      span,
      `${showShape(shape)} is no condition`,
      'a boolean or a set of actors is',
    )
  return shape.kind === 'boolean' && !checked.optional ? checked : { ...checked, shape: boolean, ir, optional: false }
}

/** How to ask whether a field is set. */
function presence({ path }: Checked): string | undefined {
  const shown = path === undefined ? '' : shownPath(path)
  const dot = shown.lastIndexOf('.')
  return dot < 0 ? undefined : `\`${shown.slice(0, dot)} has ${shown.slice(dot + 1)}\` for presence`
}
