import type { MemoryStore } from '../facts/memory.ts'
import type { Ent } from '../facts/table.ts'
import type { Policy } from '../runtime/policy.ts'
import type { ActorInput, Environment, ResourceInput } from '../runtime/request.ts'
import { noSession, sessionRecord } from '../runtime/request-inputs.ts'
import type { Decider } from './decide.ts'
import { canThrough, tellThrough } from './delegation.ts'
import { type Beside, type Given, isInstant, nothingBeside, objectIn, shown, shownIn } from './environment.ts'
import type { Group } from './group.ts'
import { forgetRoles, type HeldRoles } from './held-roles.ts'
import { type Inline, noInlines, type Read } from './inline.ts'
import { allowed, unusual, type Verdict } from './linked.ts'
import type { Machine } from './machine.ts'
import { groupObligations, noObligations, type Obligations } from './obligations.ts'
import type { Quick, ToolGroup } from './quick.ts'
import { isPlain, none } from './raw.ts'
import { begin, type Raw, type Registers } from './registers.ts'

/** What questions come in by that are as most are: of the machine, and of its sessions. */
export interface Entry {
  readonly decider: Decider
  readonly quick: Quick
  readonly store: MemoryStore
  readonly policy: Policy
  readonly clock: () => number
  /** The registers are those of a question that is being decided. */
  isBusy: boolean
  /** The table shows other facts than the present ones. */
  isElsewhere: boolean
  /** The last decision may have wanted something that a caller could go and get. */
  lacked: boolean
  /** Of the last question that a verdict has allowed. */
  obligations: Obligations
  /** For a question in the middle of another: a host function may ask one, or an object of the request that looks. */
  readonly inner: () => Machine
}

/** A question that no verdict has told by the names in it. */
export interface ReadQuestion {
  readonly entry: Entry
  readonly actor: Read<ActorInput>
  readonly action: string
  readonly resource: Read<ResourceInput>
  readonly env: Environment | undefined
}

export function readQuestion(
  entry: Entry,
  actor: ActorInput,
  action: string,
  resource: ResourceInput,
  env: Environment | undefined,
): ReadQuestion {
  const { read } = entry.quick
  return { entry, actor: read(actor), action, resource: read(resource), env }
}

/** An actor in an environment: all of a question but what it is about. */
export interface Asker extends Given {
  readonly actor: Ent
  /** Undefined: the anonymous actor. */
  readonly name: string | undefined
  /** Of a session. */
  readonly roles: HeldRoles | undefined
}

/**
 * The verdict on a question as most are, without anything that has to be left again. What throws is told of by the way that looks at
 * everything, in the order in which it looks.
 */
export function ask(
  entry: Entry,
  actor: ActorInput,
  action: string,
  resource: ResourceInput,
  env: unknown,
  tells: boolean,
): number {
  const { gate } = entry.store
  if (entry.isBusy || gate.isInside || !gate.isOpen) return unusual
  entry.isBusy = true
  gate.isInside = true
  try {
    let token: Raw | undefined = none
    let context: Raw | undefined = none
    let time: unknown
    let beside: Beside | undefined = nothingBeside
    if (env !== undefined) {
      const members = shownIn(env)
      if (members < 0) return unusual
      const given = env as Raw
      if ((members & shown.token) !== 0) token = objectIn(given.token)
      if ((members & shown.context) !== 0) context = objectIn(given.context)
      if ((members & shown.now) !== 0) time = given.now
      if ((members & shown.beside) !== 0) beside = entry.quick.beside(given, members)
      if (token === undefined || context === undefined || beside === undefined) return unusual
      if (time !== undefined && !isInstant(time)) return unusual
    }
    return look(
      entry,
      undefined,
      actor,
      token,
      context,
      time as Given['now'],
      beside,
      undefined,
      action,
      resource,
      tells,
    )
  } catch {
    return unusual
  } finally {
    entry.isBusy = false
    gate.isInside = false
  }
}

/** The same where the asker is known already. */
export function askFor(entry: Entry, asker: Asker, action: string, resource: ResourceInput, tells: boolean): number {
  const { gate } = entry.store
  if (entry.isBusy || gate.isInside || !gate.isOpen) return unusual
  entry.isBusy = true
  gate.isInside = true
  try {
    const { actor, name, token, context, now, beside, roles } = asker
    return look(entry, actor, name, token, context, now, beside, roles, action, resource, tells)
  } catch {
    return unusual
  } finally {
    entry.isBusy = false
    gate.isInside = false
  }
}

/** The same for a question in which somebody, or what it is about, comes with its attributes, and no fact says anything of it. */
export function askInline({ entry, actor, action, resource, env }: ReadQuestion, tells: boolean): number {
  const { quick, decider } = entry
  const { gate } = entry.store
  const { r } = decider
  const [who, what] = [actor.inline, resource.inline]
  if (who?.acts === false) return unusual
  if (entry.isBusy || gate.isInside || !gate.isOpen) return unusual
  entry.isBusy = true
  gate.isInside = true
  try {
    const inlines = [who, what].filter((one) => one !== undefined)
    const given = quick.environment(env, inlines)
    // Twice the same would be two things that are said of it, and none leaves nothing to be told here.
    if (given === undefined || inlines.length === 0 || isTwice(inlines)) return unusual
    r.inlines = inlines
    const { token, context, now, beside } = given
    const name = who?.key ?? actor.input
    return look(entry, who?.key, name, token, context, now, beside, undefined, action, resource.input, tells)
  } catch {
    return unusual
  } finally {
    r.inlines = noInlines
    entry.isBusy = false
    gate.isInside = false
  }
}

function isTwice(inlines: readonly Inline[]): boolean {
  return inlines.some(({ key }, i) => inlines.findIndex((other) => other.key === key) !== i)
}

/** Nothing is put into the registers unless the verdict needs it there: writing costs more than looking. */
function look(
  entry: Entry,
  known: Ent | undefined,
  name: ActorInput | undefined,
  token: Raw,
  context: Raw,
  now: number | undefined,
  beside: Beside,
  session: HeldRoles | undefined,
  action: string,
  resource: ResourceInput,
  tells: boolean,
): number {
  const {
    quick,
    decider: { r },
  } = entry
  let group: Group | undefined
  let entity: Ent | undefined
  let item: ToolGroup | undefined
  let args: unknown = none
  if (typeof resource === 'string') {
    const found = quick.entity(resource)
    if (found !== undefined) group = quick.entityGroup(action, found)
    entity = found
  } else {
    item = quick.tool(action, resource)
    if (item === undefined) {
      const inline = r.inlines.find(({ raw }) => raw === resource)
      if (inline === undefined) return unusual
      group = quick.inlineGroup(action, inline)
      entity = inline.key
    } else {
      group = item.group
      args = (resource as Raw).args ?? none
      if (typeof args !== 'object') return unusual
    }
  }
  const verdict = group?.verdict
  if (group === undefined || verdict === undefined) return unusual
  if (beside !== nothingBeside || (tells && group.obliging !== undefined)) {
    const objects = [token, context, args as Raw] as const
    return lookBeside(entry, group, verdict, known, name, objects, now, beside, session, entity, item, tells)
  }
  let actor = known
  if (actor === undefined) {
    actor = verdict.asksActor ? quick.actor(name) : quick.isActor(name) ? '' : undefined
    if (actor === undefined) return unusual
  }
  if (!verdict.isPure || session?.isReady === false) {
    if (r.inlines.length > 0 && mayMiss(r.inlines, actor)) return unusual
    fill(r, actor, token, context, now, beside, session, entity, item, args as Raw)
  }
  const { k } = verdict
  const called = name === null ? undefined : (name as string | undefined)
  if (!tells) return verdict.can(actor, called, entity, undefined, token, context, args as Raw, session, k)
  if (entry.obligations !== noObligations) entry.obligations = noObligations
  r.hitCount = 0
  return verdict.tell(actor, called, entity, undefined, token, context, args as Raw, session, k)
}

/** The same through agents, or with what comes from guards, or where limits and labels may apply: a function of its own, so that the other stays small. */
function lookBeside(
  entry: Entry,
  group: Group,
  verdict: Verdict,
  known: Ent | undefined,
  name: ActorInput | undefined,
  [token, context, args]: readonly [Raw, Raw, Raw],
  now: number | undefined,
  beside: Beside,
  session: HeldRoles | undefined,
  entity: Ent | undefined,
  item: ToolGroup | undefined,
  tells: boolean,
): number {
  const {
    quick,
    decider: { r },
  } = entry
  const { agents } = beside
  const isThrough = agents.length > 0
  const delegation = isThrough ? group.delegation : undefined
  if (isThrough && delegation === undefined) return unusual
  const obliging = tells ? group.obliging : undefined
  let actor = known
  if (actor === undefined) {
    const asksActor = verdict.asksActor || delegation?.asksActor === true || obliging !== undefined
    actor = asksActor ? quick.actor(name) : quick.isActor(name) ? '' : undefined
    if (actor === undefined) return unusual
  }
  if (!verdict.isPure || delegation?.isPure === false || session?.isReady === false || obliging !== undefined) {
    if (r.inlines.length > 0 && (obliging !== undefined || mayMiss(r.inlines, actor))) return unusual
    fill(r, actor, token, context, now, beside, session, entity, item, args)
  }
  const { k } = verdict
  const called = name === null ? undefined : (name as string | undefined)
  if (!tells) {
    const can = verdict.can(actor, called, entity, undefined, token, context, args, session, k)
    if (delegation === undefined || can !== allowed) return can
    return canThrough(delegation, agents, actor, called, entity, token, context, args, session)
  }
  r.hitCount = 0
  let told = verdict.tell(actor, called, entity, undefined, token, context, args, session, k)
  if (delegation !== undefined && told !== unusual)
    told = tellThrough(r, told, delegation, agents, actor, called, entity, token, context, args, session)
  entry.obligations = noObligations
  if (obliging !== undefined && (told & 3) === allowed) {
    const found = groupObligations(r, obliging, entity, group.action)
    if (found === undefined) return unusual
    entry.obligations = found
  }
  return told
}

/**
 * Whoever looks at facts finds that nothing is known of who comes with attributes, which is unusual, but for the actor, who is always known,
 * and for those of whose type everybody is.
 */
function mayMiss(inlines: readonly Inline[], actor: Ent): boolean {
  return inlines.some(({ key, virtual }) => virtual || key === actor)
}

/** Puts a question into the registers that all verdicts would have looked at; false: not to be told here. */
export function enterUsual(
  { quick, decider: { r } }: Entry,
  asking: () => Asker | undefined,
  action: string,
  resource: ResourceInput,
): boolean {
  try {
    const asker = asking()
    if (asker === undefined) return false
    const { actor, token, context, now, beside, roles } = asker
    const entity = typeof resource === 'string' ? quick.entity(resource) : undefined
    const item = typeof resource === 'string' ? undefined : quick.tool(action, resource)
    const group = entity === undefined ? item?.group : quick.entityGroup(action, entity)
    const args = item === undefined ? none : ((resource as Raw).args ?? none)
    if (group === undefined || !isPlain(token) || !isPlain(context) || !isPlain(args)) return false
    r.group = group
    fill(r, actor, token, context, now, beside, roles, entity, item, args as Raw)
    return true
  } catch {
    return false
  }
}

/** Who asks, if that is to be told quickly. */
export function askerOf({ quick }: Entry, actor: ActorInput, env: unknown): Asker | undefined {
  try {
    const subject = quick.actor(actor)
    const given = subject === undefined ? undefined : quick.environment(env)
    if (subject === undefined || given === undefined) return undefined
    return { ...given, actor: subject, name: typeof actor === 'string' ? actor : undefined, roles: undefined }
  } catch {
    return undefined
  }
}

/** The one place where a question that is as most are is put into the registers. */
function fill(
  r: Registers,
  actor: Ent,
  token: Raw,
  context: Raw,
  now: number | undefined,
  { agents, client, labels }: Beside,
  session: HeldRoles | undefined,
  entity: Ent | undefined,
  item: ToolGroup | undefined,
  args: Raw,
): void {
  r.actor = actor
  r.token = token
  r.context = context
  // There is one zero. What is not said stays undefined up to here: a number that is none takes room wherever it is handed on.
  r.time = now === undefined ? Number.NaN : now + 0
  r.agents = agents
  r.client = client
  const record = labels === undefined ? noSession : sessionRecord({ labels })
  r.session = typeof record === 'symbol' ? undefined : record
  r.entity = entity
  r.server = item?.server
  r.tool = item?.tool
  r.args = args
  forgetRoles(r)
  if (session !== undefined) r.roles = session
  begin(r)
}
