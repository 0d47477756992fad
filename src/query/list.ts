import type { MemoryStore, Snapshot } from '../facts/memory.ts'
import { failure } from '../runtime/denial.ts'
import type { Evaluator } from '../runtime/evaluator.ts'
import { guarded } from '../runtime/guarded.ts'
import { isKnown } from '../runtime/known.ts'
import type { ActorInput, Environment } from '../runtime/request.ts'
import type { Run } from '../runtime/run.ts'
import { entity } from '../value/entity.ts'
import { isError } from '../value/evaluation-error.ts'
import type { EvaluationError } from '../value/value.ts'
import { walkBackward } from './backward.ts'
import type { Plans } from './plan.ts'
import { mostVisited, newWalk } from './walk.ts'

/**
 * Entities as `Type:id`, each once, sorted. They are those of which something is known, by a record or a fact in force, or which the
 * request brings; the actor is one of them.
 */
export interface EntityList extends Iterable<string> {
  /**
   * All of them are here. False where the question visited more than it may, where it is not a right one, and where a `virtual` type,
   * whose entities need no facts, has more of them than can be counted.
   */
  readonly complete: boolean
  /** Entities and facts looked at, and entities decided about: grows with the answer, where a relation leads to it. */
  readonly visited: number
  /** What is wrong with the question. */
  readonly errors: readonly EvaluationError[]
}

export interface ListQuestion {
  readonly actor: ActorInput
  readonly action: string
  readonly type: string
  /** With the time in it. */
  readonly env: Environment
}

export interface Listing {
  readonly evaluator: Evaluator
  readonly plans: Plans
  readonly store: MemoryStore
  /** Of the store. */
  readonly facts: Snapshot
  /** Decides about every candidate, as if it had been asked about alone. */
  readonly can: (resource: string) => boolean
  readonly most?: number
}

/** The entities of a type on which the actor may do the action. Never throws. */
export function list({ actor, action, type, env }: ListQuestion, asking: Listing): EntityList {
  const { evaluator, store, facts } = asking
  const evaluation = () => {
    const isType = typeof type === 'string' && evaluator.policy.types.has(type)
    // None in particular: what is looked at belongs to all of them.
    const resource = isType ? `${type}:any` : { type, id: 'any' }
    const run = evaluator.begin({ actor, action, resource, env }, facts, 'decide')
    return isError(run) ? nothing([run]) : listed(run, asking)
  }
  return guarded(
    () => store.at(facts, evaluation),
    (why) => nothing(failure(why).errors),
  )
}

function nothing(errors: readonly EvaluationError[]): EntityList {
  return listOf([], false, 0, errors)
}

function listed(run: Run, { plans, can, most = mostVisited }: Listing): EntityList {
  const { action, target } = run.question
  const type = target.kind === 'entity' ? target.entity.type : ''
  const walk = newWalk(run, most)
  const candidates = new Set<string>()
  const whole = guarded(
    () => {
      const unbounded = walkBackward(run, walk, plans, plans.of(action, true, type), candidates)
      return !unbounded || run.policy.types.get(type)?.virtual !== true
    },
    () => false,
  )
  const allowed: string[] = []
  let decided = 0
  for (const key of candidates) {
    if (decided === most) break
    decided += 1
    if (isKnown(run, entity(type, key.slice(type.length + 1))) === true && can(key)) allowed.push(key)
  }
  return listOf(allowed.sort(), whole && decided === candidates.size, walk.visited + decided, [])
}

function listOf(
  keys: readonly string[],
  complete: boolean,
  visited: number,
  errors: readonly EvaluationError[],
): EntityList {
  return { [Symbol.iterator]: () => keys.values(), complete, visited, errors }
}
