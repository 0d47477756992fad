import type { EntityInput, FactInput } from '../facts/fact.ts'
import { fromJson } from '../facts/fact-json.ts'
import { type EditableFacts, memoryStore } from '../facts/memory.ts'
import type { Program } from '../ir/program.ts'
import { type Bound, createMachine } from '../machine/machine.ts'
import * as support from '../machine/support.ts'
import { linkTables } from '../machine/tables.ts'
import type { Regexes } from '../runtime/builtins/matches.ts'
import type { Decision } from '../runtime/decision.ts'
import { givenFunctions } from '../runtime/given-functions.ts'
import { policyOf } from '../runtime/policy.ts'
import { type CompiledPolicy, checkVersion } from './compiled-policy.ts'
import type { ActionOn, ActorOf, EnvironmentOf, ResourceOf, Vocabulary } from './vocabulary.ts'

/** A decision. What is missing for another one takes the interpreter, which is not here: that is told by an engine of `licet`. */
export type CompiledDecision = Omit<Decision, 'missing'>

/** An engine that decides by code which was compiled before. */
export interface CompiledEngine<V extends Vocabulary> {
  readonly backend: 'compiled'
  /** Only whether it is allowed. Never throws: what is wrong with a request denies it. */
  can<R extends ResourceOf<V>>(actor: ActorOf<V>, action: ActionOn<V, R>, resource: R, env?: EnvironmentOf<V>): boolean
  /** Whether `actor` may do `action` to `resource`, and why. Never throws: what is wrong with a request denies it. */
  authorize<R extends ResourceOf<V>>(
    actor: ActorOf<V>,
    action: ActionOn<V, R>,
    resource: R,
    env?: EnvironmentOf<V>,
  ): CompiledDecision
  /**
   * What is known of the actor and of the environment, for the many questions of one request: all of them at one time, and on the
   * facts as they are now. The objects in `env` are read when they are needed, and are not to change.
   */
  for(actor: ActorOf<V>, env?: EnvironmentOf<V>): BoundCompiledEngine<V>
  /** Facts beside those of the policy text. What the policy does not allow is refused, and told; nothing throws. */
  readonly facts: EditableFacts
}

/** An engine for one actor and one environment. */
export interface BoundCompiledEngine<V extends Vocabulary> {
  can<R extends ResourceOf<V>>(action: ActionOn<V, R>, resource: R): boolean
  authorize<R extends ResourceOf<V>>(action: ActionOn<V, R>, resource: R): CompiledDecision
}

export type CompiledEngineOptions<V extends Vocabulary> = {
  /** Facts beside those of the policy text, loaded before the first decision. What the policy refuses throws. */
  readonly facts?: Iterable<FactInput | EntityInput>
  /** The clock, in milliseconds since the epoch, for requests that do not say what time it is; the host's by default. */
  readonly now?: () => number
} & ([keyof V['functions']] extends [never]
  ? { readonly functions?: V['functions'] }
  : {
      /** The host functions that the policy declares; pure, and synchronous. */
      readonly functions: V['functions']
    })

/** As whoever wrote the options knows them: the words of a policy are types only. */
interface Options {
  readonly facts?: Iterable<FactInput | EntityInput>
  readonly functions?: object
  readonly now?: () => number
}

/**
 * An engine for a policy that was compiled before: what the module that `licet compile` writes calls.
 *
 * @throws TypeError for misuse: a module that another version of licet has made, a declared host function that is not given, or initial
 *   facts that the policy does not allow
 */
export function createCompiledEngine<V extends Vocabulary>(
  policy: CompiledPolicy,
  options: Options = {},
): CompiledEngine<V> {
  checkVersion(policy)
  // INVARIANT: nothing that is reached from here reads a condition of the program: they are the code.
  const program = policy.program as Program
  const functions = givenFunctions(program, options.functions)
  const known = policyOf(program)
  const store = memoryStore(known.schema, fromJson(policy.facts))
  const refused = store.load(options.facts ?? [])
  if (refused.length > 0) throw new TypeError(`facts that the policy does not allow: ${refused[0]?.message}`)
  const machine = createMachine({
    link: (r) => linkTables(r, policy.link(r, support)),
    policy: known,
    store,
    functions,
    regexes: policy.regexes ?? none,
    clock: options.now ?? Date.now,
  })
  return {
    backend: 'compiled',
    can: machine.can as CompiledEngine<V>['can'],
    authorize: (...question) => told(machine.authorize(...(question as Parameters<typeof machine.authorize>))),
    for: (actor, env) => bound(machine.for(...([actor, env] as Parameters<typeof machine.for>))),
    facts: {
      get revision() {
        return store.revision
      },
      add: store.add,
      remove: store.remove,
      put: store.put,
      delete: store.delete,
      load: store.load,
      dump: store.dump,
    },
  }
}

/** A module without regular expressions brings none. */
const none: Regexes = () => undefined

function bound<V extends Vocabulary>(session: Bound): BoundCompiledEngine<V> {
  return {
    can: (...question) => session.can(...(question as Parameters<Bound['can']>)),
    authorize: (...question) => told(session.authorize(...(question as Parameters<Bound['authorize']>))),
  }
}

function told({ allowed, reason, rules, errors, limits, labels }: Decision): CompiledDecision {
  return { allowed, reason, rules, errors, limits, labels }
}
