import { type Diagnostic, diagnostic } from './base/diagnostic.ts'
import { explain } from './explain/explain.ts'
import { missing } from './explain/missing.ts'
import type { ProofNode } from './explain/proof.ts'
import type { EntityInput, EntityName, FactInput } from './facts/fact.ts'
import { layered } from './facts/layers.ts'
import type { FactRejection } from './facts/load.ts'
import { type MemoryStore, memoryStore } from './facts/memory.ts'
import { factSchema } from './facts/schema.ts'
import type { Facts } from './facts/store.ts'
import type { Expr } from './ir/expr.ts'
import { nodes } from './ir/walk.ts'
import type { Policy } from './language.ts'
import { type ConditionResult, evaluateCondition } from './runtime/condition.ts'
import type { Decision, Missing } from './runtime/decision.ts'
import { createEvaluator, type Evaluator } from './runtime/evaluator.ts'
import { evaluateResidual, type PartialDecision, partial } from './runtime/partial/partial.ts'
import type { Residual } from './runtime/partial/residual.ts'
import type { UnknownInput } from './runtime/question.ts'
import type { ActorInput, Environment, ResourceInput } from './runtime/request.ts'
import { isPlainObject } from './value/plain-object.ts'

export interface EngineOptions {
  /** Facts beside those of the policy text, loaded before the first decision. What the policy refuses throws. */
  readonly facts?: Iterable<FactInput | EntityInput>
  /** The host functions that the policy declares; pure, and synchronous. */
  readonly functions?: Readonly<Record<string, (...args: never[]) => unknown>>
}

export interface Engine {
  /** How decisions are made: by the reference interpreter. */
  readonly backend: 'interpreted'
  /** Whether `actor` may do `action` to `resource`, and why. Never throws: what is wrong with a request denies it. */
  authorize(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): Decision
  /** The decision with its proof: every rule that concerns the request, and what it hangs on. */
  explain(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): Explanation
  /** Only whether it is allowed. */
  can(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): boolean
  /**
   * The decision with some inputs left open: `allow` and `deny` hold for every completion, `depends` comes with the condition
   * that remains, which is JSON.
   */
  partial(question: PartialQuestion): PartialDecision
  /** The decision on the complete request from what was left of it: the same as `authorize`. */
  complete(residual: Residual, question: Question): Decision
  /** Whether a condition of a `test` holds. */
  evaluate(condition: Expr, env?: Environment): ConditionResult
  /**
   * Swaps the policy at once; a request in flight finishes on the policy it began with. Returns the facts that the new policy
   * does not allow, which are no longer in force.
   */
  replace(policy: Policy): readonly FactRejection[]
  readonly facts: EngineFacts
}

export interface Explanation extends Decision {
  readonly proof: ProofNode
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
export interface EngineFacts extends Omit<MemoryStore, 'snapshot'> {
  /**
   * Adds the `given` statements of a text: none of them where one is wrong. Those that facts which are there already exclude are
   * told and left out.
   */
  parse(text: string, name?: string): readonly Diagnostic[]
}

/**
 * An engine for a policy.
 *
 * @throws TypeError for misuse: a declared host function that is not given, or initial facts that the policy does not allow
 */
export function createEngine(policy: Policy, options: EngineOptions = {}): Engine {
  const functions = (options.functions ?? {}) as Readonly<Record<string, (...args: unknown[]) => unknown>>
  let current = load(policy, functions)
  const refused = current.store.load(options.facts ?? [])
  if (refused.length > 0) throw new TypeError(`facts that the policy does not allow: ${refused[0]?.message}`)

  // What is no plain object, or cannot be read, goes on as it is and is denied: copied, it could lose its agents.
  const asked = (env: Environment): Environment => {
    try {
      return isPlainObject(env) && env.now === undefined ? { ...env, now: Date.now() } : env
    } catch {
      return env
    }
  }
  /** What is missing is worked out when somebody looks: from the same facts, for the same request. */
  const decide = (question: Required<Question>): Decision => {
    const { evaluator } = current
    const facts = current.view()
    const decision = evaluator.decide(question, facts)
    if (decision.allowed || !current.obtainable) return decision
    let found: Missing | undefined
    return {
      ...decision,
      get missing() {
        found ??= missing(evaluator, question, facts)
        return found
      },
    }
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
    backend: 'interpreted',
    authorize: (actor, action, resource, env = {}) => decide({ actor, action, resource, env: asked(env) }),
    explain: (actor, action, resource, env = {}) => {
      const question = { actor, action, resource, env: asked(env) }
      const { proof } = explain(current.evaluator, question, current.view())
      return Object.defineProperties(decide(question), { proof: { value: proof, enumerable: true } }) as Explanation
    },
    can: (actor, action, resource, env = {}) =>
      current.evaluator.can({ actor, action, resource, env: asked(env) }, current.view()),
    partial: ({ unknown, env = {}, ...question }) =>
      partial(current.evaluator, { ...question, env: asked(env) }, current.view(), unknown),
    complete: (residual, { env = {}, ...question }) =>
      evaluateResidual(current.evaluator, residual, { ...question, env: asked(env) }, current.view()),
    evaluate: (condition, env = {}) => evaluateCondition(current.evaluator, condition, asked(env), current.view()),
    replace: (next) => {
      const loaded = load(next, functions)
      const dropped = loaded.store.load(current.store.dump())
      firstRevision = facts.revision + 1 - loaded.store.revision
      current = loaded
      return dropped
    },
    facts,
  }
}

interface Loaded {
  readonly policy: Policy
  readonly evaluator: Evaluator
  readonly store: MemoryStore
  /** The policy asks for something that a caller could go and get. */
  readonly obtainable: boolean
  /** The facts of the policy text and the stored ones, as one. */
  readonly view: () => Facts
}

function load(policy: Policy, functions: Readonly<Record<string, (...args: unknown[]) => unknown>>): Loaded {
  const { program } = policy
  for (const { name } of program.functions)
    if (!Object.hasOwn(functions, name) || typeof functions[name] !== 'function')
      throw new TypeError(`the policy declares the function \`${name}\`, which is not given`)
  const schema = factSchema(program)
  const written = memoryStore(schema)
  written.load(policy.facts)
  const own = written.snapshot()
  const store = memoryStore(schema, own)
  return {
    policy,
    store,
    obtainable: conditions(program).some((condition) => mentionsObtainable(condition)),
    evaluator: createEvaluator(program, { functions }),
    view: () => (policy.facts.length === 0 ? store.snapshot() : layered(own, store.snapshot())),
  }
}

function conditions({ rules, roles, conditions: carried }: Policy['program']): readonly Expr[] {
  const ofRoles = roles.flatMap(({ condition, except }) => [condition, except].filter((one) => one !== undefined))
  return [...rules.map(({ condition }) => condition), ...ofRoles, ...carried.map(({ body }) => body)]
}

function mentionsObtainable(condition: Expr): boolean {
  for (const node of nodes(condition)) if (node.kind === 'obtainable') return true
  return false
}
