import type { Expr, Holds, Quantified } from '../ir/expr.ts'
import { nodes } from '../ir/walk.ts'
import { containersOf } from '../runtime/known.ts'
import type { Run } from '../runtime/run.ts'
import { bind, type Scope } from '../runtime/scope.ts'
import type { Entity, Value } from '../value/value.ts'
import { canHold, entitiesIn, outcomesOf } from './known.ts'
import { depends, pathsOf, type View, withLocal } from './paths.ts'
import { isOne } from './sources.ts'
import { against, inside, visit, type Walk } from './walk.ts'

/**
 * Whom to look for. `permitted`: all for whom the question can be answered with yes. `named`: all for whom it can be answered in
 * another way than for somebody of their type of whom nothing is known.
 */
export type Wanted = 'permitted' | 'named'

/** What a condition tells of the actors that are looked for. */
export interface Found {
  /** Nothing bounds them. */
  everyone(): void
  everyoneOf(type: string): void
  actor(key: string): void
  /** Whoever it contains, and itself. */
  inside(key: string): void
  /** Of an entity, or of a global role. */
  holders(relation: string, permission: boolean, of: Entity | undefined): void
}

export type Take = (condition: Expr, scope: Scope, view: View) => void

/** Tells whom a condition is about: one of those that are told has every actor that is looked for. */
export function conditionActors(run: Run, walk: Walk, wanted: Wanted, found: Found): Take {
  /** A `let` that is used twice is one condition, and tells the same of the same entity. */
  const taken = new Map<Scope, Set<Expr>>()
  const breadths = new Map<Expr, number>()

  function take(condition: Expr, scope: Scope, view: View): void {
    const known = taken.get(scope) ?? new Set()
    if (known.has(condition)) return
    taken.set(scope, known.add(condition))
    if (!depends(condition, view)) {
      if (wanted === 'permitted' && canHold(run, condition, scope)) found.everyone()
      return
    }
    switch (condition.kind) {
      case 'or':
        for (const operand of condition.operands) take(operand, scope, view)
        break
      case 'and':
        takeAll(condition.operands, scope, view)
        break
      case 'not':
        if (wanted === 'named') take(condition.operand, scope, view)
        else found.everyone()
        break
      case 'conditional': {
        const { condition: on, then, else: otherwise } = condition
        const off: Expr = { kind: 'not', operand: on, at: on.at }
        // What is open counts as both, and so as something that no branch bounds.
        if (wanted === 'permitted' && depends(on, view) && mayBeOpen(on)) found.everyone()
        takeAll([on, then], scope, view)
        takeAll([off, otherwise], scope, view)
        break
      }
      case 'holds':
        takeHolders(condition, scope, view)
        break
      case 'contained': {
        const { subject, within } = condition
        const containers = isActor(subject) && !depends(within, view) ? outcomesOf(run, within, scope) : undefined
        if (containers !== undefined) for (const { key } of entitiesIn(containers)) found.inside(key)
        else if (!takeAgainst(subject, within, scope, view, (entities) => inside(walk, keysOf(entities))))
          if (!takeAgainst(within, subject, scope, view, around)) found.everyone()
        break
      }
      case 'compare': {
        const { operator, left, right } = condition
        const tells = operator === '==' || (operator === '!=' && wanted === 'named')
        if (tells && (isOne(left) || isOne(right))) takeEqual(left, right, scope, view)
        else found.everyone()
        break
      }
      case 'builtin': {
        const [set, other] = condition.args
        const isMembership = condition.name === 'includes' || condition.name === 'containsAny'
        if (isMembership && set !== undefined && other !== undefined) takeEqual(set, other, scope, view)
        else found.everyone()
        break
      }
      case 'is':
        if (!isActor(condition.of)) found.everyone()
        else if (wanted === 'permitted') found.everyoneOf(condition.type)
        break
      case 'some':
      case 'every':
        takeMembers(condition, scope, view)
        break
      default:
        found.everyone()
    }
  }

  /** All of them have to hold, so that the one that bounds best is enough; for others than the stranger each can make a difference. */
  function takeAll(conditions: readonly Expr[], scope: Scope, view: View): void {
    const dependent = conditions.filter((one) => depends(one, view))
    if (wanted === 'named') {
      for (const one of dependent) take(one, scope, view)
      return
    }
    if (!conditions.every((one) => depends(one, view) || canHold(run, one, scope))) return
    const [best] = dependent.toSorted((a, b) => breadth(a, view, breadths) - breadth(b, view, breadths))
    if (best === undefined) found.everyone()
    else take(best, scope, view)
  }

  function takeHolders({ subject, of, relation, permission }: Holds, scope: Scope, view: View): void {
    const global = of === undefined
    const values = global ? [] : depends(of, view) ? undefined : outcomesOf(run, of, scope)
    if (!isActor(subject) || values === undefined) found.everyone()
    else if (global) found.holders(relation, permission, undefined)
    else for (const entity of entitiesIn(values)) found.holders(relation, permission, entity)
  }

  function takeEqual(a: Expr, b: Expr, scope: Scope, view: View): void {
    if (!takeAgainst(a, b, scope, view, keysOf) && !takeAgainst(b, a, scope, view, keysOf)) found.everyone()
  }

  /** Those from whom a path leads to what the other side comes to. Those whose path leads elsewhere are not as the stranger is. */
  function takeAgainst(
    side: Expr,
    other: Expr,
    scope: Scope,
    view: View,
    targets: (entities: readonly Entity[]) => Iterable<string>,
  ): boolean {
    const paths = depends(other, view) ? undefined : pathsOf(side, view)
    if (paths === undefined || (wanted === 'named' && paths.some((path) => path.length > 0))) return false
    const values = outcomesOf(run, other, scope)
    if (values === undefined) return false
    const keys = [...targets(entitiesIn(values))]
    for (const path of paths) for (const key of against(walk, path, keys)) found.actor(key)
    return true
  }

  function around(entities: readonly Entity[]): readonly string[] {
    return entities.flatMap((entity) => [...containersOf(run, entity).certain])
  }

  function takeMembers({ kind, of, local, body }: Quantified, scope: Scope, view: View): void {
    if (depends(of, view)) {
      const paths = pathsOf(of, view)
      if (paths === undefined || kind === 'every' || wanted === 'named') found.everyone()
      else take(body, scope, withLocal(view, local, paths))
      return
    }
    const values = outcomesOf(run, of, scope)
    if (values === undefined || (kind === 'every' && wanted === 'permitted')) {
      found.everyone()
      return
    }
    const members = values.flatMap((value): readonly Value[] =>
      typeof value === 'object' && value.kind === 'set' ? value.members : [],
    )
    for (const value of members) {
      visit(walk)
      take(body, bind(scope, [[local, { kind: 'value', value }]]), view)
    }
  }

  return take
}

function isActor(expr: Expr): boolean {
  return expr.kind === 'variable' && expr.name === 'actor'
}

/** It may look at what is a caller's, by itself or through a role. */
function mayBeOpen(condition: Expr): boolean {
  return nodes(condition).some(
    (node) =>
      node.kind === 'obtainable' ||
      node.kind === 'holds' ||
      (node.kind === 'variable' && (node.name === 'token' || node.name === 'session')),
  )
}

function keysOf(entities: readonly Entity[]): readonly string[] {
  return entities.map(({ key }) => key)
}

/** How many actors are to be expected; what does not depend on them has been looked at. */
function breadth(condition: Expr, view: View, known: Map<Expr, number>): number {
  const found = known.get(condition) ?? newBreadth(condition, view, (part) => breadth(part, view, known))
  known.set(condition, found)
  return found
}

function newBreadth(condition: Expr, view: View, of: (part: Expr) => number): number {
  if (!depends(condition, view)) return 0
  switch (condition.kind) {
    case 'or':
      return Math.max(...condition.operands.map(of))
    case 'and':
      return Math.min(...condition.operands.map(of))
    case 'compare':
      return isRelated(condition.left, condition.right, view) ? 1 : unbounded
    case 'builtin': {
      const [set, other] = condition.args
      return set !== undefined && other !== undefined && isRelated(set, other, view) ? 1 : unbounded
    }
    case 'holds':
      return isActor(condition.subject) ? 10 : unbounded
    case 'contained':
      return isRelated(condition.subject, condition.within, view) ? 10 : unbounded
    case 'some':
      return 20
    case 'is':
      return 100
    default:
      return unbounded
  }
}

const unbounded = 1000

/** One side is a path from the actor, and the other does not depend on it. */
function isRelated(a: Expr, b: Expr, view: View): boolean {
  return [
    [a, b],
    [b, a],
  ].some(([side, other]) => side && other && !depends(other, view) && pathsOf(side, view) !== undefined)
}
