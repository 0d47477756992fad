import type { Facts } from '../facts/store.ts'
import { failure } from '../runtime/denial.ts'
import type { Evaluator } from '../runtime/evaluator.ts'
import { guarded } from '../runtime/guarded.ts'
import { type PartialDecision, partial } from '../runtime/partial/partial.ts'
import type { Residual } from '../runtime/partial/residual.ts'
import type { UnknownInput } from '../runtime/question.ts'
import type { ActorInput, Environment, ResourceInput } from '../runtime/request.ts'
import type { Run } from '../runtime/run.ts'
import { isError } from '../value/evaluation-error.ts'
import { isPlainObject } from '../value/plain-object.ts'
import type { EvaluationError } from '../value/value.ts'
import type { Wanted } from './condition-actors.ts'
import { type Actors, walkForward } from './forward.ts'
import type { Plans } from './plan.ts'
import { isOf, mostVisited, newWalk } from './walk.ts'

/** Who may do something, whatever their requests would bring; each actor in one place. */
export interface Who {
  /** Those who may in any case. Of a type of which everyone may, only those are named who may not. */
  readonly certain: readonly Someone[]
  /** Those with whom it depends on their own token, session, approvals or confirmation. */
  readonly conditional: readonly ConditionalActor[]
  /** Nobody else may. False where the question visited more than it may, or is not a right one. */
  readonly complete: boolean
  /** Entities and facts looked at, and actors decided about. */
  readonly visited: number
  /** What is wrong with the question. */
  readonly errors: readonly EvaluationError[]
}

/** `Type:id`, everyone of a type but for some, or null, the anonymous actor. */
export type Someone = string | Everyone | null

export interface Everyone {
  readonly any: string
  /** Sorted. What holds of them is said of each by itself. */
  readonly except: readonly string[]
}

export interface ConditionalActor {
  /** `as`: the name by which the residual calls everyone of a type, that of none of them. */
  readonly actor: string | (Everyone & { readonly as: string }) | null
  /** What is left to be known, for `complete`. */
  readonly residual: Residual
}

export interface WhoQuestion {
  readonly action: string
  readonly resource: ResourceInput
  /** With the time in it. */
  readonly env: Environment
}

export interface Searching {
  readonly evaluator: Evaluator
  readonly plans: Plans
  readonly facts: Facts
  /** For a question that does not depend on who asks it. */
  readonly can: (actor: ActorInput, env: Environment) => boolean
  readonly most?: number
}

/** What belongs to a caller: nobody is judged by that of another. */
const ofCaller: readonly UnknownInput[] = ['token', 'session', 'approvals', 'confirmed']

/** Who may do the action on the resource. Never throws. */
export function who(question: WhoQuestion, searching: Searching): Who {
  return guarded(
    () => {
      const { action, resource } = question
      const env = ofQuestion(question.env)
      const { evaluator, facts } = searching
      const run = evaluator.begin({ actor: null, action, resource, env }, facts, 'decide', new Set(ofCaller))
      return isError(run) ? nobody([run]) : search(run, { action, resource, env }, searching)
    },
    (why) => nobody(failure(why).errors),
  )
}

/** The agents, the context, the time and the facts that the question is about; the rest is a caller's. */
function ofQuestion(env: Environment): Environment {
  if (!isPlainObject(env)) return env
  const { token, session, approvals, confirmed, client, ...rest } = env
  return rest
}

/** With a note of every entity that is asked about and of which nothing is known: as an actor it would be known. */
function watching(run: Run, unknown: Set<string>): Run {
  const { facts } = run
  const known: Facts['known'] = (key, now) => {
    const found = facts.known(key, now)
    if (!found) unknown.add(key)
    return found
  }
  return { ...run, facts: { ...facts, known } }
}

function nobody(errors: readonly EvaluationError[]): Who {
  return { certain: [], conditional: [], complete: false, visited: 0, errors }
}

/** One outcome, and what is left to be known. */
interface Judgement {
  readonly key: string
  readonly outcome: PartialDecision['outcome']
  readonly residual: Residual
}

const nothingLeft: Residual = { version: 1, allow: [], deny: [], agents: [], atoms: [], leaves: [] }

function search(begun: Run, { action, resource, env }: WhoQuestion, searching: Searching): Who {
  const { evaluator, plans, facts, can, most = mostVisited } = searching
  const unknown = new Set<string>()
  const run = watching(begun, unknown)
  const { target, agents } = run.question
  const { requestBound, judgesOthers } = plans.traits(action, target)
  const walk = newWalk(run, most)
  let decided = 0

  function judge(key: string): Judgement {
    decided += 1
    // The anonymous actor has an empty key.
    const actor = key === '' ? null : key
    if (!requestBound) return { key, outcome: can(actor, env) ? 'allow' : 'deny', residual: nothingLeft }
    return { key, ...partial(evaluator, { actor, action, resource, env }, facts, ofCaller) }
  }

  /** A request can put any one name together, but does not know which two are asked about: they have to agree. */
  function judgeStranger(type: string): Judgement {
    const names = strangersOf(type, begun.facts, plans.named)
    const [first, second] = [judge(names.next().value), judge(names.next().value)]
    return first.outcome === second.outcome ? first : judge(names.next().value)
  }

  const explore = onceEach((wanted: Wanted) => {
    const found: Actors = { keys: new Set(), everyone: new Set() }
    const walked = guarded(
      () => {
        walkForward(run, walk, wanted, found)
        return true
      },
      () => false,
    )
    return { ...found, walked }
  })

  function candidates(type: string, { keys, everyone }: Actors, wanted: Wanted): ReadonlySet<string> {
    const found = new Set([...keys, ...unknown, ...(target.kind === 'entity' ? [target.entity.key] : [])])
    // Agents act for who asks, and not for somebody else whom a condition asks about.
    if (everyone.has(type) || (wanted === 'named' && judgesOthers && agents.length > 0)) {
      for (const { key } of run.facts.entities(type)) found.add(key)
      for (const key of plans.named) found.add(key)
    }
    return new Set([...found].filter((key) => isOf(key, type)))
  }

  const certain: Someone[] = []
  const conditional: ConditionalActor[] = []
  let complete = true
  const tell = ({ key, outcome, residual }: Judgement) => {
    const actor = key === '' ? null : key
    if (outcome === 'allow') certain.push(actor)
    else if (outcome === 'depends') conditional.push({ actor, residual })
  }
  tell(judge(''))
  for (const { name: type } of run.policy.program.types.filter(({ actor }) => actor)) {
    const stranger = judgeStranger(type)
    const { outcome, residual } = stranger
    const wanted = outcome === 'deny' ? 'permitted' : 'named'
    const found = explore(wanted)
    const keys = candidates(type, found, wanted)
    const judged: Judgement[] = []
    for (const key of keys) if (decided < most) judged.push(judge(key))
    const all = found.walked && judged.length === keys.size
    complete &&= all
    // Whom everyone stands for is only told where it is known whom not.
    const except = judged.filter((one) => one.outcome !== 'allow' || outcome !== 'allow').map(({ key }) => key)
    const everyone: Everyone = { any: type, except: except.sort() }
    if (all && outcome === 'allow') certain.push(everyone)
    if (all && outcome === 'depends') conditional.push({ actor: { ...everyone, as: stranger.key }, residual })
    for (const one of judged) if (!(all && outcome === 'allow' && one.outcome === 'allow')) tell(one)
  }
  return {
    certain: certain.sort(byName),
    conditional: conditional.sort((a, b) => byName(a.actor, b.actor)),
    complete,
    visited: walk.visited + decided,
    errors: [],
  }
}

function onceEach<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>()
  return (key) => {
    const value = made.get(key) ?? make(key)
    made.set(key, value)
    return value
  }
}

/** Those of whom nothing is known, and whom the policy does not name. */
function* strangersOf(type: string, facts: Facts, named: ReadonlySet<string>): Generator<string, never> {
  for (let n = 0; ; n++) {
    const key = n === 0 ? `${type}:any` : `${type}:any-${n}`
    if (!facts.known(key) && !named.has(key)) yield key
  }
}

/** The anonymous actor, then whole types, then others by name. */
function byName(a: Someone, b: Someone): number {
  const name = (one: Someone) => (one === null ? '' : typeof one === 'string' ? one : ` ${one.any}`)
  return name(a) < name(b) ? -1 : 1
}
