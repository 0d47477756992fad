import type { MemoryStore, Snapshot } from '../facts/memory.ts'
import { type Limits, maximum } from '../runtime/budget.ts'
import type { Regexes } from '../runtime/builtins/matches.ts'
import { createBuiltins } from '../runtime/builtins/registry.ts'
import type { Decision } from '../runtime/decision.ts'
import type { HostFunctions } from '../runtime/host-call.ts'
import type { Policy } from '../runtime/policy.ts'
import type { ActorInput, Environment, ResourceInput } from '../runtime/request.ts'
import { timed } from '../runtime/timed.ts'
import { decisionOf } from './decide.ts'
import { ask, askerOf, askInline, type Entry, readQuestion } from './entry.ts'
import { newGroups } from './group.ts'
import { allowed, type Linked, lacking, unusual } from './linked.ts'
import { noObligations } from './obligations.ts'
import { newQuick } from './quick.ts'
import { newRegisters, type Registers } from './registers.ts'
import { Session } from './session.ts'
import { canThoroughly, decideThoroughly } from './thorough.ts'

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

export function createMachine(options: MachineOptions): Machine {
  const { store, clock } = options
  const entry = newEntry(options)

  function can(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): boolean {
    const told = ask(entry, actor, action, resource, env, false)
    if (told !== unusual) return told === allowed
    if (entry.isBusy) return entry.inner().can(actor, action, resource, env)
    const question = readQuestion(entry, actor, action, resource, env)
    const inline = askInline(question, false)
    if (inline !== unusual) return inline === allowed
    return store.deciding(() => canThoroughly(question, () => askerOf(entry, actor, env)))
  }

  function authorize(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): Decision {
    const told = ask(entry, actor, action, resource, env, true)
    entry.lacked = told === unusual || (told & lacking) !== 0
    if (told !== unusual) return decisionOf(entry.decider, told, entry.obligations)
    if (entry.isBusy) return entry.inner().authorize(actor, action, resource, env)
    const question = readQuestion(entry, actor, action, resource, env)
    const inline = askInline(question, true)
    entry.lacked = inline === unusual || (inline & lacking) !== 0
    if (inline !== unusual) return decisionOf(entry.decider, inline, entry.obligations)
    return store.deciding(() => decideThoroughly(question, () => askerOf(entry, actor, env)))
  }

  return {
    can,
    authorize,
    for: (actor, env = {}, taken = store.snapshot()) => new Session(entry, actor, timed(env, clock), taken),
    time: () => entry.decider.r.now,
    mayLack: () => entry.lacked,
  }
}

function newEntry(options: MachineOptions): Entry {
  const { policy, store, functions, clock, limits = maximum } = options
  const { table } = store
  const builtins = createBuiltins(options.regexes)
  const revision = () => (entry.isElsewhere ? -1 : store.revision)
  const r = newRegisters({ policy, table, functions, builtins, limits, clock, revision })
  const linked = options.link(r)
  const told = policy.program.rules.map(({ id, doc }) => (doc === undefined ? { id } : { id, doc }))
  let another: Machine | undefined
  const entry: Entry = {
    decider: { r, linked, groups: newGroups(policy, linked), told },
    quick: newQuick(r, policy),
    ...{ store, policy, clock },
    isBusy: false,
    isElsewhere: false,
    lacked: true,
    obligations: noObligations,
    inner: () => {
      another ??= createMachine(options)
      return another
    },
  }
  return entry
}
