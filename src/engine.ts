import { type Diagnostic, diagnostic } from './base/diagnostic.ts'
import { linkLazily, mayGenerateCode } from './compile/linker.ts'
import { Denied } from './explain/denied.ts'
import { explain } from './explain/explain.ts'
import { missing } from './explain/missing.ts'
import { type Nearest, nothingNearest } from './explain/nearest/change.ts'
import { nearest } from './explain/nearest/nearest.ts'
import type { ProofNode } from './explain/proof.ts'
import type { EntityInput, EntityName, FactInput } from './facts/fact.ts'
import type { FactRejection } from './facts/load.ts'
import { type EditableFacts, type MemoryStore, memoryStore, type Snapshot } from './facts/memory.ts'
import type { Facts } from './facts/store.ts'
import type { Expr } from './ir/expr.ts'
import { someNode } from './ir/walk.ts'
import type { Policy } from './language.ts'
import { type Bound, createMachine, type Machine } from './machine/machine.ts'
import { type EntityList, list } from './query/list.ts'
import { newPlans, type Plans } from './query/plan.ts'
import { type Who, who } from './query/who.ts'
import { actions } from './runtime/actions.ts'
import {
  type ConditionResult,
  type ExpressionResult,
  evaluateCondition,
  evaluateExpression,
} from './runtime/condition.ts'
import type { Decision } from './runtime/decision.ts'
import { createEvaluator, type Evaluator } from './runtime/evaluator.ts'
import { givenFunctions } from './runtime/given-functions.ts'
import type { HostFunctions } from './runtime/host-call.ts'
import { evaluateResidual, type PartialDecision, partial } from './runtime/partial/partial.ts'
import type { Residual } from './runtime/partial/residual.ts'
import type { UnknownInput } from './runtime/question.ts'
import { regexes } from './runtime/regexes.ts'
import type { ActorInput, Environment, ResourceInput } from './runtime/request.ts'
import { timed } from './runtime/timed.ts'

export interface EngineOptions {
  /** Facts beside those of the policy text, loaded before the first decision. What the policy refuses throws. */
  readonly facts?: Iterable<FactInput | EntityInput>
  /** The host functions that the policy declares; pure, and synchronous. */
  readonly functions?: Readonly<Record<string, (...args: never[]) => unknown>>
  /**
   * How decisions are made: by JavaScript that the policy is compiled to, or by the reference interpreter, which is some hundred
   * times slower and agrees with it on everything. `auto`, the default, compiles where code may be made from text.
   */
  readonly backend?: 'auto' | 'compiled' | 'interpreted'
}

export interface Engine {
  /** How decisions are made: `interpreted` where code may not be made from text, as under a strict content security policy. */
  readonly backend: 'compiled' | 'interpreted'
  /** The policy in force. */
  readonly policy: Policy
  /** Whether `actor` may do `action` to `resource`, and why. Never throws: what is wrong with a request denies it. */
  authorize(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): Decision
  /** The decision with its proof: every rule that concerns the request, and what it hangs on; and the nearest changes. Never throws. */
  explain(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): Explanation
  /** Only whether it is allowed. */
  can(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): boolean
  /**
   * What is known of the actor and of the environment, for the many questions of one request: all of them at one time, and on the
   * facts and the policy as they are now. The objects in `env` are read when they are needed, and are not to change.
   */
  for(actor: ActorInput, env?: Environment): BoundEngine
  /** The actions that are allowed on a resource, sorted. */
  actions(actor: ActorInput, resource: ResourceInput, env?: Environment): string[]
  /** The entities of a type on which `actor` may do `action`, found from the facts about the actor. Never throws. */
  list(actor: ActorInput, action: string, type: string, env?: Environment): EntityList
  /**
   * Who may do `action` to `resource`, found from the facts about the resource. Of `env`, the agents, the context, the time and the
   * facts belong to the question; the token, the session, approvals and confirmation are a caller's, and nobody is judged by those of
   * another: where they matter the answer is conditional. Never throws.
   */
  who(action: string, resource: ResourceInput, env?: Environment): Who
  /**
   * The decision with some inputs left open: `allow` and `deny` hold for every completion, `depends` comes with the condition
   * that remains, which is JSON.
   */
  partial(question: PartialQuestion): PartialDecision
  /** The decision on the complete request from what was left of it: the same as `authorize`. */
  complete(residual: Residual, question: Question): Decision
  /** Whether a condition of a `test` or a question holds; of a `test`, nobody asks it. */
  evaluate(condition: Expr, env?: Environment, actor?: ActorInput): ConditionResult
  /** What an expression of a question comes to. */
  value(expression: Expr, env?: Environment, actor?: ActorInput): ExpressionResult
  /**
   * Swaps the policy at once; a request in flight finishes on the policy it began with. Returns the facts that the new policy
   * does not allow, which are no longer in force.
   */
  replace(policy: Policy): readonly FactRejection[]
  readonly facts: EngineFacts
}

/** An engine for one actor in one environment. */
export interface BoundEngine {
  can(action: string, resource: ResourceInput): boolean
  authorize(action: string, resource: ResourceInput): Decision
  actions(resource: ResourceInput): string[]
  list(action: string, type: string): EntityList
}

export interface Explanation extends Decision {
  readonly proof: ProofNode
  /** For a denial, what would have to change for it to be an allow. For whoever may know the policy and the facts. Worked out when it is read. */
  readonly nearest: Nearest
}

/** A request as one object. */
export interface Question {
  readonly actor: ActorInput
  readonly action: string
  readonly resource: ResourceInput
  readonly env?: Environment
}

export interface PartialQuestion extends Question {
  readonly unknown: readonly UnknownInput[]
}

/** The facts of an engine. What the policy does not allow is refused, and told; nothing throws. */
export interface EngineFacts extends EditableFacts {
  /**
   * Adds the `given` statements of a text: none of them where one is wrong. Those that facts which are there already exclude are
   * told and left out.
   */
  parse(text: string, name?: string): readonly Diagnostic[]
  /** Every entity of a type of which something is known, as `Type:id`, sorted. */
  entities(type: string): readonly string[]
}

/**
 * An engine for a policy.
 *
 * @throws TypeError for misuse: a declared host function that is not given, initial facts that the policy does not allow, or
 *   `backend: 'compiled'` where code may not be made from text
 */
export function createEngine(policy: Policy, options: EngineOptions = {}): Engine {
  const functions = givenFunctions(policy.program, options.functions)
  const backend = backendOf(options.backend)
  const loaded = load(policy, functions, backend)
  const refused = loaded.store.load(options.facts ?? [])
  if (refused.length > 0) throw new TypeError(`facts that the policy does not allow: ${refused[0]?.message}`)
  return engineOf(loaded, functions, backend)
}

/** The stored facts of one test, for engines of many policies that allow the same facts. */
export type SharedFacts = MemoryStore

/**
 * Engines of one policy on facts that they share with those of others, and do not change: for tests that are run on very many policies.
 * By the interpreter, since each is asked little.
 */
export function createEnginesOnFacts(policy: Policy, given: EngineOptions['functions']) {
  const functions = givenFunctions(policy.program, given)
  const evaluator = createEvaluator(policy.program, { functions })
  return {
    /** Undefined where the policy refuses some of them. */
    load: (facts: readonly (FactInput | EntityInput)[]): SharedFacts | undefined => {
      const store = memoryStore(evaluator.policy.schema, policy.facts)
      return store.load(facts).length === 0 ? store : undefined
    },
    on: (store: SharedFacts): Engine =>
      engineOf(loadedOn(store, { policy, evaluator, functions, backend: 'interpreted' }), functions, 'interpreted'),
  }
}

function engineOf(loaded: Loaded, functions: HostFunctions, backend: Engine['backend']): Engine {
  let current = loaded
  const authorize: Engine['authorize'] = (actor, action, resource, env) => {
    const decision = current.decider.authorize(actor, action, resource, env)
    return mayLack(decision, current) ? withMissing(decision, current, actor, action, resource, env) : decision
  }

  /** While it takes place facts do not change. */
  const reading = <T>(evaluation: (evaluator: Evaluator, seen: Facts) => T): T => {
    const { evaluator, store, view } = current
    return store.deciding(() => evaluation(evaluator, view()))
  }

  /** What revisions begin at: they go on when a policy is replaced. */
  let firstRevision = 0
  const facts: EngineFacts = {
    get revision() {
      return firstRevision + current.store.revision
    },
    add: (fact) => current.store.add(fact),
    remove: (fact) => current.store.remove(fact),
    put: (entity) => current.store.put(entity),
    delete: (name: EntityName) => current.store.delete(name),
    load: (inputs) => current.store.load(inputs),
    dump: () => current.store.dump(),
    entities: (type) => reading((_, seen) => Array.from(seen.entities(type), ({ key }) => key).sort()),
    parse: (text, name = 'facts.licet') => {
      const parsed = current.policy.parseFacts(text, name)
      const whole = { file: name, start: 0, end: text.length }
      const refused = current.store.load(parsed.facts)
      return [
        ...parsed.diagnostics,
        ...refused.map(({ code, message, help }) => diagnostic(code, whole, message, { help })),
      ]
    },
  }
  return {
    backend,
    get policy() {
      return current.policy
    },
    authorize,
    explain: (actor, action, resource, env = {}) => {
      const question = { actor, action, resource, env: timed(env, Date.now) }
      const { store, evaluator, view } = current
      const seen = view()
      const { proof } = store.deciding(() => explain(evaluator, question, seen))
      const decision = authorize(question.actor, question.action, question.resource, question.env)
      // Which takes longer than the rest, and is wanted of a denial only.
      let found: Nearest | undefined = decision.allowed ? nothingNearest : undefined
      const changes = () => {
        found ??= store.deciding(() => nearest(evaluator, question, seen))
        return found
      }
      return Object.defineProperties(decision, {
        proof: { value: proof, enumerable: true },
        nearest: { get: changes, enumerable: true },
      }) as Explanation
    },
    can: (actor, action, resource, env) => current.decider.can(actor, action, resource, env),
    for: (actor, env) => new Session(current, actor, env),
    actions: (actor, resource, env) => new Session(current, actor, env).actions(resource),
    list: (actor, action, type, env) => new Session(current, actor, env).list(action, type),
    who: (action, resource, env = {}) => {
      const { decider, plans } = current
      const question = { action, resource, env: timed(env, Date.now) }
      const can = (actor: ActorInput, asked: Environment) => decider.can(actor, action, resource, asked)
      return reading((evaluator, facts) => who(question, { evaluator, plans, facts, can }))
    },
    partial: ({ unknown, env = {}, ...question }) =>
      reading((evaluator, seen) => partial(evaluator, { ...question, env: timed(env, Date.now) }, seen, unknown)),
    complete: (residual, { env = {}, ...question }) =>
      reading((evaluator, seen) =>
        evaluateResidual(evaluator, residual, { ...question, env: timed(env, Date.now) }, seen),
      ),
    evaluate: (condition, env = {}, actor = null) =>
      reading((evaluator, seen) => evaluateCondition(evaluator, condition, { actor, env: timed(env, Date.now) }, seen)),
    value: (expression, env = {}, actor = null) =>
      reading((evaluator, seen) =>
        evaluateExpression(evaluator, expression, { actor, env: timed(env, Date.now) }, seen),
      ),
    replace: (next) => {
      givenFunctions(next.program, functions)
      const loaded = load(next, functions, backend)
      const dropped = loaded.store.load(current.store.dump())
      firstRevision = facts.revision + 1 - loaded.store.revision
      current = loaded
      return dropped
    },
    facts,
  }
}

function backendOf(wanted: EngineOptions['backend'] = 'auto'): Engine['backend'] {
  if (wanted === 'interpreted') return wanted
  if (mayGenerateCode()) return 'compiled'
  if (wanted === 'auto') return 'interpreted'
  throw new TypeError('code may not be made from text here: use `licet compile`, or `backend: "auto"`')
}

interface Loaded {
  readonly policy: Policy
  readonly decider: Machine
  readonly evaluator: Evaluator
  readonly store: MemoryStore
  /** The policy asks for something that a caller could go and get; looked for when it is asked. */
  readonly obtainable: () => boolean
  /** The facts of the policy text and the stored ones, as one. */
  readonly view: () => Snapshot
  readonly plans: Plans
}

function mayLack({ allowed }: Decision, { obtainable, decider }: Loaded): boolean {
  return !allowed && obtainable() && decider.mayLack()
}

/** What is missing is worked out when somebody looks: from the same facts, for the same request, at the same time. */
function withMissing(
  decision: Decision,
  { evaluator, store, decider, view }: Loaded,
  actor: ActorInput,
  action: string,
  resource: ResourceInput,
  env: Environment = {},
  seen: Facts = view(),
): Decision {
  const time = decider.time()
  return new Denied(decision, () => {
    const question = { actor, action, resource, env: timed(env, () => time) }
    return store.deciding(() => missing(evaluator, question, seen))
  })
}

/** One object for each actor, since there may be many of them. */
class Session implements BoundEngine {
  private readonly loaded: Loaded
  private readonly actor: ActorInput
  private readonly env: Environment
  private readonly seen: Snapshot
  private readonly bound: Bound

  constructor(loaded: Loaded, actor: ActorInput, env: Environment = {}) {
    this.loaded = loaded
    this.actor = actor
    this.env = timed(env, Date.now)
    this.seen = loaded.view()
    this.bound = loaded.decider.for(actor, this.env)
  }

  can(action: string, resource: ResourceInput): boolean {
    return this.bound.can(action, resource)
  }

  authorize(action: string, resource: ResourceInput): Decision {
    const { loaded, actor, env, seen } = this
    const decision = this.bound.authorize(action, resource)
    return mayLack(decision, loaded) ? withMissing(decision, loaded, actor, action, resource, env, seen) : decision
  }

  actions(resource: ResourceInput): string[] {
    return actions(this.loaded.evaluator.policy, resource, (action) => this.bound.can(action, resource))
  }

  list(action: string, type: string): EntityList {
    const { actor, env, seen, bound } = this
    const { store, evaluator, plans } = this.loaded
    const can = (resource: string) => bound.can(action, resource)
    return list({ actor, action, type, env }, { evaluator, plans, store, facts: seen, can })
  }
}

function load(policy: Policy, functions: HostFunctions, backend: Engine['backend']): Loaded {
  const evaluator = createEvaluator(policy.program, { functions })
  const store = memoryStore(evaluator.policy.schema, policy.facts)
  return loadedOn(store, { policy, evaluator, functions, backend })
}

interface Loading {
  readonly policy: Policy
  readonly evaluator: Evaluator
  readonly functions: HostFunctions
  readonly backend: Engine['backend']
}

function loadedOn(store: MemoryStore, { policy, evaluator, functions, backend }: Loading): Loaded {
  const { program } = policy
  const view = () => store.snapshot()
  let obtainable: boolean | undefined
  return {
    policy,
    store,
    decider:
      backend === 'compiled'
        ? createMachine({
            link: linkLazily(program),
            policy: evaluator.policy,
            store,
            functions,
            regexes,
            clock: Date.now,
          })
        : interpreted(evaluator, store),
    obtainable: () => {
      obtainable ??= someNode(program, ({ kind }) => kind === 'obtainable')
      return obtainable
    },
    evaluator,
    view,
    plans: newPlans(evaluator.policy),
  }
}

/** The reference interpreter, asked as the machine is. */
function interpreted(evaluator: Evaluator, store: MemoryStore): Machine {
  const bind = (actor: ActorInput, env: Environment, facts: Facts): Bound => ({
    can: (action, resource) => store.deciding(() => evaluator.can({ actor, action, resource, env }, facts)),
    authorize: (action, resource) => store.deciding(() => evaluator.decide({ actor, action, resource, env }, facts)),
  })
  let time = 0
  const clock = () => {
    time = Date.now()
    return time
  }
  const now = (actor: ActorInput, env: Environment = {}) => bind(actor, timed(env, clock), store.snapshot())
  return {
    time: () => time,
    mayLack: () => true,
    // What looks at the environment may be a getter: it changes no facts either.
    can: (actor, action, resource, env) => store.deciding(() => now(actor, env).can(action, resource)),
    authorize: (actor, action, resource, env) => store.deciding(() => now(actor, env).authorize(action, resource)),
    for: now,
  }
}
