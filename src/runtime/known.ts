import type { Span } from '../base/source.ts'
import type { Fact, Facts } from '../facts/store.ts'
import { containment } from '../facts/store.ts'
import { describeEntity } from '../value/describe.ts'
import { evaluationError } from '../value/evaluation-error.ts'
import type { Entity, EvaluationError } from '../value/value.ts'
import type { Unknown } from './cases.ts'
import { unknown } from './cases.ts'
import type { Containers, Run } from './run.ts'
import { step } from './run.ts'

/**
 * An entity is known when a record or any fact mentions it; the request's actor and agents always are, and so are the
 * entities of `virtual` types. On any other every field, role and containment is an error.
 */
export function isKnown(run: Pick<Run, 'policy' | 'question' | 'facts'>, entity: Entity): boolean {
  const { actor, agents } = run.question
  return (
    entity.key === actor.key ||
    agents.some((agent) => agent.key === entity.key) ||
    run.policy.types.get(entity.type)?.virtual === true ||
    run.facts.known(entity.key)
  )
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
