import { nearest } from '../../base/suggest.ts'
import type { Expr as Ir } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import type { Binary } from '../../syntax/ast.ts'
import {
  alternatives,
  boolean,
  entityNames,
  entityNamesOf,
  fits,
  hasDynamic,
  isAll,
  isOpen,
  overlaps,
  type Shape,
  set,
  showShape,
  string,
} from '../shape.ts'
import type { Checked } from './checked.ts'
import { checkedUnknown, checkedValue, fail, type Scope } from './scope.ts'
import { asEntities, present } from './use.ts'

/** `a in b`: containment everywhere. */
export function checkMembership(scope: Scope, expr: Binary): Checked {
  const left = scope.check(scope, expr.left)
  const right = scope.check(scope, expr.right)
  const at = expr.span
  const value = present(scope, left)
  if (left.shape.kind === 'unknown' || left.shape.kind === 'actors') {
    if (right.holds === undefined) present(scope, right)
    return checkedUnknown(at)
  }
  const subject = entityNames(left.shape)
  if (right.holds !== undefined) {
    if (subject === undefined && !isOpen(left.shape))
      return fail(
        scope,
        'type-mismatch',
        left.span,
        `${showShape(left.shape)} is no entity: only an entity can hold \`${right.shape.kind === 'actors' ? right.shape.name : ''}\``,
      )
    return checkedValue(boolean, right.holds(value, at))
  }
  if (right.shape.kind === 'unknown') return checkedUnknown(at)
  const containers = entityNamesOf(right.shape)
  if (containers !== undefined) {
    if (subject === undefined && !isOpen(left.shape))
      return fail(
        scope,
        'type-mismatch',
        left.span,
        `${showShape(left.shape)} is no entity, and only an entity is in ${showShape(right.shape)}`,
      )
    if (subject !== undefined && !subject.some((s) => containers.some((c) => canContain(scope, c, s))))
      return fail(
        scope,
        'never-true',
        at,
        `${showShape(left.shape)} is never in ${showShape(right.shape)}`,
        `declare it: \`${subject[0]} in ${containers[0]}\`, or compare with \`==\``,
      )
    return checkedValue(boolean, { kind: 'contained', subject: value, within: asEntities(right), at })
  }
  const of = present(scope, right)
  if (right.shape.kind === 'dynamic' || (right.shape.kind === 'set' && right.shape.of.kind === 'dynamic'))
    return checkedValue(boolean, inDynamic(value, of, at))
  // Of values that are known to be no entities.
  if (right.shape.kind === 'set' && (hasDynamic(left.shape) || hasDynamic(right.shape)))
    return checkedValue(boolean, { kind: 'builtin', name: 'includesSame', args: [of, value], at })
  const element = (kind: 'set' | 'keys' | 'cidr' | 'path' | 'json'): Checked =>
    checkedValue(boolean, { kind: 'element', in: kind, value, of, at })
  const never = (help?: string): Checked =>
    fail(scope, 'never-true', at, `${showShape(left.shape)} is never in ${showShape(right.shape)}`, help)
  switch (right.shape.kind) {
    case 'set': {
      if (!overlaps(left.shape, right.shape.of)) return never(nearestLiteral(left.shape, right.shape.of))
      const impossible = of.kind === 'set' ? impossibleElement(right.shape.of, left.shape) : undefined
      if (impossible === undefined) return element('set')
      return fail(
        scope,
        'never-true',
        right.span,
        `${showShape(left.shape)} is never ${showShape(impossible)}`,
        nearestLiteral(impossible, left.shape),
      )
    }
    case 'map':
    case 'record':
      return fits(left.shape, string) ? element('keys') : never('its keys are strings')
    case 'cidr':
      return isAll(left.shape, 'ip') ? element('cidr') : never('an address is: `ip(…)`')
    case 'path':
      return isAll(left.shape, 'path') ? element('path') : never('a path is: `path(…)`')
    case 'json':
      return element('json')
    case 'string':
    case 'literal':
      return never('ask a string with `.includes(…)`')
    default:
      return isAll(right.shape, 'set') && overlaps(set(left.shape as never), right.shape) ? element('set') : never()
  }
}

/** In an entity, or in some of a set that has nothing but entities. */
function inDynamic(subject: Ir, within: Ir, at: Ir['at']): Ir {
  return {
    kind: 'conditional',
    condition: { kind: 'builtin', name: 'areEntities', args: [subject, within], at },
    then: { kind: 'contained', subject, within, at },
    else: { kind: 'constant', value: { kind: 'boolean', value: false }, at },
    at,
  }
}

/** The literal of a union that a misspelt one was probably meant to be. */
export function nearestLiteral(written: Shape, known: Shape): string | undefined {
  if (written.kind !== 'literal' || known.kind === 'unknown' || known.kind === 'actors') return undefined
  const near = nearest(
    written.value,
    alternatives(known).flatMap((one) => (one.kind === 'literal' ? [one.value] : [])),
  )
  return near === undefined ? undefined : `did you mean \`${JSON.stringify(near)}\`?`
}

/** A literal among written elements that no value of a type is. */
export function impossibleElement(elements: Type, of: Shape): Type | undefined {
  return alternatives(elements).find((one) => one.kind === 'literal' && !overlaps(one, of))
}

/** An entity of one type can be equal to or inside one of the other, by what the types declare. */
function canContain(scope: Pick<Scope, 'schema'>, container: string, type: string): boolean {
  const seen = new Set<string>()
  const open = [type]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === container) return true
    if (seen.has(next)) continue
    seen.add(next)
    for (const name of scope.schema.types.get(next)?.declaration.containers ?? []) open.push(name.text)
  }
  return false
}
