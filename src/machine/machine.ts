import type { MemoryStore, Snapshot } from '../facts/memory.ts'
import type { Ent } from '../facts/table.ts'
import { notLocked } from '../runtime/asked-target.ts'
import { type Limits, maximum } from '../runtime/budget.ts'
import { createBuiltins } from '../runtime/builtins/registry.ts'
import type { Decision } from '../runtime/decision.ts'
import { denial, failure } from '../runtime/denial.ts'
import { whyLeft } from '../runtime/guarded.ts'
import type { HostFunctions } from '../runtime/host-call.ts'
import { normalise } from '../runtime/normalise.ts'
import type { Policy } from '../runtime/policy.ts'
import type { Question } from '../runtime/question.ts'
import type { ActorInput, Environment, ResourceInput } from '../runtime/request.ts'
import { timed } from '../runtime/timed.ts'
import { isError } from '../value/evaluation-error.ts'
import { type Decider, decide, decideQuick, isGranted } from './decide.ts'
import { enter } from './enter.ts'
import { allows, newGroups } from './group.ts'
import { forgetRoles, newHeldRoles } from './held-roles.ts'
import type { Linked } from './linked.ts'
import { newQuick } from './quick.ts'
import { begin, newRegisters, type Registers, reset } from './registers.ts'

export interface MachineOptions {
  readonly link: (r: Registers) => Linked
  readonly policy: Policy
  readonly store: MemoryStore
  readonly functions: HostFunctions
  /** Milliseconds since the epoch, for a request that does not say what time it is. */
  readonly clock: () => number
  readonly limits?: Limits
}

/** Decisions by emitted code. Never throws: whatever is wrong with a request, or takes too long, is a denial with an error. */
export interface Machine {
  can(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): boolean
  authorize(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): Decision
  /** The time that the last decision was for, unless its request said another. */
  time(): number
  /** What is known of the actor and of the environment, bound for many questions: at one time, on the facts as they are now, or as they were. */
  for(actor: ActorInput, env?: Environment, taken?: Snapshot): Bound
}

export interface Bound {
  can(action: string, resource: ResourceInput): boolean
  authorize(action: string, resource: ResourceInput): Decision
}

type Request = readonly [actor: ActorInput, action: string, resource: ResourceInput, env: Environment | undefined]

const noAgents: readonly Ent[] = Object.freeze([])

export function createMachine(options: MachineOptions): Machine {
  const { policy, store, clock } = options
  const { table } = store
  const functions = options.functions
  const limits = options.limits ?? maximum
  /** The table shows other facts than the present ones. */
  let elsewhere = false
  const revision = () => (elsewhere ? -1 : store.revision)
  const r = newRegisters({ policy, table, functions, builtins: createBuiltins(), limits, clock, revision })
  const linked = options.link(r)
  const told = policy.program.rules.map(({ id, doc }) => (doc === undefined ? { id } : { id, doc }))
  const decider: Decider = { r, linked, groups: newGroups(policy, linked), told }
  const quick = newQuick(r, policy)
  let busy = false
  /** A host function, or an object of the request that looks, may ask a question in the middle of another. */
  let another: Machine | undefined
  const inner = () => (another ??= createMachine(options))

  /** The request checked in every way there is, with all that it brings. */
  function slowly<T>(
    [actor, action, resource, env]: Request,
    refused: (decision: Decision) => T,
    answer: (question: Question) => T,
  ): T {
    const asked = normalise(
      policy,
      { actor, action, resource, env: timed(env === undefined ? {} : env, clock) },
      new Set(),
    )
    if (isError(asked)) return refused(denial('error', [asked]))
    const { question, layers } = asked
    const evaluation = () => {
      enter(r, question)
      return answer(question)
    }
    try {
      learn(question)
      return layers.length === 0 ? evaluation() : away(() => store.with(layers, evaluation))
    } finally {
      reset(r)
    }
  }

  function away<T>(evaluation: () => T): T {
    const before = elsewhere
    elsewhere = true
    try {
      return evaluation()
    } finally {
      elsewhere = before
    }
  }

  /** What a name of the policy leads to is found at once the next time. */
  function learn({ action, target }: Question): void {
    if (target.kind === 'entity') {
      const type = table.typeNumber(target.entity.type)
      if (type !== undefined) quick.learnEntity(action, type, decider.groups.ofType(action, target.entity.type))
    } else if (target.kind === 'tool' && action === 'call' && notLocked(policy, target) === undefined) {
      const group = decider.groups.ofItem('tool', action, target.server, target.name)
      if (group !== undefined) quick.learnTool(target.server, target.tool, group)
      else {
        const others = decider.groups.ofOtherTools(action, target.server)
        if (others !== undefined) quick.learnOtherTools(target.server, others)
      }
    }
  }

  /** What throws when it is looked at is told of in the order in which the long way looks. */
  function entersQuickly(actor: unknown, action: unknown, resource: unknown, env: unknown): boolean {
    try {
      return quick.enter(actor, action, resource) && quick.enterEnvironment(env)
    } catch {
      return false
    }
  }

  function can(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): boolean {
    if (busy) return inner().can(actor, action, resource, env)
    busy = true
    store.enter()
    try {
      if (entersQuickly(actor, action, resource, env)) {
        forgetRoles(r)
        begin(r)
        return allows(r, r.group, r.entity)
      }
      return slowly(
        [actor, action, resource, env],
        () => false,
        (question) => isGranted(decider, question),
      )
    } catch {
      return false
    } finally {
      store.leave()
      busy = false
    }
  }

  function authorize(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): Decision {
    if (busy) return inner().authorize(actor, action, resource, env)
    busy = true
    store.enter()
    try {
      if (entersQuickly(actor, action, resource, env)) {
        forgetRoles(r)
        begin(r)
        return decideQuick(decider)
      }
      return slowly(
        [actor, action, resource, env],
        (refused) => refused,
        (question) => decide(decider, question),
      )
    } catch (thrown) {
      return failure(whyLeft(thrown))
    } finally {
      store.leave()
      busy = false
    }
  }

  /** One small object for each actor, since there may be many of them, and each question finds another one. */
  class Session implements Bound {
    readonly revision: number
    readonly roles = newHeldRoles(true)
    readonly actor: Ent
    readonly token: Registers['token']
    readonly context: Registers['context']
    readonly agents: readonly Ent[]
    readonly now: number
    /** What is known of the actor and the environment is in these fields. */
    readonly isQuick: boolean
    readonly given: { readonly actor: ActorInput; readonly env: Environment; readonly taken: Snapshot }
    /** A question in the middle of another one is for another machine, on the facts of this one. */
    nested: Bound | undefined

    constructor(actor: ActorInput, env: Environment, taken: Snapshot) {
      this.given = { actor, env, taken }
      this.revision = taken.moment.revision
      const known = busy ? undefined : store.at(taken, () => (isBound(env) ? quick.actor(actor) : undefined))
      this.isQuick = known !== undefined
      this.actor = known ?? ''
      this.token = r.token
      this.context = r.context
      this.agents = r.agents.length === 0 ? noAgents : [...r.agents]
      this.now = this.isQuick ? r.now : 0
    }

    can(action: string, resource: ResourceInput): boolean {
      if (busy) return this.elsewhere().can(action, resource)
      if (store.revision !== this.revision) return this.atItsTime(() => this.canNow(action, resource))
      store.enter()
      try {
        return this.canNow(action, resource)
      } finally {
        store.leave()
      }
    }

    authorize(action: string, resource: ResourceInput): Decision {
      if (busy) return this.elsewhere().authorize(action, resource)
      if (store.revision !== this.revision) return this.atItsTime(() => this.authorizeNow(action, resource))
      store.enter()
      try {
        return this.authorizeNow(action, resource)
      } finally {
        store.leave()
      }
    }

    private elsewhere(): Bound {
      const { actor, env, taken } = this.given
      this.nested ??= inner().for(actor, env, taken)
      return this.nested
    }

    /** On the facts as they were when the session began. */
    private atItsTime<T>(evaluation: () => T): T {
      return away(() => store.at(this.given.taken, evaluation))
    }

    private canNow(action: string, resource: ResourceInput): boolean {
      busy = true
      try {
        if (this.enter(action, resource)) return allows(r, r.group, r.entity)
        const { actor, env } = this.given
        const answer = (question: Question) => isGranted(decider, question)
        return slowly([actor, action, resource, env], () => false, answer)
      } catch {
        return false
      } finally {
        busy = false
      }
    }

    private authorizeNow(action: string, resource: ResourceInput): Decision {
      busy = true
      try {
        if (this.enter(action, resource)) return decideQuick(decider)
        const { actor, env } = this.given
        const answer = (question: Question) => decide(decider, question)
        return slowly([actor, action, resource, env], (refused) => refused, answer)
      } catch (thrown) {
        return failure(whyLeft(thrown))
      } finally {
        busy = false
      }
    }

    /** Puts the question into the registers as this actor has them; false: not to be told here. */
    private enter(action: string, resource: ResourceInput): boolean {
      if (!this.isQuick || !quick.enterTarget(action, resource)) return false
      r.roles = this.roles
      r.actor = this.actor
      r.token = this.token
      r.context = this.context
      r.agents = this.agents
      r.time = this.now
      begin(r)
      return true
    }
  }

  function bind(actor: ActorInput, env: Environment = {}, taken = store.snapshot()): Bound {
    return new Session(actor, timed(env, clock), taken)
  }

  function isBound(env: Environment): boolean {
    try {
      return quick.enterEnvironment(env)
    } catch {
      return false
    }
  }

  return { can, authorize, for: bind, time: () => r.now }
}
