import type { Expr, Holds } from '../ir/expr.ts'
import { depends, type Path, pathsOf, type View, withLocal } from './paths.ts'

/** From where entities are found for which a condition can be true: among those that all guards leave. */
export interface Source {
  /** Conditions that do not depend on the entity: where one cannot hold, there is nothing to be found here. */
  readonly guards: readonly Guard[]
  readonly from: From
  /** The fields that lead from the entities to where the source begins. */
  readonly path: Path
}

export interface Guard {
  readonly condition: Expr
  readonly holds: boolean
}

export type From =
  /** Nothing bounds them. */
  | { readonly kind: 'everything' }
  /** On which the actor holds a role or permission. */
  | { readonly kind: 'held'; readonly relation: string; readonly permission: boolean; readonly type: string }
  /** What the expression comes to. */
  | { readonly kind: 'value'; readonly of: Expr }
  /** What contains that, itself included. */
  | { readonly kind: 'containers'; readonly of: Expr }
  /** What that contains, itself included. */
  | { readonly kind: 'contained'; readonly of: Expr }

const everything: readonly Source[] = [{ guards: [], from: { kind: 'everything' }, path: [] }]

/**
 * The sources of which one has every entity for which the condition is true. What is no test of a relation bounds nothing, and of
 * several conditions that all have to hold the one that bounds best does.
 */
export function sourcesOf(condition: Expr, view: View): readonly Source[] {
  const memo = remembered.get(view) ?? new Map<Expr, readonly Source[]>()
  remembered.set(view, memo)
  let sources = memo.get(condition)
  if (sources === undefined) {
    // Of one that is shared each source is one.
    const found = [...new Set(newSources(condition, view))]
    sources = found.length > mostSources ? everything : found
    memo.set(condition, sources)
  }
  return sources
}

/** Choices within choices double them: past so many of one condition it bounds nothing. */
const mostSources = 10_000
const remembered = new WeakMap<View, Map<Expr, readonly Source[]>>()

function newSources(condition: Expr, view: View): readonly Source[] {
  if (!depends(condition, view)) return guarded(everything, condition, true)
  switch (condition.kind) {
    case 'or':
      return condition.operands.flatMap((operand) => sourcesOf(operand, view))
    case 'and':
      return conjunction(condition.operands, view)
    case 'conditional': {
      const { condition: on, then, else: otherwise } = condition
      if (depends(on, view)) return [...conjunction([on, then], view), ...sourcesOf(otherwise, view)]
      return [...guarded(sourcesOf(then, view), on, true), ...guarded(sourcesOf(otherwise, view), on, false)]
    }
    case 'holds':
      return heldOn(condition, view)
    case 'contained':
      return related(
        [condition.subject, (of) => ({ kind: 'contained', of }), condition.within],
        [condition.within, (of) => ({ kind: 'containers', of }), condition.subject],
        view,
      )
    case 'compare':
      // Two sets without a member are equal, so that nothing leads from one to the other.
      return condition.operator === '==' && (isOne(condition.left) || isOne(condition.right))
        ? equal(condition.left, condition.right, view)
        : everything
    case 'builtin': {
      const [set, other] = condition.args
      const isMembership = condition.name === 'includes' || condition.name === 'containsAny'
      return isMembership && set !== undefined && other !== undefined ? equal(set, other, view) : everything
    }
    case 'some': {
      const paths = pathsOf(condition.of, view)
      return paths === undefined ? everything : sourcesOf(condition.body, withLocal(view, condition.local, paths))
    }
    default:
      return everything
  }
}

/** The one that bounds best, if the conditions that do not depend on the entity can all hold. */
function conjunction(operands: readonly Expr[], view: View): readonly Source[] {
  const guards = operands.filter((operand) => !depends(operand, view))
  const bounds = operands.filter((operand) => depends(operand, view)).map((operand) => sourcesOf(operand, view))
  const [best = everything] = bounds.toSorted((a, b) => breadth(a) - breadth(b))
  return guards.reduce((sources, guard) => guarded(sources, guard, true), best)
}

function guarded(sources: readonly Source[], condition: Expr, holds: boolean): readonly Source[] {
  return sources.map((source) => ({ ...source, guards: [...source.guards, { condition, holds }] }))
}

/** How many entities are to be expected: a few are named by someone, more are somewhere below, and there is no end of others. */
function breadth(sources: readonly Source[]): number {
  return Math.max(0, ...sources.map(({ from, path }) => widths[from.kind] + path.length))
}

const widths: Readonly<Record<From['kind'], number>> = {
  value: 0,
  containers: 1,
  held: 1,
  contained: 10,
  everything: 1000,
}

function heldOn({ subject, of, types, relation, permission }: Holds, view: View): readonly Source[] {
  const paths = of === undefined ? undefined : pathsOf(of, view)
  if (paths === undefined || subject.kind !== 'variable' || subject.name !== 'actor') return everything
  return paths.flatMap((path) =>
    types.map((type): Source => ({ guards: [], from: { kind: 'held', relation, permission, type }, path })),
  )
}

/** Comes to one entity, if to any. */
export function isOne(expr: Expr): boolean {
  switch (expr.kind) {
    case 'constant':
    case 'variable':
    case 'local':
    case 'construct':
      return true
    case 'field':
      return expr.type.kind !== 'set' && isOne(expr.of)
    default:
      return false
  }
}

function equal(a: Expr, b: Expr, view: View): readonly Source[] {
  const value = (of: Expr): From => ({ kind: 'value', of })
  return related([a, value, b], [b, value, a], view)
}

type Side = readonly [path: Expr, from: (of: Expr) => From, of: Expr]

/** One side is a path from the entity, and the other does not depend on it. */
function related(one: Side, other: Side, view: View): readonly Source[] {
  for (const [side, from, of] of [one, other]) {
    const paths = depends(of, view) ? undefined : pathsOf(side, view)
    if (paths !== undefined) return paths.map((path) => ({ guards: [], from: from(of), path }))
  }
  return everything
}
