import type { Annotation, Expr as Licet, Name, Rule } from '../../../syntax/ast.ts'
import { binary, boolean, call, is, joined, name, not, ref, span, text } from '../tree.ts'
import { isSlot, type Policy, type Scope, type Slot, type Uid } from './cedar.ts'
import { emptyRecord, type RecordType, uidKey } from './schema.ts'
import { nothingShown, shownBy } from './shown.ts'
import { condition } from './translate.ts'
import { literal, mayErr, type Place, Untranslatable } from './translated.ts'
import { type ActionWord, canContain, type Request, type World } from './world.ts'

/** A policy as a rule; `undefined` where it can never apply. */
export function ruleOf(world: World, policy: Policy, id: string): Rule | undefined {
  const actions = actionsOf(world, policy)
  const place: Place = {
    world,
    actions,
    principals: principalsOf(world, policy, actions),
    resources: resourcesOf(world, policy, actions),
    context: contextOf(world, actions),
  }
  if (world.types.length === 0 || world.actions.size === 0)
    throw new Untranslatable('a policy about types or actions of which nothing names any')
  if ([place.actions, place.principals, place.resources].some((all) => all.length === 0)) return undefined
  const scope = [...principalTests(place, policy.principal), ...resourceTests(world, policy.resource)]
  return {
    kind: 'rule',
    span,
    ...documentation(policy),
    annotations: [identity(id)],
    verb: policy.effect === 'permit' ? 'allow' : 'deny',
    verbSpan: span,
    actions: actionNames(world, policy),
    actionsSpan: span,
    target: { kind: 'file', types: place.resources.map((type) => name(world.typeName(type))) },
    condition: conditionOf(place, policy, scope),
  }
}

/** As far as the types and the action of a request tell. */
export function appliesTo(world: World, policy: Policy, { principal, action, resource }: Request): boolean {
  const fits = (scope: Scope, { type }: Uid) => withinScope(world, scope, [type]).length > 0
  return (
    actionsOf(world, policy).includes(uidKey(action)) &&
    fits(policy.principal, principal) &&
    fits(policy.resource, resource)
  )
}

function identity(id: string): Annotation {
  return { span, name: name('id'), value: text(id) }
}

function documentation({ comments, annotations }: Policy): { readonly doc?: string } {
  const lines = [...comments, ...annotations.map(([key, value]) => (value === '' ? key : `${key}: ${oneLine(value)}`))]
  const doc = lines.join('\n').replace(/^\n+|\n+$/g, '')
  return doc === '' ? {} : { doc }
}

function oneLine(value: string): string {
  return value.replace(/\s+/g, ' ').trim()
}

/** By `uidKey`; groups are what they stand for. */
function actionsOf(world: World, { action }: Policy): readonly string[] {
  const all = [...world.actions.values()]
  const words = action.kind === 'all' ? all : action.kind === '==' ? [world.actions.get(uidKey(action.to))] : undefined
  if (words !== undefined)
    return words.flatMap((word) => (word === undefined || word.isGroup ? [] : [uidKey(word.uid)]))
  const meant = action.kind === 'in' ? action.to.map((uid) => world.actions.get(uidKey(uid))) : []
  return [...new Set(meant.flatMap((word) => word?.stands ?? []))]
}

/** As they are written: a group by its name. Empty is `*`, which only what forbids can have. */
function actionNames(world: World, { action, effect }: Policy): readonly Name[] {
  if (action.kind === 'all' && effect === 'forbid') return []
  const words = [...world.actions.values()]
  const names = (some: readonly (ActionWord | undefined)[]) =>
    some.flatMap((word) => (word === undefined ? [] : [word.name]))
  const meant =
    action.kind === 'all'
      ? names(words.filter(({ isGroup }) => !isGroup))
      : action.kind === '=='
        ? names([world.actions.get(uidKey(action.to))])
        : action.to.flatMap((uid) => {
            const word = world.actions.get(uidKey(uid))
            return word?.isGroup === true
              ? word.stands.length > 0
                ? [word.name]
                : []
              : namesOf(world, word?.stands ?? [])
          })
  return [...new Set(meant)].map(name)
}

function namesOf(world: World, keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) => world.actions.get(key)?.name ?? [])
}

/** The types that the actions are for, where a schema tells. */
function applied(
  world: World,
  actions: readonly string[],
  what: 'principals' | 'resources',
): ReadonlySet<string> | undefined {
  if (!world.typed) return undefined
  return new Set(actions.flatMap((key) => world.schema?.actions.get(key)?.[what] ?? []))
}

function principalsOf(world: World, { principal }: Policy, actions: readonly string[]): readonly string[] {
  const allowed = applied(world, actions, 'principals')
  return withinScope(world, principal, world.actors).filter((type) => allowed === undefined || allowed.has(type))
}

function resourcesOf(world: World, { resource }: Policy, actions: readonly string[]): readonly string[] {
  const allowed = applied(world, actions, 'resources')
  return withinScope(world, resource, world.types).filter((type) => allowed === undefined || allowed.has(type))
}

function withinScope({ containers }: World, scope: Scope, types: readonly string[]): readonly string[] {
  const inside = (to: Uid) => (type: string) => canContain(containers, to.type, type)
  switch (scope.kind) {
    case 'all':
      return types
    case '==':
      return types.filter((type) => type === target(scope.to).type)
    case 'in':
      return types.filter(inside(target(scope.to)))
    case 'is': {
      const own = types.filter((type) => type === scope.type)
      return scope.in === undefined ? own : own.filter(inside(target(scope.in)))
    }
  }
}

function contextOf(world: World, actions: readonly string[]): RecordType | undefined {
  if (!world.typed) return undefined
  const contexts = actions.map((key) => world.schema?.actions.get(key)?.context ?? emptyRecord)
  const fields = new Map(contexts[0]?.fields)
  for (const context of contexts)
    for (const [key, field] of fields) {
      const other = context.fields.get(key)
      fields.set(key, { ...field, required: field.required && other?.required === true })
    }
  return { kind: 'record', fields }
}

function principalTests({ world, principals }: Place, scope: Scope): readonly Licet[] {
  const actor = ref('actor')
  const tests = scopeTests(world, actor, scope)
  const [only] = principals
  const isTold = world.actors.length === 1 || scope.kind === '==' || principals.length !== 1 || only === undefined
  return isTold ? tests : [is(actor, world.typeName(only)), ...tests]
}

function resourceTests(world: World, scope: Scope): readonly Licet[] {
  return scopeTests(world, ref('resource'), scope)
}

/** What `is` says, the types of the rule say. */
function scopeTests(world: World, of: Licet, scope: Scope): readonly Licet[] {
  switch (scope.kind) {
    case 'all':
      return []
    case '==':
      return [binary('==', of, literal(world, target(scope.to)))]
    case 'in':
      return [binary('in', of, literal(world, target(scope.to)))]
    case 'is':
      return scope.in === undefined ? [] : [binary('in', of, literal(world, target(scope.in)))]
  }
}

function target(to: Uid | Slot): Uid {
  if (isSlot(to)) throw new Error('invariant: a link has filled in every slot')
  return to
}

/**
 * The scope, then the clauses in their order. From the first one on that may err they are recovered from together, since a policy that
 * errs is skipped; what comes before cannot err.
 */
function conditionOf(place: Place, { clauses }: Policy, scope: readonly Licet[]): Rule['condition'] {
  let shown = nothingShown
  const translated = clauses.map(({ kind, body }) => {
    const isWhen = kind === 'when'
    const found = condition(place, body, isWhen ? 'true' : 'false', shown)
    shown = new Set([...shown, ...shownBy(body, isWhen)])
    return { isWhen, expr: found.expr, errs: mayErr(found) }
  })
  const first = translated.findIndex(({ errs }) => errs)
  const [plain, erring] = first === -1 ? [translated, []] : [translated.slice(0, first), translated.slice(first)]
  const recovered = erring.map(({ isWhen, expr }) => (isWhen ? expr : not(expr)))
  const holds = [
    ...scope,
    ...plain.filter(({ isWhen, expr }) => isWhen && !isTrue(expr)).map(({ expr }) => expr),
    ...(recovered.length === 0 ? [] : [call('recover', joined('and', recovered), boolean(false))]),
  ]
  const unless = plain.filter(({ isWhen }) => !isWhen).map(({ expr }) => expr)
  return {
    ...(holds.length === 0 ? {} : { if: joined('and', holds) }),
    ...(unless.length === 0 ? {} : { unless: joined('or', unless) }),
  }
}

function isTrue(expr: Licet): boolean {
  return expr.kind === 'boolean' && expr.value
}
