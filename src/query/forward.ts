import { containment, globalObject } from '../facts/store.ts'
import type { Rule } from '../ir/program.ts'
import { withAgent, withoutAgent } from '../runtime/bodies/body.ts'
import { itemMatches } from '../runtime/item-match.ts'
import { isKnown } from '../runtime/known.ts'
import type { Run } from '../runtime/run.ts'
import { type Names, scopeOf } from '../runtime/scope.ts'
import type { Entity } from '../value/value.ts'
import { conditionActors, type Wanted } from './condition-actors.ts'
import { depends, viewOf } from './paths.ts'
import { holding, visit, type Walk } from './walk.ts'

export interface Actors {
  readonly keys: Set<string>
  /** Types of which everyone is wanted. */
  readonly everyone: Set<string>
}

/**
 * Walks from what is asked about to the actors: along the paths of the policy, the facts that assign roles, and into what is contained.
 * `found` has them also where the walk is left early.
 *
 * @throws `exhausted` past what may be visited
 */
export function walkForward(run: Run, walk: Walk, wanted: Wanted, found: Actors): void {
  const { policy, question } = run
  const { actor: stranger, agents, action, target } = question
  const actorTypes = new Set(policy.program.types.filter(({ actor }) => actor).map(({ name }) => name))
  const roots = viewOf('actor')
  const asked = new Set<string>()
  const open: { readonly relation: string; readonly permission: boolean; readonly entity: Entity | undefined }[] = []
  const entered = new Set<string>()

  const take = conditionActors(run, walk, wanted, {
    everyone,
    everyoneOf: (type) => void found.everyone.add(type),
    actor: takeActor,
    inside: takeInside,
    holders: ask,
  })

  function everyone(): void {
    for (const type of actorTypes) found.everyone.add(type)
  }

  function takeActor(key: string): void {
    if (actorTypes.has(key.slice(0, key.indexOf(':')))) found.keys.add(key)
  }

  /** Each group is gone into once. */
  function takeInside(key: string): void {
    if (entered.has(key)) return
    const within = [key]
    entered.add(key)
    for (let next = within.pop(); next !== undefined; next = within.pop()) {
      visit(walk)
      takeActor(next)
      for (const contained of holding(walk, next, containment)) {
        if (entered.has(contained)) continue
        entered.add(contained)
        within.push(contained)
      }
    }
  }

  function ask(relation: string, permission: boolean, entity: Entity | undefined): void {
    const name = `${permission ? 'can ' : ''}${relation} ${entity?.key ?? globalObject}`
    if (asked.has(name)) return
    visit(walk)
    asked.add(name)
    open.push({ relation, permission, entity })
  }

  function lookInto(relation: string, entity: Entity | undefined): void {
    if (entity !== undefined && isKnown(run, entity) !== true) return
    const scope = scopeOf({ subject: stranger, ...(entity === undefined ? {} : { resource: entity }) })
    takeAssigned(relation, entity?.key ?? globalObject)
    for (const { condition, except } of policy.roleLines(entity?.type, relation)) {
      if (condition !== undefined) take(condition, scope, roots)
      if (except !== undefined && wanted === 'named') take(except, scope, roots)
    }
  }

  function takeAssigned(relation: string, key: string): void {
    for (const { subject, until, when } of walk.facts.facts(key, relation)) {
      visit(walk)
      if (until !== undefined && until <= walk.now) continue
      if (when !== undefined && wanted === 'named') {
        const body = policy.conditions.get(when.let)?.body
        if (body !== undefined && depends(body, roots)) everyone()
      }
      if (subject.kind === 'entity') takeInside(subject.entity.key)
      else if (subject.kind === 'holders') ask(subject.role, false, subject.entity)
      else if (wanted === 'permitted') found.everyone.add(subject.type)
    }
  }

  function takeRules(rules: readonly Rule[], names: Names): void {
    const scope = scopeOf(names)
    for (const { condition } of rules) take(condition, scope, roots)
  }

  /** Denials and delegations make no one permitted, but can tell one from another. */
  function lookIntoRules(name: string, entity: Entity): void {
    const { type } = entity
    const names: Names = { subject: stranger, resource: entity, action: name }
    takeRules(policy.entityRules('allow', name, type), names)
    if (wanted === 'permitted') return
    const denies = policy.entityRules('deny', name, type)
    takeRules(withoutAgent(denies), names)
    for (const agent of agents) {
      takeRules(policy.entityRules('delegate', name, type), { ...names, agent })
      takeRules(withAgent(denies), { ...names, agent })
    }
  }

  function lookIntoItem(item: Exclude<typeof target, { readonly kind: 'entity' }>): void {
    const takeItem = (rules: readonly Rule[], agent?: Entity): void => {
      const names: Names = { subject: stranger, action, ...(agent === undefined ? {} : { agent }) }
      for (const { condition, target: about } of rules)
        for (const { locals } of itemMatches(about, action, item)) take(condition, scopeOf(names, locals), roots)
    }
    const rules = (effect: Rule['effect']) => policy.itemRules(effect, action, item.server)
    takeItem(rules('allow'))
    if (wanted === 'permitted') return
    takeItem(withoutAgent(rules('deny')))
    for (const agent of agents) {
      takeItem(rules('delegate'), agent)
      takeItem(withAgent(rules('deny')), agent)
    }
  }

  if (target.kind === 'entity') ask(action, true, target.entity)
  // It is listed where one of several uses can be allowed.
  else if (action === 'list') everyone()
  else lookIntoItem(target)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { relation, permission, entity } = next
    if (!permission) lookInto(relation, entity)
    else if (entity !== undefined) lookIntoRules(relation, entity)
  }
}
