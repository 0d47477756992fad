import type { MemoryStore, Snapshot } from '../facts/memory.ts'
import type { Ent } from '../facts/table.ts'
import { notLocked } from '../runtime/asked-target.ts'
import { type Limits, maximum } from '../runtime/budget.ts'
import type { Regexes } from '../runtime/builtins/matches.ts'
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
import { ToolCall } from '../runtime/tool-call.ts'
import { isError } from '../value/evaluation-error.ts'
import { type Decider, decide, decideQuick, decisionOf, isGranted } from './decide.ts'
import { enter } from './enter.ts'
import { allows, type Group, newGroups } from './group.ts'
import { forgetRoles, type HeldRoles, newHeldRoles } from './held-roles.ts'
import { allowed, type Linked, lacking, unusual } from './linked.ts'
import { maxInstant, newQuick, type ToolGroup } from './quick.ts'
import { isPlain, none } from './raw.ts'
import { begin, newRegisters, type Raw, type Registers, reset } from './registers.ts'

export interface MachineOptions {
  readonly link: (r: Registers) => Linked
  readonly policy: Policy
  readonly store: MemoryStore
  readonly functions: HostFunctions
  readonly regexes: Regexes
  /** Milliseconds since the epoch, for a request that does not say what time it is. */
  readonly clock: () => number
  readonly limits?: Limits
}

/** Decisions by emitted code. Never throws: whatever is wrong with a request, or takes too long, is a denial with an error. */
export interface Machine {
  can(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): boolean
  authorize(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): Decision
  /** Whether the last decision may have wanted something that a caller could go and get. */
  mayLack(): boolean
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
/** So many pairs of bits are a small integer. */
const perWord = 15

export function createMachine(options: MachineOptions): Machine {
  const { policy, store, clock } = options
  const { table, gate } = store
  const functions = options.functions
  const limits = options.limits ?? maximum
  /** The table shows other facts than the present ones. */
  let elsewhere = false
  const revision = () => (elsewhere ? -1 : store.revision)
  const r = newRegisters({
    policy,
    table,
    functions,
    builtins: createBuiltins(options.regexes),
    limits,
    clock,
    revision,
  })
  const linked = options.link(r)
  const told = policy.program.rules.map(({ id, doc }) => (doc === undefined ? { id } : { id, doc }))
  const decider: Decider = { r, linked, groups: newGroups(policy, linked), told, alone: [] }
  const quick = newQuick(r, policy)
  let busy = false
  let lacked = true
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

  /**
   * The verdict on a question as most are, without anything that has to be left again. What throws is told of by the way that looks at
   * everything, in the order in which it looks.
   */
  function ask(actor: ActorInput, action: string, resource: ResourceInput, env: unknown, tells: boolean): number {
    if (busy || gate.isInside || !gate.isOpen) return unusual
    busy = true
    gate.isInside = true
    try {
      const subject = quick.actor(actor)
      if (subject === undefined) return unusual
      const name = actor === null ? undefined : (actor as string)
      if (env === undefined) return look(subject, name, none, none, Number.NaN, undefined, action, resource, tells)
      if (typeof env !== 'object' || env === null || !quick.isUsual(env as Raw)) return unusual
      const { token = none, context = none, now, agents } = env as Raw
      if (now !== undefined && (typeof now !== 'number' || !(Math.abs(now) <= maxInstant))) return unusual
      if (agents !== undefined && !(Array.isArray(agents) && agents.length === 0)) return unusual
      return look(subject, name, token as Raw, context as Raw, now ?? Number.NaN, undefined, action, resource, tells)
    } catch {
      return unusual
    } finally {
      busy = false
      gate.isInside = false
    }
  }

  /** Nothing is put into the registers unless the verdict needs it there: writing costs more than looking. */
  function look(
    subject: Ent,
    name: string | undefined,
    token: Raw,
    context: Raw,
    now: number,
    session: HeldRoles | undefined,
    action: string,
    resource: ResourceInput,
    tells: boolean,
  ): number {
    let group: Group | undefined
    let entity: Ent | undefined
    let item: ToolGroup | undefined
    let args = none
    if (typeof resource === 'string') {
      const found = quick.entity(resource)
      group = found === undefined ? undefined : quick.entityGroup(action, found)
      entity = found
    } else {
      item = quick.tool(action, resource)
      group = item?.group
      const given = (resource as Raw).args ?? none
      if (typeof given !== 'object') return unusual
      args = given as Raw
    }
    const verdict = group?.verdict
    if (group === undefined || verdict === undefined) return unusual
    if (!verdict.isPure || session?.isReady === false) {
      r.actor = subject
      r.entity = entity
      r.token = token
      r.context = context
      r.args = args
      r.agents = noAgents
      r.time = now + 0
      r.server = item?.server
      r.tool = item?.tool
      forgetRoles(r)
      if (session !== undefined) r.roles = session
      begin(r)
    }
    const { k } = verdict
    if (!tells) return verdict.can(subject, name, entity, token, context, args, session, k)
    const told = verdict.tell(subject, name, entity, token, context, args, session, k)
    // Limits and labels have conditions, too.
    return group.obliges && (told & 3) === allowed ? unusual : told
  }

  /** Puts a question into the registers that all verdicts would have looked at; false: not to be told here. */
  function enterQuestion(actor: ActorInput, action: string, resource: ResourceInput, env: unknown): boolean {
    try {
      const subject = quick.actor(actor)
      if (subject === undefined || !quick.enterEnvironment(env) || !enterTarget(action, resource)) return false
      r.actor = subject
      forgetRoles(r)
      return isPlain(r.token) && isPlain(r.context)
    } catch {
      return false
    }
  }

  function enterTarget(action: string, resource: ResourceInput): boolean {
    const found = typeof resource === 'string' ? quick.entity(resource) : undefined
    const item = typeof resource === 'string' ? undefined : quick.tool(action, resource)
    const group = found === undefined ? item?.group : quick.entityGroup(action, found)
    if (group === undefined) return false
    r.group = group
    r.entity = found
    r.server = item?.server
    r.tool = item?.tool
    r.args = item === undefined ? none : (((resource as Raw).args ?? none) as Raw)
    return isPlain(r.args)
  }

  function can(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): boolean {
    const told = ask(actor, action, resource, env, false)
    if (told !== unusual) return told === allowed
    if (busy) return inner().can(actor, action, resource, env)
    busy = true
    store.enter()
    try {
      if (enterQuestion(actor, action, resource, env)) {
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
    const told = ask(actor, action, resource, env, true)
    lacked = told === unusual || (told & lacking) !== 0
    if (told !== unusual) return decisionOf(decider, told)
    if (busy) return inner().authorize(actor, action, resource, env)
    busy = true
    store.enter()
    try {
      if (enterQuestion(actor, action, resource, env)) {
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
    readonly name: string | undefined
    readonly token: Raw
    readonly context: Raw
    readonly agents: readonly Ent[]
    readonly now: number
    /** What is known of the actor and the environment is in these fields. */
    readonly isQuick: boolean
    readonly given: { readonly actor: ActorInput; readonly env: Environment; readonly taken: Snapshot }
    /**
     * What it was told of calls of tools whose arguments do not matter: it stays so for as long as the session is. Two bits for each
     * place: 1 allowed, 2 denied.
     */
    readonly told: number[] = []
    /** A question in the middle of another one is for another machine, on the facts of this one. */
    nested: Bound | undefined

    constructor(actor: ActorInput, env: Environment, taken: Snapshot) {
      this.given = { actor, env, taken }
      this.revision = taken.moment.revision
      const subject = busy ? undefined : store.at(taken, () => enterActor(actor, env))
      this.isQuick = subject !== undefined
      this.actor = subject ?? ''
      this.name = typeof actor === 'string' ? actor : undefined
      this.token = (r.token ?? none) as Raw
      this.context = (r.context ?? none) as Raw
      this.agents = r.agents.length === 0 ? noAgents : [...r.agents]
      this.now = this.isQuick ? r.now : 0
    }

    can(action: string, resource: ResourceInput): boolean {
      const place = action === 'call' && ToolCall.is(resource) ? placeOf(resource) : -1
      if (place >= 0) {
        const remembered = ((this.told[(place / perWord) | 0] ?? 0) >> (2 * (place % perWord))) & 3
        if (remembered !== 0) return remembered === 1
      }
      const told = this.ask(action, resource, false)
      if (told !== unusual) {
        if (place >= 0) this.remember(place, told === allowed)
        return told === allowed
      }
      if (busy) return this.elsewhere().can(action, resource)
      if (store.revision !== this.revision) return this.atItsTime(() => this.canNow(action, resource))
      return store.deciding(() => this.canNow(action, resource))
    }

    authorize(action: string, resource: ResourceInput): Decision {
      const told = this.ask(action, resource, true)
      lacked = told === unusual || (told & lacking) !== 0
      if (told !== unusual) return decisionOf(decider, told)
      if (busy) return this.elsewhere().authorize(action, resource)
      if (store.revision !== this.revision) return this.atItsTime(() => this.authorizeNow(action, resource))
      return store.deciding(() => this.authorizeNow(action, resource))
    }

    private remember(place: number, is: boolean): void {
      const word = (place / perWord) | 0
      while (this.told.length <= word) this.told.push(0)
      this.told[word] = (this.told[word] ?? 0) | ((is ? 1 : 2) << (2 * (place % perWord)))
    }

    private ask(action: string, resource: ResourceInput, tells: boolean): number {
      if (busy || gate.isInside || !gate.isOpen || store.revision !== this.revision) return unusual
      if (!this.isQuick || this.agents.length > 0) return unusual
      busy = true
      gate.isInside = true
      try {
        const { actor, name, token, context, now, roles } = this
        return look(actor, name, token, context, now, roles, action, resource, tells)
      } catch {
        return unusual
      } finally {
        busy = false
        gate.isInside = false
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
        if (this.enter(action, resource)) {
          begin(r)
          return allows(r, r.group, r.entity)
        }
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
        if (this.enter(action, resource)) {
          begin(r)
          return decideQuick(decider)
        }
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
      try {
        // What had no number when the session began may have one since: then all is looked up again.
        if (!this.isQuick || store.revision !== this.revision || !enterTarget(action, resource)) return false
        r.roles = this.roles
        r.actor = this.actor
        r.token = this.token
        r.context = this.context
        r.agents = this.agents
        r.time = this.now
        return isPlain(r.token) && isPlain(r.context)
      } catch {
        return false
      }
    }
  }

  /** Of a call that has been asked about before and has no arguments that would have to be looked at. */
  function placeOf(call: ToolCall): number {
    const found = ToolCall.found(call) as ToolGroup | undefined
    return found !== undefined && found.of === r && call.args === undefined ? found.place : -1
  }

  function enterActor(actor: ActorInput, env: Environment): Ent | undefined {
    try {
      const subject = quick.actor(actor)
      return subject !== undefined && quick.enterEnvironment(env) ? subject : undefined
    } catch {
      return undefined
    }
  }

  function bind(actor: ActorInput, env: Environment = {}, taken = store.snapshot()): Bound {
    return new Session(actor, timed(env, clock), taken)
  }

  return { can, authorize, for: bind, time: () => r.now, mayLack: () => lacked }
}
