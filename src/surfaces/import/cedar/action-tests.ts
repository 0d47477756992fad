import type { Expr as Licet } from '../../../syntax/ast.ts'
import { binary, boolean, not, ref, set, string } from '../tree.ts'
import { type Expr, isAction } from './cedar.ts'
import { uidKey } from './schema.ts'
import { type Place, sure, type Translated, truth, Untranslatable } from './translated.ts'

/** Tests of the action itself: which it is, is known by its name. */
export function actionTest(
  place: Place,
  { operator, left, right }: Expr & { readonly kind: 'binary' },
): Licet | undefined {
  const [other, isRight] = isVariable(left) ? [right, false] : isVariable(right) ? [left, true] : []
  if (other === undefined) return undefined
  const elements = other.kind === 'set' ? other.elements : [other]
  const uids = elements.map((one) => (one.kind === 'entity' ? one.uid : undefined))
  if (!uids.every((uid) => uid !== undefined)) return undefined
  const keys = uids.filter(isAction).map(uidKey)
  const known = (key: string) => place.world.actions.get(key)
  switch (operator) {
    case '==':
    case '!=': {
      if (other.kind === 'set') return boolean(operator === '!=')
      const test = oneOf(place, keys)
      return operator === '==' ? test : not(test)
    }
    case 'in':
      return isRight
        ? undefined
        : oneOf(
            place,
            keys.flatMap((key) => known(key)?.stands ?? []),
          )
    case 'contains':
      return isRight && other.kind === 'set' ? oneOf(place, keys) : undefined
    default:
      return undefined
  }
}

/** What is known of the type of the action; undefined of anything else. */
export function actionTypeTest(place: Place, { of, type }: Expr & { readonly kind: 'is' }): Translated | undefined {
  if (isAction({ type, id: '' }) && !isVariable(of))
    throw new Untranslatable('an action as a value, which is none here', type)
  if (!isVariable(of)) return undefined
  const types = place.actions.map((key) => place.world.actions.get(key)?.uid.type)
  if (types.every((one) => one === type)) return sure(boolean(true), truth)
  if (!types.includes(type)) return sure(boolean(false), truth)
  throw new Untranslatable('actions of several namespaces, which have none here', 'is')
}

function isVariable(expr: Expr): boolean {
  return expr.kind === 'variable' && expr.name === 'action'
}

function oneOf({ actions, world }: Place, keys: readonly string[]): Licet {
  const meant = actions.filter((key) => keys.includes(key))
  if (meant.length === 0 || meant.length === actions.length) return boolean(meant.length > 0)
  const names = meant.map((key) => string(world.actions.get(key)?.name ?? ''))
  const [only] = names
  return names.length === 1 && only !== undefined
    ? binary('==', ref('action'), only)
    : binary('in', ref('action'), set(names))
}
