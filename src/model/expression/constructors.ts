import type { Expr as Ir } from '../../ir/expr.ts'
import type { Index } from '../../syntax/ast.ts'
import { alternatives, entityType, isAll, isOpen, json, showShape, string, union } from '../shape.ts'
import type { Checked } from './checked.ts'
import { interpolation } from './literals.ts'
import { member } from './members.ts'
import { findLet } from './names.ts'
import { checkedUnknown, checkedValue, fail, type Scope } from './scope.ts'
import { expected, present } from './use.ts'

/** `T[…]`, the entity with this id, or `of[key]`. */
export function checkIndex(scope: Scope, expr: Index): Checked {
  const type = constructed(scope, expr)
  return type === undefined ? checkKey(scope, expr) : construct(scope, expr, type)
}

/** The type that an index expression constructs an entity of: a type's name that names nothing else here. */
function constructed(scope: Scope, expr: Index): string | undefined {
  if (expr.of.kind !== 'name') return undefined
  const { name } = expr.of
  if (scope.locals.has(name) || findLet(scope, name) !== undefined || scope.schema.roles.has(name)) return undefined
  return scope.schema.types.has(name) || scope.schema.broken.has(name) ? name : undefined
}

function construct(scope: Scope, expr: Index, type: string): Checked {
  const { index } = expr
  const entity = (parts: readonly (string | Ir)[]): Checked =>
    checkedValue(entityType(type), { kind: 'construct', type, parts, at: expr.span }, { stored: true })
  if (!scope.schema.types.has(type)) return checkedUnknown(expr.span)
  scope.report.notes?.refer(expr.of.span, { kind: 'type', name: type })
  if (index.kind !== 'string') {
    const key = scope.check(scope, index)
    if (key.shape.kind !== 'unknown' && key.shape.kind !== 'actors' && !isAll(key.shape, 'string', 'int'))
      return fail(scope, 'type-mismatch', key.span, `the id of an entity is a string, not ${showShape(key.shape)}`)
    return entity([present(scope, key)])
  }
  const parts = interpolation(scope, index)
  for (let i = 1; i < parts.length; i++)
    if (typeof parts[i] !== 'string' && typeof parts[i - 1] !== 'string')
      return fail(
        scope,
        'bad-template',
        index.span,
        'two values stand side by side: two pairs of them could make one id',
        'put a separator between them, such as `/`',
      )
  if (parts.length === 0) return fail(scope, 'bad-template', index.span, 'the id of an entity is not empty')
  return entity(parts)
}

function checkKey(scope: Scope, expr: Index): Checked {
  const of = scope.check(scope, expr.of)
  const { index } = expr
  const written =
    index.kind === 'string' && index.parts.every((part) => part.kind === 'text')
      ? index.parts.map((part) => (part.kind === 'text' ? part.value : '')).join('')
      : undefined
  if (written !== undefined && of.shape.kind !== 'unknown')
    return member(scope, of, written, index.span, expr.span, false)
  const key = scope.check(scope, index)
  if (of.shape.kind === 'unknown') return checkedUnknown(expr.span)
  const receiver = present(scope, of)
  if (isAll(of.shape, 'set') && !isOpen(of.shape))
    return fail(scope, 'type-mismatch', expr.span, 'a set has no positions', 'ask with `in`, `some` or `every`')
  if (!isAll(of.shape, 'map'))
    return fail(
      scope,
      'type-mismatch',
      expr.span,
      `${showShape(of.shape)} is not read by a computed key`,
      'maps and `json` are',
    )
  const ir = expected(scope, key, string, 'the key')
  const values =
    of.shape.kind === 'actors'
      ? []
      : alternatives(of.shape).map((t) => (t.kind === 'map' ? t.of : t.kind === 'dynamic' ? t : json))
  const type = union(values)
  return checkedValue(
    type,
    { kind: 'index', of: receiver, key: ir, type, at: expr.span },
    { optional: !isOpen(of.shape) },
  )
}
