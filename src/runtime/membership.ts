import type { Span } from '../base/source.ts'
import type { Expr } from '../ir/expr.ts'
import { evaluationError } from '../value/evaluation-error.ts'
import type { Entity, EvaluationError } from '../value/value.ts'
import type { Formula } from './formula.ts'
import { always, conjunction, disjunction, failed, never } from './formula.ts'
import { containersOf, ifKnown } from './known.ts'
import type { Run } from './run.ts'
import { leafOf, step } from './run.ts'
import { scopeOf } from './scope.ts'
import { demandAtom } from './system.ts'

/** `x in y` for entities: reflexive, so true of an entity itself even where nothing is known of it. */
export function within(run: Run, subject: Entity, container: Entity, at: Span): Formula {
  step(run)
  if (subject.key === container.key) return always
  const found = containment(run, subject, container, at)
  return run.supposing?.contained?.(run, subject, container, found) ?? found
}

function containment(run: Run, subject: Entity, container: Entity, at: Span): Formula {
  return ifKnown(run, subject, at, () => {
    const { certain, possible } = containersOf(run, subject)
    if (certain.has(container.key)) return always
    const isOpen =
      possible.has(container.key) || (run.question.openFields && mayBeIn(run, subject.type, container.type))
    return isOpen ? containedLater(run, subject, container, at) : never
  })
}

/** Entities of the one type can be in entities of the other, directly or not. */
function mayBeIn({ policy }: Run, type: string, container: string): boolean {
  const reached = new Set([type])
  for (const one of reached) for (const next of policy.types.get(one)?.containers ?? []) reached.add(next)
  return [...reached].some((one) => policy.types.get(one)?.containers.includes(container))
}

/** For when the time and the facts are known: containments end. */
function containedLater(run: Run, subject: Entity, container: Entity, at: Span): Formula {
  const constant = ({ type, id }: Entity): Expr => ({ kind: 'constant', value: { kind: 'entity', type, id }, at })
  const expr: Expr = { kind: 'contained', subject: constant(subject), within: constant(container), at }
  return leafOf(run, expr, scopeOf({ subject }))
}

/** The subject holds a role or permission on an entity, or a role globally. */
export function holds(
  run: Run,
  subject: Entity,
  relation: string,
  permission: boolean,
  entity: Entity | undefined,
  at: Span,
): Formula {
  const atom = { relation, subject, ...(entity === undefined ? {} : { entity }) }
  if (!permission) return demandAtom(run.system, { kind: 'role', ...atom }, run.budget)
  const own = demandAtom(run.system, { kind: 'permission', ...atom }, run.budget)
  const { actor, agents } = run.question
  if (agents.length === 0 || subject.key !== actor.key) return own
  // (U.lo and A.lo, U.hi): what is not delegated is unknown here, so that it cannot switch a deny off.
  const delegated = demandAtom(run.system, { kind: 'delegation', ...atom }, run.budget)
  return conjunction([own, disjunction([delegated, failed(notDelegated(relation, at))])])
}

/** Told wherever the agents' right is not certain, beside what makes that an error. */
function notDelegated(relation: string, at: Span): EvaluationError {
  return evaluationError('not-delegated', `\`${relation}\` is not known to be delegated`, at)
}
