import type { Expr as Licet } from '../../../syntax/ast.ts'
import { binary, boolean, call, conditional, has, index, member, method, string } from '../tree.ts'
import type { Expr } from './cedar.ts'
import { dynamic } from './shape.ts'
import { type Errors, together } from './sources-of-error.ts'
import { mayErr, ofKind, type Place, type Translated, truth, Untranslatable } from './translated.ts'
import type { World } from './world.ts'

export function tag(
  place: Place,
  expr: Expr & { readonly kind: 'binary' },
  of: Translated,
  named: Translated,
): Translated {
  const { world } = place
  const key = ofKind(place, expr.right, named, 'string')
  if (of.shape.kind !== 'entity') return tagOfAnything(place, expr, of, key)
  const tags = member(of.expr, world.fieldOfTags)
  const errors = [of.errors, key.errors]
  if (expr.operator === 'getTag')
    return { expr: index(call('dynamic', tags), key.expr), ...missingTag(world, expr, errors) }
  const isThere = binary('and', has(of.expr, world.fieldOfTags), binary('in', key.expr, tags))
  return { expr: withKey(key, isThere), shape: truth, errors: together(errors) }
}

/** A key that errs or is no text makes an error also of what has no tags. */
function withKey(key: Translated, isThere: Licet): Licet {
  return mayErr(key) ? conditional(method(key.expr, 'like', string('*')), isThere, boolean(false)) : isThere
}

function missingTag({ keyOf }: World, expr: Expr, errors: readonly Errors[]): Pick<Translated, 'shape' | 'errors'> {
  return { shape: dynamic, errors: together(errors, `${keyOf(expr)} is missing`) }
}

/** What is in itself is an entity; anything else makes an error, as it does in Cedar. */
function tagOfAnything(
  place: Place,
  expr: Expr & { readonly kind: 'binary' },
  of: Translated,
  key: Translated,
): Translated {
  const { world } = place
  const entity = ofKind(place, expr.left, of, 'entity')
  const isEntity = binary('in', entity.expr, entity.expr)
  const tags = member(entity.expr, world.fieldOfTags)
  const errors = [entity.errors, key.errors]
  if (expr.operator === 'getTag')
    return {
      expr: conditional(isEntity, index(tags, key.expr), call('dynamic', boolean(false))),
      ...missingTag(world, expr, errors),
    }
  if (expr.right.kind !== 'string')
    throw new Untranslatable('a computed tag of something that is not known to be an entity', expr.operator)
  const isThere = binary('and', has(entity.expr, world.fieldOfTags), has(tags, expr.right.value))
  return { expr: conditional(isEntity, isThere, boolean(false)), shape: truth, errors: together(errors) }
}
