import { containersOf } from '../runtime/known.ts'
import type { Run } from '../runtime/run.ts'
import { scopeOf } from '../runtime/scope.ts'
import { canHold, entitiesIn, outcomesOf } from './known.ts'
import type { Path } from './paths.ts'
import type { Plan, Plans } from './plan.ts'
import type { From, Source } from './sources.ts'
import { against, inside, isOf, pointing, visit, type Walk } from './walk.ts'

/** Where an entity that has been reached leads to. */
interface Step {
  readonly to: Plan
  /** Against this path; of a fact, from the holders of the role to its object. */
  readonly path: Path | undefined
}

/**
 * Walks from the actor to the entities on which it may hold a permission: from what contains it along the facts that assign roles,
 * and from one role to the next against the paths of the policy. Whoever is not reached does not hold it; who is may not either.
 * `found` has them also where the walk is left early.
 *
 * @returns whether nothing but their type bounds them, so that those of which nothing is known could be meant too
 * @throws `exhausted` past what may be visited
 */
export function walkBackward(run: Run, walk: Walk, plans: Plans, root: Plan, found: Set<string>): boolean {
  const { actor } = run.question
  const reached = new Map([[root, found]])
  const steps = new Map<Plan, Step[]>([[root, []]])
  const open: (readonly [Plan, string])[] = []
  const unbounded = new Set<Plan>()

  function take(plan: Plan, key: string): void {
    const keys = reached.get(plan)
    if (keys === undefined || keys.has(key)) return
    visit(walk)
    keys.add(key)
    open.push([plan, key])
  }

  function takeAll(plan: Plan, keys: Iterable<string>): void {
    for (const key of keys) take(plan, key)
  }

  function demand(from: Plan, step: Step): void {
    const known = steps.get(from)
    if (known === undefined) {
      steps.set(from, [step])
      reached.set(from, new Set())
    } else known.push(step)
  }

  function begin(plan: Plan): void {
    for (const source of plan.sources) {
      // It has everything by now.
      if (unbounded.has(plan)) break
      if (isOpen(plan, source)) beginAt(plan, source)
    }
    if (plan.assigned && actor.key !== '') beginAssigned(plan)
    for (const { type, role } of plan.holders) demand(plans.of(role, false, type), { to: plan, path: undefined })
  }

  function isOpen({ relation, permission }: Plan, { guards }: Source): boolean {
    const scope = scopeOf({ subject: actor, ...(permission ? { action: relation } : {}) })
    return guards.every(({ condition, holds }) =>
      canHold(run, holds ? condition : { kind: 'not', operand: condition, at: condition.at }, scope),
    )
  }

  function beginAt(plan: Plan, { from, path }: Source): void {
    if (from.kind === 'held') {
      demand(plans.of(from.relation, from.permission, from.type), { to: plan, path })
      return
    }
    const targets = targetsOf(plan, from)
    if (targets === undefined) {
      unbounded.add(plan)
      for (const { key } of walk.facts.entities(plan.type)) take(plan, key)
      // The actor is known in any case.
      if (actor.type === plan.type) take(plan, actor.key)
    } else takeAll(plan, against(walk, path, targets, plan.type))
  }

  function targetsOf({ relation, permission }: Plan, from: Exclude<From, { kind: 'held' }>) {
    if (from.kind === 'everything') return undefined
    const scope = scopeOf({ subject: actor, ...(permission ? { action: relation } : {}) })
    const values = outcomesOf(run, from.of, scope)
    if (values === undefined) return undefined
    const entities = entitiesIn(values)
    switch (from.kind) {
      case 'value':
        return entities.map(({ key }) => key)
      case 'containers':
        return entities.flatMap((entity) => [...containersOf(run, entity).certain])
      case 'contained':
        return inside(
          walk,
          entities.map(({ key }) => key),
        )
    }
  }

  function beginAssigned(plan: Plan): void {
    const { relation, type } = plan
    for (const subject of containersOf(run, actor).certain)
      for (const { object, fact } of pointing(walk, subject, relation, type))
        if (fact.subject.kind === 'entity') take(plan, object)
    for (const { object } of pointing(walk, `*${actor.type}`, relation, type)) take(plan, object)
  }

  function follow(from: Plan, key: string, { to, path }: Step): void {
    if (path?.length === 0) {
      if (isOf(key, to.type)) take(to, key)
    } else if (path !== undefined) takeAll(to, against(walk, path, [key], to.type))
    else
      for (const { object, fact } of pointing(walk, key, to.relation, to.type))
        if (fact.subject.kind === 'holders' && fact.subject.role === from.relation) take(to, object)
  }

  // Whom a plan leads to is known before anything is followed; beginning with one may ask for others, which this loop then meets.
  for (const plan of steps.keys()) begin(plan)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [from, key] = next
    for (const step of steps.get(from) ?? []) follow(from, key, step)
  }
  // What leads on without a fact leads on from everything. A set hands out what is added while it is walked.
  for (const from of unbounded)
    for (const { to, path } of steps.get(from) ?? []) if (path?.length === 0) unbounded.add(to)
  return unbounded.has(root)
}
