import type { Expr as Ir } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import type { Binary, Call, Conditional, Expr, Has, Is, Unary } from '../../syntax/ast.ts'
import {
  boolean,
  duration,
  either,
  entityNames,
  hasDynamic,
  int,
  isAll,
  isOpen,
  number,
  overlaps,
  type Shape,
  showShape,
} from '../shape.ts'
import { checkArithmetic } from './arithmetic.ts'
import type { Checked } from './checked.ts'
import { within } from './condition.ts'
import { checkInt, unknownType } from './literals.ts'
import { member, pathTo } from './members.ts'
import { checkMembership, nearestLiteral } from './membership.ts'
import { shownPath } from './narrowing.ts'
import { checkedUnknown, checkedValue, fail, type Scope } from './scope.ts'
import { present, shapeOr } from './use.ts'

export function checkBinary(scope: Scope, expr: Binary): Checked {
  switch (expr.operator) {
    case 'and':
    case 'or':
      return scope.checkCondition(scope, expr)
    case 'in':
      return checkMembership(scope, expr)
    case '==':
    case '!=':
      return checkEquality(scope, expr)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return checkOrder(scope, expr)
    case '??':
      return checkCoalesce(scope, expr)
    case '+':
    case '-':
    case '*':
      return checkArithmetic(scope, expr)
  }
}

function checkEquality(scope: Scope, expr: Binary): Checked {
  const left = scope.check(scope, expr.left)
  const right = scope.check(scope, expr.right)
  const l = present(scope, left)
  const r = present(scope, right)
  if (left.shape.kind === 'actors' || right.shape.kind === 'actors') return checkedUnknown(expr.span)
  if (!overlaps(left.shape, right.shape))
    fail(
      scope,
      'never-true',
      expr.span,
      `${showShape(left.shape)} and ${showShape(right.shape)} are never equal`,
      equalityHelp(left.shape, right.shape),
    )
  const at = expr.span
  if (hasDynamic(left.shape) || hasDynamic(right.shape)) {
    const same: Ir = { kind: 'builtin', name: 'same', args: [l, r], at }
    return checkedValue(boolean, expr.operator === '!=' ? { kind: 'not', operand: same, at } : same)
  }
  return checkedValue(boolean, {
    kind: 'compare',
    operator: expr.operator === '!=' ? '!=' : '==',
    left: l,
    right: r,
    at,
  })
}

function equalityHelp(a: Shape, b: Shape): string | undefined {
  const [entities, other] = entityNames(a) !== undefined ? [entityNames(a), b] : [entityNames(b), a]
  if (entities !== undefined && isAll(other, 'string') && !isOpen(other))
    return `write the entity: \`${entities[0]}:"…"\``
  if (a.kind === 'set' || b.kind === 'set') return 'ask for membership with `in`'
  return nearestLiteral(a, b) ?? nearestLiteral(b, a)
}

/** `authAge() <= 5m` is one fact that the caller can go and get; `authAge()` alone is no value. */
function authAge(expr: Expr): expr is Call {
  return expr.kind === 'call' && expr.function.text === 'authAge'
}

function checkOrder(scope: Scope, expr: Binary): Checked {
  const ageFirst = authAge(expr.left) && (expr.operator === '<' || expr.operator === '<=')
  const ageLast = authAge(expr.right) && (expr.operator === '>' || expr.operator === '>=')
  if (ageFirst || ageLast) {
    const bound = scope.check(scope, ageFirst ? expr.right : expr.left)
    if (bound.ir.kind !== 'constant' || bound.ir.value.kind !== 'duration')
      return fail(
        scope,
        'type-mismatch',
        bound.span,
        'the age of an authentication is bounded by a duration',
        'such as `authAge() <= 5m`',
      )
    return checkedValue(boolean, {
      kind: 'obtainable',
      fact: {
        kind: 'auth-age',
        atMost: bound.ir.value.value,
        strict: expr.operator === '<' || expr.operator === '>',
      },
      at: expr.span,
    })
  }
  const left = scope.check(scope, expr.left)
  const right = scope.check(scope, expr.right)
  const l = present(scope, left)
  const r = present(scope, right)
  const both = (...kinds: Type['kind'][]) => isAll(left.shape, ...kinds) && isAll(right.shape, ...kinds)
  if (!both('int', 'number') && !both('datetime') && !both('duration'))
    fail(
      scope,
      'type-mismatch',
      expr.span,
      `${showShape(left.shape)} and ${showShape(right.shape)} have no order`,
      both('string')
        ? 'strings have none: compare with `==`, or numbers'
        : isAll(left.shape, 'datetime') || isAll(right.shape, 'datetime')
          ? 'a point in time is written `datetime("2027-01-01T00:00:00Z")`'
          : 'two numbers, two datetimes or two durations have one',
    )
  return checkedValue(boolean, { kind: 'compare', operator: expr.operator as '<', left: l, right: r, at: expr.span })
}

function checkCoalesce(scope: Scope, expr: Binary): Checked {
  const left = scope.check(scope, expr.left)
  const right = scope.check(scope, expr.right)
  if (left.complain !== undefined) left.complain()
  const leftIr = left.shape.kind === 'actors' ? present(scope, left) : left.ir
  const rightIr = right.shape.kind === 'actors' ? present(scope, right) : right.ir
  const [l, r] = [shapeOr(left), shapeOr(right)]
  const ir: Ir = { kind: 'coalesce', left: leftIr, right: rightIr, at: expr.span }
  return checkedValue(either(l, r), ir, { optional: right.optional })
}

export function checkUnary(scope: Scope, expr: Unary): Checked {
  if (expr.operator === 'not') return scope.checkCondition(scope, expr)
  if (expr.operand.kind === 'int') return checkInt(scope, { ...expr.operand, span: expr.span }, true)
  const operand = scope.check(scope, expr.operand)
  const ir = present(scope, operand)
  const shape = shapeOr(operand)
  if (ir.kind === 'constant' && (ir.value.kind === 'number' || ir.value.kind === 'duration'))
    return checkedValue(shape, { ...ir, value: { ...ir.value, value: -ir.value.value }, at: expr.span })
  const domain = isAll(shape, 'int')
    ? 'int'
    : isAll(shape, 'int', 'number')
      ? 'number'
      : isAll(shape, 'duration')
        ? 'time'
        : undefined
  if (domain === undefined)
    return fail(scope, 'type-mismatch', expr.span, `${showShape(operand.shape)} has no opposite`)
  return checkedValue(domain === 'int' ? int : domain === 'number' ? number : duration, {
    kind: 'negate',
    domain,
    operand: ir,
    at: expr.span,
  })
}

export function checkHas(scope: Scope, expr: Has): Checked {
  const of = scope.check(scope, expr.of)
  const ir = present(scope, of)
  if (of.shape.kind === 'unknown' || of.shape.kind === 'actors') return checkedUnknown(expr.span)
  const name = expr.key.text
  const entity = entityNames(of.shape)
  if (entity === undefined && !isAll(of.shape, 'record', 'map'))
    return fail(
      scope,
      'type-mismatch',
      expr.of.span,
      `${showShape(of.shape)} has no keys`,
      'entities, records and maps have',
    )
  const types = entity?.map((t) => scope.schema.types.get(t)) ?? []
  const relation = types.some((t) => t?.fields.get(name)?.relation === true)
  const isRole = types.find((t) => t?.roles.has(name) || (t?.permissions.has(name) && !t.fields.has(name)))
  if (isRole !== undefined)
    return fail(
      scope,
      'role-as-value',
      expr.key.span,
      `\`${name}\` is a role or permission, which is never absent`,
      `write \`${shownPath(of.path ?? 'it')}.${name}\` for "the actor is in it"`,
    )
  // Says what is wrong with the key as reading it would, and nothing more.
  if (entity !== undefined || of.shape.kind === 'record') {
    const reading = member({ ...scope, narrowing: undefined }, of, name, expr.key.span, expr.span, false)
    if (reading.shape.kind === 'unknown') return checkedUnknown(expr.span)
  }
  const path = pathTo(of.path, name)
  return checkedValue(
    boolean,
    { kind: 'has', of: ir, name, relation, at: expr.span },
    path === undefined ? {} : { whenTrue: [{ kind: 'present', path }] },
  )
}

export function checkIs(scope: Scope, expr: Is): Checked {
  const of = scope.check(scope, expr.of)
  const ir = present(scope, of)
  const type = expr.type.text
  if (!scope.schema.types.has(type)) {
    unknownType(scope, type, expr.type.span)
    return checkedUnknown(expr.span)
  }
  scope.report.notes?.refer(expr.type.span, { kind: 'type', name: type })
  const names = entityNames(of.shape)
  if (of.shape.kind !== 'unknown' && of.shape.kind !== 'actors') {
    if (names === undefined && !isOpen(of.shape))
      return fail(scope, 'type-mismatch', expr.of.span, `${showShape(of.shape)} is no entity`)
    // An anonymous actor is of no declared type, so `actor is User` can fail where User is the only one.
    if (names !== undefined && !names.includes(type))
      return fail(scope, 'never-true', expr.span, `${showShape(of.shape)} is never \`${type}\``)
  }
  const path = of.path
  return checkedValue(
    boolean,
    { kind: 'is', of: ir, type, at: expr.span },
    path === undefined ? {} : { whenTrue: [{ kind: 'is', path, type }], whenFalse: [{ kind: 'is-not', path, type }] },
  )
}

export function checkConditional(scope: Scope, expr: Conditional): Checked {
  const condition = scope.checkCondition(scope, expr.condition)
  const then = scope.check(within(scope, condition.whenTrue), expr.then)
  const otherwise = scope.check(within(scope, condition.whenFalse), expr.else)
  for (const branch of [then, otherwise]) {
    if (branch.shape.kind === 'actors') return scope.checkCondition(scope, expr)
    if (branch.complain !== undefined) branch.complain()
  }
  return checkedValue(
    either(shapeOr(then), shapeOr(otherwise)),
    { kind: 'conditional', condition: condition.ir, then: then.ir, else: otherwise.ir, at: expr.span },
    { optional: then.optional || otherwise.optional },
  )
}
