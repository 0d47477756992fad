import type { Span } from '../base/source.ts'
import type { Fact, Facts } from '../facts/store.ts'
import { containment } from '../facts/store.ts'
import type { Expr } from '../ir/expr.ts'
import { describeEntity } from '../value/describe.ts'
import { evaluationError } from '../value/evaluation-error.ts'
import type { Entity, EvaluationError } from '../value/value.ts'
import type { Unknown } from './cases.ts'
import { unknown } from './cases.ts'
import type { Formula } from './formula.ts'
import { failed, ifThenElse, negation, never } from './formula.ts'
import type { Containers, Run } from './run.ts'
import { leafOf, step } from './run.ts'
import { scopeOf } from './scope.ts'

/**
 * An entity is known when a record or a fact in force mentions it; the request's actor always is, and so are the entities of
 * `virtual` types. On any other every field, role and containment is an error. Unknown: only a fact that ends mentions it, and
 * the time is not known; or nothing does, and what facts do not say is not known.
 */
export function isKnown(run: Pick<Run, 'policy' | 'question' | 'facts'>, entity: Entity): boolean | Unknown {
  const { actor, now, openFields } = run.question
  if (entity.key === actor.key || run.policy.types.get(entity.type)?.virtual === true) return true
  if (openFields) return run.facts.known(entity.key, now === unknown ? Number.POSITIVE_INFINITY : now) ? true : unknown
  if (now !== unknown) return run.facts.known(entity.key, now)
  if (run.facts.known(entity.key, Number.POSITIVE_INFINITY)) return true
  return run.facts.known(entity.key) ? unknown : false
}

/**
 * What holds of an entity if it is known, and is an error if it is not. Where that waits for the time, containment in something
 * that is nothing tells: it is false of what is known.
 */
export function ifKnown(run: Run, entity: Entity, at: Span, then: () => Formula): Formula {
  const known = isKnown(run, entity)
  if (known === true) return then()
  if (known === false) return failed(unknownEntity(entity, at))
  const constant = (type: string, id: string): Expr => ({ kind: 'constant', value: { kind: 'entity', type, id }, at })
  const expr: Expr = { kind: 'contained', subject: constant(entity.type, entity.id), within: constant('', ''), at }
  return ifThenElse(negation(leafOf(run, expr, scopeOf({ subject: entity }))), then, () => never)
}

export function unknownEntity(entity: Entity, at?: Span): EvaluationError {
  return evaluationError('unknown-entity', `nothing is known of \`${describeEntity(entity)}\``, at)
}

/** A fact is absent from the instant on at which it ends. */
export function inForce(fact: Fact, now: number | Unknown): boolean | Unknown {
  if (fact.until === undefined) return true
  return now === unknown ? unknown : now < fact.until
}

/** The least reflexive and transitive closure of containment, upwards. */
export function containersOf(run: Run, entity: Entity): Containers {
  const remembered = run.containers.get(entity.key)
  if (remembered !== undefined) return remembered
  const certain = closure(run, entity, (force) => force === true)
  const possible = run.question.now === unknown ? closure(run, entity, (force) => force !== false) : certain
  const found = { certain, possible }
  run.containers.set(entity.key, found)
  return found
}

function closure(run: Run, entity: Entity, follows: (force: boolean | Unknown) => boolean): ReadonlySet<string> {
  const reached = new Set([entity.key])
  for (const key of reached) {
    for (const fact of containmentOf(run.facts, key)) {
      step(run)
      if (fact.subject.kind === 'entity' && follows(inForce(fact, run.question.now)))
        reached.add(fact.subject.entity.key)
    }
  }
  return reached
}

function containmentOf(facts: Facts, key: string): readonly Fact[] {
  return facts.facts(key, containment)
}
