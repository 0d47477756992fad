import type { Ent } from '../facts/table.ts'
import type { Tool } from '../ir/program.ts'
import type { Policy } from '../runtime/policy.ts'
import { ToolCall } from '../runtime/tool-call.ts'
import { hasLoneSurrogate } from '../value/text.ts'
import type { Group, OtherTools } from './group.ts'
import { inherited, none, plain } from './raw.ts'
import type { Raw, Registers } from './registers.ts'

/**
 * The request as most are: names as text, a tool with its arguments, an environment of plain objects. What is in any way unusual,
 * or wrong, is left to the way that checks and tells everything; whatever passes here passes there, and means the same.
 */
export interface Quick {
  /** The actor of this name; undefined: not to be told here. */
  actor(name: unknown): Ent | undefined
  /** The entity of this name, if it has a number, and the rules about an action on it. */
  entity(name: string): number | undefined
  entityGroup(action: unknown, entity: number): Group | undefined
  /** The rules about a call of a tool. */
  tool(action: unknown, call: unknown): ToolGroup | undefined
  /** Whether nothing else is said than what can be told here: `token` and `context` that are objects, `now`, `agents`. */
  isUsual(env: Raw): boolean
  /** Puts it into the registers; false: not to be told here. */
  enterEnvironment(env: unknown): boolean
  /** What has been found the long way: the group of an action on a type, and of a tool that the policy or a lock spells. */
  learnEntity(action: string, type: number, group: Group): void
  learnTool(server: string, tool: Tool, group: Group): void
  learnOtherTools(server: string, others: OtherTools): void
}

/** A tool of a server and the rules about its calls. */
export interface ToolGroup {
  /** Whose it is. */
  readonly of: Registers
  readonly group: Group
  readonly server: string
  readonly tool: Tool
  /** Where a session remembers what it was told of calls whose arguments do not matter; -1: nowhere. */
  readonly place: number
}

interface Tools {
  readonly byName: Map<string, ToolGroup>
  /** Those that nothing spells. */
  others: (OtherTools & { readonly place: number }) | undefined
}

export function newQuick(r: Registers, policy: Policy): Quick {
  const { program } = policy
  const { table } = r
  const { lasting, localBits } = table
  const few = lasting.map
  /** Which types can act, by number. */
  const acts = Uint8Array.from([0, ...program.types.map(({ actor }) => (actor ? 1 : 0))])
  const isNameOf = program.types.filter(({ actor }) => actor).map(({ name }) => nameTest(`${name}:`))
  const agentType = program.types.findIndex(({ name }) => name === 'Agent') + 1
  const agents: Ent[] = []
  const byAction = new Map<string, (Group | undefined)[]>()
  let lastAction: string | undefined
  let lastGroups: readonly (Group | undefined)[] = []
  const byServer = new Map<string, Tools>()
  let places = 0
  /** Most policies guard few servers, and most requests come in runs. */
  let lastServer: string | undefined
  let lastTools: Tools | undefined

  function actor(name: unknown): Ent | undefined {
    if (typeof name !== 'string') return name === null ? '' : undefined
    const number = lasting.few ? few.get(name) : lasting.get(name)
    if (number !== undefined) return acts[number >>> localBits] === 1 ? number : undefined
    for (let i = 0; i < isNameOf.length; i++) if (isNameOf[i]?.(name) === true) return name
    return undefined
  }

  function toolsOf(server: string): Tools {
    const tools = byServer.get(server) ?? { byName: new Map(), others: undefined }
    byServer.set(server, tools)
    return tools
  }

  function tool(action: unknown, call: unknown): ToolGroup | undefined {
    if (action !== 'call') return undefined
    if (ToolCall.is(call)) {
      const found = ToolCall.found(call) as ToolGroup | undefined
      return found !== undefined && found.of === r ? found : findTool(call)
    }
    return isTool(call) ? toolNamed(call.server, call.name) : undefined
  }

  function findTool(call: ToolCall): ToolGroup | undefined {
    const found = toolNamed(call.server, call.name)
    if (found !== undefined) ToolCall.remember(call, found)
    return found
  }

  function toolNamed(server: unknown, name: unknown): ToolGroup | undefined {
    if (typeof server !== 'string' || typeof name !== 'string') return undefined
    if (server !== lastServer) {
      const tools = byServer.get(server)
      if (tools === undefined) return undefined
      lastServer = server
      lastTools = tools
    }
    return lastTools?.byName.get(name) ?? otherTool(server, name, lastTools?.others)
  }

  /** All of them are made here, so that engines know what they look like. */
  function toolGroup(group: Group, server: string, found: Tool, place: number): ToolGroup {
    return { of: r, group, server, tool: found, place }
  }

  /** It has its name for as long as whoever asks about it: names from requests are not kept here. */
  function otherTool(server: string, name: string, others: Tools['others']): ToolGroup | undefined {
    if (others === undefined || others.spelled.has(name)) return undefined
    const { group, place } = others
    return toolGroup(
      group,
      server,
      { name, readOnly: false, destructive: true, idempotent: false, openWorld: true },
      place,
    )
  }

  /** There are as many as the policy and its locks name tools. */
  function placeOf({ verdict }: Group): number {
    return verdict === undefined || verdict.isOfCall ? -1 : places++
  }

  function enterAgents(names: unknown): boolean {
    agents.length = 0
    if (!Array.isArray(names)) return false
    for (let i = 0; i < names.length; i++) {
      const agent = actor(names[i])
      if (agent === undefined || !isAgent(agent)) return false
      if (!agents.includes(agent)) agents.push(agent)
    }
    r.agents = agents
    return true
  }

  function isAgent(agent: Ent): boolean {
    return typeof agent === 'number' ? agent >>> localBits === agentType : agent.startsWith('Agent:')
  }

  return {
    actor,
    entity: (name) => (lasting.few ? few.get(name) : lasting.get(name)),
    entityGroup: (action, entity) => {
      if (action !== lastAction) {
        const groups = typeof action === 'string' ? byAction.get(action) : undefined
        if (groups === undefined) return undefined
        lastAction = action as string
        lastGroups = groups
      }
      return lastGroups[entity >>> localBits]
    },
    tool,
    isUsual,
    enterEnvironment: (env) => {
      r.token = none
      r.context = none
      r.agents = noAgents
      r.time = Number.NaN
      if (env === undefined) return true
      if (typeof env !== 'object' || env === null || !isUsual(env as Raw)) return false
      const { token, context, now, agents: acting } = env as Raw
      if (token !== undefined) r.token = token as Raw
      if (context !== undefined) r.context = context as Raw
      if (now !== undefined) {
        if (typeof now !== 'number' || !(Math.abs(now) <= maxInstant)) return false
        r.time = now + 0
      }
      return acting === undefined || enterAgents(acting)
    },
    learnEntity: (action, type, group) => {
      const groups = byAction.get(action) ?? []
      groups[type] = group
      byAction.set(action, groups)
    },
    learnTool: (server, found, group) =>
      void toolsOf(server).byName.set(found.name, toolGroup(group, server, found, placeOf(group))),
    learnOtherTools: (server, others) => {
      toolsOf(server).others ??= { ...others, place: placeOf(others.group) }
    },
  }
}

const noAgents: readonly Ent[] = Object.freeze([])
/** Names of an environment that may be there without a value. */
const known: ReadonlySet<string> = new Set(['session', 'facts', 'approvals', 'confirmed', 'client'])
/** A time in milliseconds is no further from the epoch (ECMA-262, 21.4.1.1). */
export const maxInstant = 8.64e15

/** What inherits from where is looked at behind a load, where that costs nothing. */
function isUsual(env: Raw): boolean {
  const { token, context } = env
  if (Object.getPrototypeOf(env) !== plain || isEnvironmentInherited()) return false
  for (const name in env) {
    if (name === 'token' || name === 'context' || name === 'now' || name === 'agents') continue
    if (!known.has(name) || env[name] !== undefined) return false
  }
  return (
    (token === undefined || (typeof token === 'object' && token !== null)) &&
    (context === undefined || (typeof context === 'object' && context !== null))
  )
}

function isTool(target: unknown): target is Raw {
  if (typeof target !== 'object' || target === null) return false
  const isOne = (target as Raw).kind === 'tool' && Object.getPrototypeOf(target) === plain && !isItemInherited()
  return isOne && !('id' in target)
}

/** Somebody has given to all objects what this one would then seem to have. */
function isItemInherited(): boolean {
  const { kind, server, name, args } = inherited
  return kind !== undefined || server !== undefined || name !== undefined || args !== undefined
}

function isEnvironmentInherited(): boolean {
  const { token, context, now, agents } = inherited
  return token !== undefined || context !== undefined || now !== undefined || agents !== undefined
}

/** So many UTF-16 units are no more than the bytes that an id may have; longer ids are counted elsewhere. */
const shortId = 341

/**
 * Whether a text is the name of an entity, by its beginning; false: that takes a closer look. Letter by letter: a loop, or the method
 * of texts, takes twice as long.
 */
function nameTest(prefix: string): (name: string) => boolean {
  const n = prefix.length
  const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, (_, i) => prefix.charCodeAt(i))
  return (name) =>
    name.length > n &&
    name.length <= n + shortId &&
    name.charCodeAt(0) === a &&
    name.charCodeAt(1) === b &&
    (n < 3 || name.charCodeAt(2) === c) &&
    (n < 4 || name.charCodeAt(3) === d) &&
    (n < 5 || name.charCodeAt(4) === e) &&
    (n < 6 || name.charCodeAt(5) === f) &&
    (n < 7 || name.charCodeAt(6) === g) &&
    (n < 8 || name.charCodeAt(7) === h) &&
    (n < 9 || name.startsWith(prefix)) &&
    // Whatever is well-formed in the whole is so in its part.
    !hasLoneSurrogate(name)
}
