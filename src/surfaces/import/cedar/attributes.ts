import { undeclarable } from '../names.ts'
import { has, is, member, ref } from '../tree.ts'
import type { Expr } from './cedar.ts'
import { dynamic, merged, type Shape, shapeOf } from './shape.ts'
import { pathOf, type Shown } from './shown.ts'
import { noErrors, together } from './sources-of-error.ts'
import { asDynamic, ofKind, type Place, sure, type Translated, truth, Untranslatable } from './translated.ts'
import { attributesOf, type World } from './world.ts'

export function contextAttribute(
  { world, context }: Place,
  expr: Expr & { readonly kind: 'attribute' },
  shown: Shown,
): Translated {
  const { name } = expr
  checkAttribute(name)
  const isShown = shown.has(pathOf(expr) ?? '')
  const declared = world.contextTypes.get(name)
  if (!isShown) world.readAnyway.add(name)
  const shape = declared?.type === undefined ? dynamic : shapeOf(declared.type)
  const isSure = isShown || context?.fields.get(name)?.required === true
  const errors = isSure ? noErrors : together([], `${world.keyOf(expr)} is missing`)
  return { expr: member(ref('context'), name), shape, errors }
}

/** Of an entity or a record. */
export function attribute(
  place: Place,
  expr: Expr & { readonly kind: 'attribute' },
  read: Translated,
  shown: Shown,
): Translated {
  const { of, name } = expr
  const { world } = place
  checkAttribute(name)
  const isShown = shown.has(pathOf(expr) ?? '')
  const missing = isShown ? [] : [`${world.keyOf(expr)} is missing`]
  const receiver = ofKind(place, of, read, 'entity', 'record')
  const errors = together([receiver.errors], ...missing)
  const found = attributeShape(world, receiver.shape, name)
  // Something optional that no test has shown to be there is read as Cedar reads it: not there, it is an error.
  if (found === 'none' || (world.typed && !found.required && !isShown))
    return { expr: member(asDynamic(receiver).expr, name), shape: dynamic, errors }
  const told = { expr: member(receiver.expr, name), shape: found.shape }
  if (receiver.shape.kind === 'record' && found.required) return { ...told, errors: receiver.errors }
  // An entity may be missing, whatever its type says; then all of its attributes are.
  if (!world.typed || isShown) return { ...told, errors }
  return { ...told, errors: together([receiver.errors], `${world.keyOf(of)} does not exist`) }
}

export function contextPresence(name: string): Translated {
  checkAttribute(name)
  return sure(has(ref('context'), name), truth)
}

export function presence(place: Place, of: Expr, name: string, read: Translated): Translated {
  checkAttribute(name)
  const receiver = ofKind(place, of, read, 'entity', 'record')
  const isTold = attributeShape(place.world, receiver.shape, name) !== 'none'
  const asked = isTold ? receiver : asDynamic(receiver)
  return { expr: has(asked.expr, name), shape: truth, errors: receiver.errors }
}

/** Of what is no action. */
export function typeTest(place: Place, { of, type }: Expr & { readonly kind: 'is' }, tested: Translated): Translated {
  const found = ofKind(place, of, tested, 'entity')
  const isPossible = found.shape.kind !== 'entity' || found.shape.types.includes(type)
  const asked = isPossible ? found : asDynamic(found)
  return { expr: is(asked.expr, place.world.typeName(type)), shape: truth, errors: found.errors }
}

/** What an attribute of an entity or a record is known to be: `none` where there is no such attribute in any case. */
function attributeShape(
  world: World,
  of: Shape,
  name: string,
): { readonly shape: Shape; readonly required: boolean } | 'none' {
  if (of.kind === 'record') return of.fields.get(name) ?? 'none'
  if (of.kind !== 'entity' || !world.typed) return { shape: dynamic, required: false }
  const fields = of.types.map((type) => attributesOf(world, type)?.fields.get(name))
  const shapes = fields.map((field) => (field === undefined ? undefined : shapeOf(field.type)))
  const [first, ...rest] = shapes
  if (first === undefined || !shapes.every((shape) => shape !== undefined)) return 'none'
  const shape = rest.reduce<Shape | undefined>(
    (all, one) => (all === undefined || one === undefined ? undefined : merged(all, one)),
    first,
  )
  return shape === undefined ? 'none' : { shape, required: fields.every((field) => field?.required === true) }
}

function checkAttribute(name: string): void {
  if (undeclarable.has(name))
    throw new Untranslatable(`an attribute named \`${name}\`, which nothing can have here`, name)
}
