import type { MemoryStore, Snapshot } from '../facts/memory.ts'
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
  /** What is known of the actor and of the environment, bound for many questions: at one time, on the facts as they are now, or as they were. */
  for(actor: ActorInput, env?: Environment, taken?: Snapshot): Bound
}

export interface Bound {
  can(action: string, resource: ResourceInput): boolean
  authorize(action: string, resource: ResourceInput): Decision
}

/** What an actor and an environment put into the registers. */
type Here = Pick<Registers, 'actor' | 'token' | 'context' | 'agents' | 'now'>

type Request = readonly [actor: ActorInput, action: string, resource: ResourceInput, env: Environment | undefined]

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
    const asked = normalise(policy, { actor, action, resource, env: timed(env === undefined ? {} : env, clock) }, new Set())
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

  function bind(actor: ActorInput, env: Environment = {}, taken = store.snapshot()): Bound {
    const { revision } = taken.moment
    const bound = timed(env, clock)
    const roles = newHeldRoles(true)
    /** A question in the middle of another one is for another machine, on the facts of this one. */
    let another: Bound | undefined
    const nested = () => (another ??= inner().for(actor, bound, taken))
    if (busy) return nested()
    const here = store.at<Here | undefined>(taken, () => {
      const known = quick.actor(actor)
      if (known === undefined || !isBound(bound)) return undefined
      return { actor: known, token: r.token, context: r.context, agents: [...r.agents], now: r.now }
    })

    /** The registers as this actor has them; false: not to be told here. */
    const enterBound = (action: string, resource: ResourceInput): boolean => {
      if (here === undefined || !quick.enterTarget(action, resource)) return false
      r.roles = roles
      r.actor = here.actor
      r.token = here.token
      r.context = here.context
      r.agents = here.agents
      r.now = here.now
      begin(r)
      return true
    }
    const canHere = (action: string, resource: ResourceInput): boolean => {
      busy = true
      try {
        if (enterBound(action, resource)) return allows(r, r.group, r.entity)
        return slowly(
          [actor, action, resource, bound],
          () => false,
          (question) => isGranted(decider, question),
        )
      } catch {
        return false
      } finally {
        busy = false
      }
    }
    const authorizeHere = (action: string, resource: ResourceInput): Decision => {
      busy = true
      try {
        if (enterBound(action, resource)) return decideQuick(decider)
        return slowly(
          [actor, action, resource, bound],
          (refused) => refused,
          (question) => decide(decider, question),
        )
      } catch (thrown) {
        return failure(whyLeft(thrown))
      } finally {
        busy = false
      }
    }
    return {
      can: (action, resource) => {
        if (busy) return nested().can(action, resource)
        if (store.revision !== revision) return away(() => store.at(taken, () => canHere(action, resource)))
        store.enter()
        try {
          return canHere(action, resource)
        } finally {
          store.leave()
        }
      },
      authorize: (action, resource) => {
        if (busy) return nested().authorize(action, resource)
        if (store.revision !== revision) return away(() => store.at(taken, () => authorizeHere(action, resource)))
        store.enter()
        try {
          return authorizeHere(action, resource)
        } finally {
          store.leave()
        }
      },
    }
  }

  function isBound(env: Environment): boolean {
    try {
      return quick.enterEnvironment(env)
    } catch {
      return false
    }
  }

  return { can, authorize, for: bind }
}
