import { type ActionScope, type Expr, isAction, isSlot, partsOf, type Scope, type Uid } from './cedar.ts'
import { type Schema, uidKey } from './schema.ts'
import type { Sources } from './world.ts'

/** All that something says, by what it is. */
export interface Mentions {
  readonly types: Set<string>
  readonly actions: Map<string, Uid>
  /** As an action of its own: `action == Action::"view"`. */
  readonly asked: Set<string>
  readonly attributes: Set<string>
  readonly context: Set<string>
  readonly principals: Set<string>
  tags: boolean
}

export function mentionsOf({ policies, entities, requests, schema }: Sources): Mentions {
  const found: Mentions = {
    types: new Set(),
    actions: new Map(),
    asked: new Set(),
    attributes: new Set(),
    context: new Set(),
    principals: new Set(),
    tags: false,
  }
  const entity = (uid: Uid) => {
    if (isAction(uid)) found.actions.set(uidKey(uid), uid)
    else found.types.add(uid.type)
  }
  const value = (expr: Expr) => {
    for (const part of partsOf(expr)) {
      if (part.kind === 'entity') entity(part.uid)
      if (part.kind === 'is' && part.type !== 'Action' && !part.type.endsWith('::Action')) found.types.add(part.type)
      if (part.kind === 'binary' && (part.operator === 'hasTag' || part.operator === 'getTag')) found.tags = true
      const names = part.kind === 'attribute' ? [part.name] : part.kind === 'has' ? part.path : []
      for (const name of names) found.attributes.add(name)
      if (
        (part.kind === 'attribute' || part.kind === 'has') &&
        part.of.kind === 'variable' &&
        part.of.name === 'context'
      )
        found.context.add(names[0] ?? '')
    }
  }
  const scope = (of: Scope, into?: Set<string>) => {
    const to = of.kind === 'is' ? of.in : of.kind === 'all' ? undefined : of.to
    if (to !== undefined && !isSlot(to)) entity(to)
    if (of.kind === 'is') found.types.add(of.type)
    if (of.kind === 'is') into?.add(of.type)
    if (of.kind === '==' && !isSlot(of.to)) into?.add(of.to.type)
  }
  for (const policy of policies) {
    scope(policy.principal, found.principals)
    scope(policy.resource)
    for (const action of actionsIn(policy.action)) entity(action)
    if (policy.action.kind === '==') found.asked.add(uidKey(policy.action.to))
    for (const { body } of policy.clauses) {
      value(body)
      for (const part of partsOf(body))
        if (part.kind === 'is' && part.of.kind === 'variable' && part.of.name === 'principal')
          found.principals.add(part.type)
    }
  }
  for (const { uid, parents, attributes, tags } of entities) {
    entity(uid)
    parents.forEach(entity)
    for (const [name, of] of attributes) {
      found.attributes.add(name)
      value(of)
    }
    for (const [, of] of tags) value(of)
    if (tags.length > 0) found.tags = true
  }
  for (const { principal, action, resource, context } of requests) {
    found.principals.add(principal.type)
    for (const uid of [principal, action, resource]) entity(uid)
    found.asked.add(uidKey(action))
    for (const [, of] of context) value(of)
  }
  if (schema !== undefined) mentionsOfSchema(schema, found)
  return found
}

function mentionsOfSchema(schema: Schema, found: Mentions): void {
  for (const [name, { attributes, tags }] of schema.entities) {
    found.types.add(name)
    for (const field of attributes.fields.keys()) found.attributes.add(field)
    if (tags !== undefined) found.tags = true
  }
  for (const [key, { uid, principals, resources, groups }] of schema.actions) {
    found.actions.set(key, uid)
    for (const group of groups) found.actions.set(uidKey(group), group)
    if (principals.length > 0 && resources.length > 0) found.asked.add(key)
  }
}

function actionsIn(scope: ActionScope): readonly Uid[] {
  return scope.kind === 'all' ? [] : scope.kind === '==' ? [scope.to] : scope.to
}
