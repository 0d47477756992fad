import type { ActionGroup, EntityDeclaration, Field, Inputs, Rule, Statement, TypeExpr } from '../../../syntax/ast.ts'
import { boolean, field, lead, name, span, typeName } from '../tree.ts'
import { type CedarType, emptyRecord, uidKey } from './schema.ts'
import { shapeOf } from './shape.ts'
import { attributesOf, type Request, type World } from './world.ts'

/** Types, the context and the groups of actions that rules speak of. */
export function declarations(world: World, rules: readonly Rule[]): readonly Statement[] {
  const acts = (type: string) => world.actors.includes(type)
  const types = [...world.types.filter(acts), ...world.types.filter((type) => !acts(type))]
  return [...types.map((type) => declaration(world, type)), ...context(world), ...groups(world, rules)]
}

function declaration(world: World, type: string): EntityDeclaration {
  const { comments } = world.schema?.outline.entities.get(type) ?? { comments: [] }
  const fields = [...(world.typed ? attributes(world, type) : []), ...(world.hasTags ? [tags(world)] : [])]
  return {
    kind: 'entity',
    ...lead(comments),
    actor: world.actors.includes(type),
    open: false,
    virtual: world.typed,
    dynamic: !world.typed,
    name: name(world.typeName(type)),
    containers: [...(world.containers.get(type) ?? [])].sort().map((container) => name(world.typeName(container))),
    members: fields,
    block: fields.length > 0,
  }
}

function attributes(world: World, type: string): readonly Field[] {
  const { fields } = attributesOf(world, type) ?? emptyRecord
  const said = world.schema?.outline.entities.get(type)?.fields ?? new Map<string, readonly string[]>()
  const names = new Set([...[...said.keys()].filter((called) => fields.has(called)), ...fields.keys()])
  return [...names].flatMap((called) => {
    const { type: of, required } = fields.get(called) ?? {}
    if (of === undefined) return []
    return [field(called, typeExpr(world, of), required === false, lead(said.get(called) ?? []))]
  })
}

function tags({ fieldOfTags }: World): Field {
  return field(fieldOfTags, { kind: 'type-map', key: name('string'), of: typeName('dynamic'), span }, false)
}

function typeExpr(world: World, type: CedarType): TypeExpr {
  switch (type.kind) {
    case 'long':
      return typeName('int')
    case 'entity':
      return typeName(world.types.includes(type.name) ? world.typeName(type.name) : 'dynamic')
    case 'set': {
      const shape = shapeOf(type)
      const isDynamic = shape.kind === 'set' && shape.of.kind === 'dynamic'
      return { kind: 'type-set', of: isDynamic ? typeName('dynamic') : typeExpr(world, type.of), span }
    }
    case 'record':
      return {
        kind: 'type-record',
        fields: [...type.fields].map(([called, { type: of, required }]) =>
          field(called, typeExpr(world, of), !required),
        ),
        span,
      }
    default:
      return typeName(type.kind)
  }
}

function context(world: World): readonly Inputs[] {
  const fields = [...world.contextTypes].map(([key, { type, required }]) =>
    field(
      key,
      type === undefined ? typeName('dynamic') : typeExpr(world, type),
      world.typed && !required && !world.readAnyway.has(key),
    ),
  )
  return fields.length === 0 ? [] : [{ kind: 'inputs', ...lead([]), of: 'context', fields }]
}

function groups(world: World, rules: readonly Rule[]): readonly ActionGroup[] {
  const spoken = new Set(rules.flatMap(({ actions }) => actions.map(({ text }) => text)))
  return [...world.actions.values()].flatMap((word): readonly ActionGroup[] => {
    const members = word.stands.flatMap((key) => world.actions.get(key)?.name ?? [])
    if (!word.isGroup || !spoken.has(word.name)) return []
    return [{ kind: 'action-group', ...lead([]), name: name(word.name), actions: members.map(name) }]
  })
}

/**
 * Actions that can be asked about and that nothing permits: a policy here has to say which there are, and rules are where it does.
 */
export function neverPermitted(world: World, rules: readonly Rule[], requests: readonly Request[]): readonly Rule[] {
  const permitted = new Set<string>()
  const asked = new Map<string, Set<string>>()
  const each = (rule: Rule, take: (action: string, type: string) => void) => {
    const types = rule.target.kind === 'file' ? rule.target.types : []
    for (const { text } of rule.actions)
      for (const action of membersOf(world, text)) for (const type of types) take(action, type.text)
  }
  const ask = (action: string, type: string) => {
    if (permitted.has(`${action} ${type}`)) return
    asked.set(action, (asked.get(action) ?? new Set()).add(type))
  }
  for (const rule of rules) if (rule.verb === 'allow') each(rule, (action, type) => permitted.add(`${action} ${type}`))
  for (const rule of rules) if (rule.verb === 'deny') each(rule, ask)
  for (const { action, resource } of requests)
    for (const one of membersOf(world, world.actions.get(uidKey(action))?.name ?? ''))
      ask(one, world.typeName(resource.type))
  if (world.typed)
    for (const [key, { resources }] of world.schema?.actions ?? []) {
      const word = world.actions.get(key)
      if (word !== undefined && !word.isGroup) for (const type of resources) ask(word.name, world.typeName(type))
    }
  const byTypes = new Map<string, { readonly types: readonly string[]; readonly actions: string[] }>()
  for (const [action, types] of asked) {
    const key = [...types].sort().join()
    const same = byTypes.get(key)
    if (same === undefined) byTypes.set(key, { types: [...types].sort(), actions: [action] })
    else same.actions.push(action)
  }
  return [...byTypes.values()].map(({ types, actions }) => ({
    kind: 'rule',
    ...lead(['Nothing permits it.']),
    verb: 'allow',
    verbSpan: span,
    actions: actions.map(name),
    actionsSpan: span,
    target: { kind: 'file', types: types.map(name) },
    condition: { if: boolean(false) },
  }))
}

/** The actions that a name stands for, itself or those of the group. */
function membersOf(world: World, called: string): readonly string[] {
  const word = [...world.actions.values()].find((one) => one.name === called)
  if (word === undefined || !word.isGroup) return [called]
  return word.stands.flatMap((key) => world.actions.get(key)?.name ?? [])
}
