// size: every operator of Cedar is a case here, and values and conditions need each other
import type { EntityLiteral, Expr as Licet } from '../../../syntax/ast.ts'
import { undeclarable } from '../names.ts'
import { boolean, entity, int, record, ref, set, string } from '../tree.ts'
import { binary, call, conditional, has, index, is, member, method, negative, not } from './build.ts'
import type { Expr, PatternPart, Uid } from './cedar.ts'
import { datetimeLiteral, decimalLiteral, durationLiteral, ipLiteral } from './extensions.ts'
import { type RecordType, uidKey } from './schema.ts'
import { comparable, dynamic, merged, type Shape, shapeOf } from './shape.ts'
import { type Errors, firstOf, implied, noErrors, together } from './sources-of-error.ts'
import { attributesOf, canContain, isAction, type World } from './world.ts'

/** What a policy's expressions are about. */
export interface Place {
  readonly world: World
  /** The types that the principal and the resource can have. */
  readonly principals: readonly string[]
  readonly resources: readonly string[]
  /** The actions that are asked about, by `uidKey`. */
  readonly actions: readonly string[]
  /** Undefined: any key may be there, or not. */
  readonly context: RecordType | undefined
}

/** Something that has no counterpart here. `word`: what to look for in the policy's text, to tell where it stands. */
export class Untranslatable extends Error {
  readonly word: string | undefined

  constructor(message: string, word?: string) {
    super(message)
    this.word = word
  }
}

export interface Translated {
  readonly expr: Licet
  readonly shape: Shape
  readonly errors: Errors
}

export function mayErr({ errors }: Translated): boolean {
  return errors.all.size > 0
}

/**
 * What of a condition has to be kept. Cedar looks at operands from left to right and no further than it has to; `and` and `or` here
 * look at both. They are the same but where an operand errs, and often it does not matter which of *error* and *false* comes out:
 * `true` keeps when it is true, `false` when it is false, `all` both.
 */
type Keep = 'all' | 'true' | 'false'

const opposite = { all: 'all', true: 'false', false: 'true' } as const

const truth: Shape = { kind: 'boolean' }

/** What tests have shown: attributes that are there, by path, and of which type an entity is. */
type Shown = ReadonlySet<string>

export const nothingShown: Shown = new Set()

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
      return operator(place, expr, shown)
    case 'attribute':
      return narrowed(attribute(place, expr, shown), expr, shown)
    case 'has':
      return expr.path.length > 1 ? condition(place, expr, 'all', shown) : presence(place, expr, shown)
    case 'like': {
      const of = ofKind(place, expr.of, value(place, expr.of, shown), 'string')
      return { expr: method(of.expr, 'like', string(patternText(expr.pattern))), shape: truth, errors: of.errors }
    }
    case 'is':
      return expr.in === undefined ? typeTest(place, expr, shown) : condition(place, expr, 'all', shown)
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
      return extension(place, expr, shown)
  }
}

function sure(expr: Licet, shape: Shape): Translated {
  return { expr, shape, errors: noErrors }
}

function mapped(of: Translated, map: (expr: Licet) => Licet): Translated {
  return { ...of, expr: map(of.expr) }
}

function isOpen({ shape }: Translated): boolean {
  return shape.kind === 'dynamic'
}

/** Where the checker would say that it can never be: it is asked anyway, and Cedar's answer comes out. */
function asDynamic(of: Translated): Translated {
  return isOpen(of) ? of : { expr: call('dynamic', of.expr), shape: dynamic, errors: of.errors }
}

/** Something of these kinds, as far as is known; whatever else it is makes an error. */
function ofKind({ world }: Place, expr: Expr, of: Translated, ...kinds: readonly Shape['kind'][]): Translated {
  if (kinds.includes(of.shape.kind)) return of
  return { ...asDynamic(of), errors: together([of.errors], `${world.keyOf(expr)} is no ${kinds.join()}`) }
}

function entityValue({ world }: Place, uid: Uid): Translated {
  if (isAction(uid)) throw new Untranslatable('an action as a value, which is none here', uid.id)
  return sure(literal(world, uid), { kind: 'entity', types: [uid.type] })
}

/** An entity as it is written. */
export function literal(world: World, { type, id }: Uid): EntityLiteral {
  if (id === '') throw new Untranslatable('an entity with an empty id, which none has here', '""')
  return entity(world.typeName(type), id)
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

/** After the `is` tests passed; the checker sees it so, too. */
function narrowed(of: Translated, expr: Expr, shown: Shown): Translated {
  const path = pathOf(expr)
  if (of.shape.kind !== 'entity' || path === undefined) return of
  const types = of.shape.types.filter(
    (type) => !shown.has(`${path} is no ${type}`) && ![...shown].some((one) => isOtherType(one, path, type)),
  )
  return types.length === of.shape.types.length ? of : { ...of, shape: { kind: 'entity', types } }
}

function isOtherType(one: string, path: string, type: string): boolean {
  return one.startsWith(`${path} is `) && !one.startsWith(`${path} is no `) && one !== `${path} is ${type}`
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

function operator(place: Place, expr: Expr & { readonly kind: 'binary' }, shown: Shown): Translated {
  const aboutAction = actionTest(place, expr)
  if (aboutAction !== undefined) return sure(aboutAction, truth)
  if (expr.operator === '&&' || expr.operator === '||') return condition(place, expr, 'all', shown)
  if (expr.operator === 'hasTag' || expr.operator === 'getTag') return tag(place, expr, shown)
  const left = value(place, expr.left, shown)
  const right = value(place, expr.right, shown)
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
function receiver(place: Place, expr: Expr, of: Translated): Translated {
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

/** Tests of the action itself: which it is, is known by its name. */
function actionTest(place: Place, { operator, left, right }: Expr & { readonly kind: 'binary' }): Licet | undefined {
  const isVariable = (expr: Expr) => expr.kind === 'variable' && expr.name === 'action'
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

function oneOf({ actions, world }: Place, keys: readonly string[]): Licet {
  const meant = actions.filter((key) => keys.includes(key))
  if (meant.length === 0 || meant.length === actions.length) return boolean(meant.length > 0)
  const names = meant.map((key) => string(world.actions.get(key)?.name ?? ''))
  const [only] = names
  return names.length === 1 && only !== undefined
    ? binary('==', ref('action'), only)
    : binary('in', ref('action'), set(names))
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

function attribute(place: Place, expr: Expr & { readonly kind: 'attribute' }, shown: Shown): Translated {
  const { of, name } = expr
  const { world } = place
  checkAttribute(name)
  const isShown = shown.has(pathOf(expr) ?? '')
  const missing = isShown ? [] : [`${world.keyOf(expr)} is missing`]
  if (isContext(of)) {
    const declared = world.contextTypes.get(name)
    if (!isShown) world.readAnyway.add(name)
    const shape = declared?.type === undefined ? dynamic : shapeOf(declared.type)
    const isSure = place.context?.fields.get(name)?.required === true
    return { expr: member(ref('context'), name), shape, errors: together([], ...(isSure ? [] : missing)) }
  }
  const receiver = ofKind(place, of, value(place, of, shown), 'entity', 'record')
  const errors = together([receiver.errors], ...missing)
  const found = attributeShape(world, receiver.shape, name)
  // Something optional that no test has shown to be there is read as Cedar reads it: not there, it is an error.
  if (found === 'none' || (world.typed && !found.required && !isShown))
    return { expr: member(asDynamic(receiver).expr, name), shape: dynamic, errors }
  const read = { expr: member(receiver.expr, name), shape: found.shape }
  if (receiver.shape.kind === 'record' && found.required) return { ...read, errors: receiver.errors }
  // An entity may be missing, whatever its type says; then all of its attributes are.
  if (!world.typed || isShown) return { ...read, errors }
  return { ...read, errors: together([receiver.errors], `${world.keyOf(of)} does not exist`) }
}

function presence(place: Place, { of, path }: Expr & { readonly kind: 'has' }, shown: Shown): Translated {
  const [name = ''] = path
  checkAttribute(name)
  if (isContext(of)) return sure(has(ref('context'), name), truth)
  const receiver = ofKind(place, of, value(place, of, shown), 'entity', 'record')
  const isTold = attributeShape(place.world, receiver.shape, name) !== 'none'
  const asked = isTold ? receiver : asDynamic(receiver)
  return { expr: has(asked.expr, name), shape: truth, errors: receiver.errors }
}

function checkAttribute(name: string): void {
  if (undeclarable.has(name))
    throw new Untranslatable(`an attribute named \`${name}\`, which nothing can have here`, name)
}

function tag(place: Place, expr: Expr & { readonly kind: 'binary' }, shown: Shown): Translated {
  const { world } = place
  const of = value(place, expr.left, shown)
  const key = ofKind(place, expr.right, value(place, expr.right, shown), 'string')
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

function typeTest(place: Place, { of, type }: Expr & { readonly kind: 'is' }, shown: Shown): Translated {
  if (of.kind === 'variable' && of.name === 'action') {
    const types = place.actions.map((key) => place.world.actions.get(key)?.uid.type)
    if (types.every((one) => one === type)) return sure(boolean(true), truth)
    if (!types.includes(type)) return sure(boolean(false), truth)
    throw new Untranslatable('actions of several namespaces, which have none here', 'is')
  }
  if (isAction({ type, id: '' })) throw new Untranslatable('an action as a value, which is none here', type)
  const found = ofKind(place, of, value(place, of, shown), 'entity')
  const isPossible = found.shape.kind !== 'entity' || found.shape.types.includes(type)
  const asked = isPossible ? found : asDynamic(found)
  return { expr: is(asked.expr, place.world.typeName(type)), shape: truth, errors: found.errors }
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

function setValue(elements: readonly Translated[]): Translated {
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
function patternText(pattern: readonly PatternPart[]): string {
  return pattern.map((part) => (part.wildcard ? '*' : part.text.replace(/[\\*]/g, '\\$&'))).join('')
}

const readers: ReadonlyMap<string, readonly [string, Shape['kind'], (text: string) => Licet | 'too-long' | undefined]> =
  new Map([
    ['decimal', ['decimal', 'decimal', decimalLiteral]],
    ['ip', ['ipaddr', 'ipaddr', ipLiteral]],
    ['datetime', ['datetime', 'datetime', datetimeLiteral]],
    ['duration', ['duration', 'duration', durationLiteral]],
  ])

type Signature = readonly [Shape['kind'], Shape['kind']]

/** Of which kind the receiver and the arguments are, and the result. */
const methods: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ...['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'].map((name): [string, Signature] => [
    name,
    ['decimal', 'boolean'],
  ]),
  ...['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast', 'isInRange'].map((name): [string, Signature] => [
    name,
    ['ipaddr', 'boolean'],
  ]),
  ['offset', ['datetime', 'datetime'] as const],
  ['durationSince', ['datetime', 'duration'] as const],
  ['toDate', ['datetime', 'datetime'] as const],
  ['toTime', ['datetime', 'duration'] as const],
  ...['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'].map((name): [string, Signature] => [
    name,
    ['duration', 'long'],
  ]),
])

function extension(place: Place, expr: Expr & { readonly kind: 'call' }, shown: Shown): Translated {
  const { name, args } = expr
  const reader = readers.get(name)
  if (reader !== undefined) return reading(place, expr, reader, shown)
  const signature = methods.get(name)
  if (signature === undefined) throw new Untranslatable(`the extension function \`${name}\``, name)
  const [kind, result] = signature
  const [of, ...rest] = args.map((arg) => value(place, arg, shown))
  if (of === undefined) throw new Untranslatable(`\`${name}\` of nothing`, name)
  const expected = (i: number) => (i > 0 && name === 'offset' ? 'duration' : kind)
  const [on = of, ...others] = [of, ...rest].map((arg, i) => ofKind(place, args[i] as Expr, arg, expected(i)))
  const [other] = others
  const all = [on, ...others]
  const isOverflowing = name === 'offset' || name === 'durationSince' || name === 'toDate'
  const own = isOverflowing ? [`${place.world.keyOf(expr)} overflows`] : []
  const errors = together(
    all.map((one) => one.errors),
    ...own,
  )
  const shape = { kind: result } as Shape
  if (other !== undefined && !all.some(isOpen)) {
    if (name === 'durationSince') return { expr: binary('-', on.expr, other.expr), shape, errors }
    if (name === 'offset') return { expr: later(on.expr, other.expr), shape, errors }
  }
  return { expr: method(on.expr, name, ...others.map((one) => one.expr)), shape, errors }
}

function later(time: Licet, by: Licet): Licet {
  const isBack = by.kind === 'unary' && by.operator === '-' && by.operand.kind === 'duration'
  return isBack ? binary('-', time, by.operand) : binary('+', time, by)
}

function reading(
  place: Place,
  expr: Expr & { readonly kind: 'call' },
  [reader, kind, literal]: readonly [string, Shape['kind'], (text: string) => Licet | 'too-long' | undefined],
  shown: Shown,
): Translated {
  const { name, args } = expr
  const [text] = args
  const bad = `${place.world.keyOf(expr)} is not read`
  const shape = { kind } as Shape
  if (text?.kind !== 'string' || args.length !== 1) {
    if (text === undefined || name === 'datetime' || name === 'duration')
      throw new Untranslatable(
        `\`${name}\` of a text that is not written out, which is read in another form here`,
        name,
      )
    const from = ofKind(place, text, value(place, text, shown), 'string')
    return { expr: call(reader, from.expr), shape, errors: together([from.errors], bad) }
  }
  const read = literal(text.value)
  if (read === 'too-long')
    throw new Untranslatable(`a duration of more than 2^53 milliseconds, \`${text.value}\``, name)
  if (read !== undefined) return sure(read, shape)
  // Cedar tells when it is evaluated, and so does this.
  return {
    expr: call(reader, call('dynamic', string(`not a ${name}: ${text.value}`))),
    shape,
    errors: together([], bad),
  }
}

function with_(shown: Shown, more: readonly string[]): Shown {
  return more.length === 0 ? shown : new Set([...shown, ...more])
}

/** What it shows that the condition has come out so. */
export function shownBy(expr: Expr, outcome: boolean): readonly string[] {
  switch (expr.kind) {
    case 'unary':
      return expr.operator === '!' ? shownBy(expr.operand, !outcome) : []
    case 'binary':
      if (expr.operator === (outcome ? '&&' : '||'))
        return [...shownBy(expr.left, outcome), ...shownBy(expr.right, outcome)]
      if (expr.operator === (outcome ? '||' : '&&')) {
        const right = shownBy(expr.right, outcome)
        return shownBy(expr.left, outcome).filter((path) => right.includes(path))
      }
      return []
    case 'is': {
      const path = pathOf(expr.of)
      // Not in it, it may still be of the type.
      if (path === undefined || (!outcome && expr.in !== undefined)) return []
      return [outcome ? `${path} is ${expr.type}` : `${path} is no ${expr.type}`]
    }
    case 'has': {
      if (!outcome) return []
      const paths: string[] = []
      let of = expr.of
      for (const name of expr.path) {
        of = { kind: 'attribute', of, name }
        const path = pathOf(of)
        if (path !== undefined) paths.push(path)
      }
      return paths
    }
    default:
      return []
  }
}

function pathOf(expr: Expr): string | undefined {
  if (expr.kind === 'variable') return expr.name
  const of = expr.kind === 'attribute' ? pathOf(expr.of) : undefined
  return of === undefined || expr.kind !== 'attribute' ? undefined : `${of}.${JSON.stringify(expr.name)}`
}
