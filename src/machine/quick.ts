import type { Ent } from '../facts/table.ts'
import type { Tool } from '../ir/program.ts'
import type { Policy } from '../runtime/policy.ts'
import { idProblem } from '../value/entity.ts'
import type { Group, OtherTools } from './group.ts'
import type { Raw, Registers } from './registers.ts'

/**
 * The request as most are: names as text, a tool with its arguments, an environment of plain objects. What is in any way unusual,
 * or wrong, is left to the way that checks and tells everything; whatever passes here passes there, and means the same.
 */
export interface Quick {
  /** Puts the actor, what is asked about it and the rules of that into the registers; false: not to be told here. */
  enter(actor: unknown, action: unknown, resource: unknown): boolean
  /** The actor by its name; undefined: not to be told here. */
  actor(name: unknown): Ent | undefined
  /** As `enter`, for an actor that is known already. */
  enterTarget(action: unknown, resource: unknown): boolean
  enterEnvironment(env: unknown): boolean
  /** What has been found the long way: the group of an action on a type, and of a tool that the policy or a lock spells. */
  learnEntity(action: string, type: number, group: Group): void
  learnTool(server: string, tool: Tool, group: Group): void
  learnOtherTools(server: string, others: OtherTools): void
}

interface ToolGroup {
  readonly group: Group
  readonly server: string
  readonly tool: Tool
}

interface Tools {
  readonly byName: Map<string, ToolGroup>
  /** Those that nothing spells; there is one of them, which takes on the name that is asked about. */
  others:
    | (OtherTools & { readonly server: string; readonly tool: { -readonly [K in keyof Tool]: Tool[K] } })
    | undefined
}

export function newQuick(r: Registers, policy: Policy): Quick {
  const { program } = policy
  const { table } = r
  const { lasting, localBits } = table
  const few = lasting.map
  /** Which types can act, by number. */
  const acts = Uint8Array.from([0, ...program.types.map(({ actor }) => (actor ? 1 : 0))])
  const prefixes = program.types.filter(({ actor }) => actor).map(({ name }) => `${name}:`)
  const agentType = program.types.findIndex(({ name }) => name === 'Agent') + 1
  const agents: Ent[] = []
  const byAction = new Map<string, (Group | undefined)[]>()
  let lastAction: string | undefined
  let lastGroups: readonly (Group | undefined)[] = []
  const byServer = new Map<string, Tools>()
  /** Most policies guard few servers, and most requests come in runs. */
  let lastServer: string | undefined
  let lastTools: Tools | undefined

  function actor(name: unknown): Ent | undefined {
    if (typeof name !== 'string') return name === null ? '' : undefined
    const number = lasting.few ? few.get(name) : lasting.get(name)
    if (number !== undefined) return acts[number >>> localBits] === 1 ? number : undefined
    for (const prefix of prefixes) if (startsWith(name, prefix)) return isId(name, prefix.length) ? name : undefined
    return undefined
  }

  function toolsOf(server: string): Tools {
    const tools = byServer.get(server) ?? { byName: new Map(), others: undefined }
    byServer.set(server, tools)
    return tools
  }

  function otherTool(name: string): ToolGroup | undefined {
    const others = lastTools?.others
    if (others === undefined || others.spelled.has(name)) return undefined
    others.tool.name = name
    return others
  }

  /** Each test for a plain object stands where it is made, so that the engine knows which objects come there. */
  function enterTarget(action: unknown, resource: unknown): boolean {
    if (typeof action !== 'string') return false
    if (typeof resource === 'string') {
      const entity = lasting.few ? few.get(resource) : lasting.get(resource)
      if (entity === undefined) return false
      if (action !== lastAction) {
        const groups = byAction.get(action)
        if (groups === undefined) return false
        lastAction = action
        lastGroups = groups
      }
      const group = lastGroups[entity >>> localBits]
      if (group === undefined) return false
      r.group = group
      r.entity = entity
      r.server = undefined
      r.tool = undefined
      r.args = undefined
      return true
    }
    if (action !== 'call' || typeof resource !== 'object' || resource === null) return false
    if (resource.constructor !== Object || Object.getPrototypeOf(resource) !== objectPrototype) return false
    const { kind, server, name, args } = resource as Raw
    if (kind !== 'tool' || typeof server !== 'string' || typeof name !== 'string' || 'id' in resource) return false
    if (server !== lastServer) {
      const tools = byServer.get(server)
      if (tools === undefined) return false
      lastServer = server
      lastTools = tools
    }
    const found = lastTools?.byName.get(name) ?? otherTool(name)
    if (found === undefined) return false
    if (args === undefined || args === null) r.args = none
    else if (typeof args !== 'object' || args.constructor !== Object) return false
    else if (Object.getPrototypeOf(args) !== objectPrototype) return false
    else r.args = args as Raw
    r.group = found.group
    r.entity = undefined
    r.server = found.server
    r.tool = found.tool
    return true
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
    return typeof agent === 'number' ? agent >>> localBits === agentType : startsWith(agent, 'Agent:')
  }

  return {
    actor,
    enterTarget,
    enter: (name, action, resource) => {
      const found = actor(name)
      if (found === undefined) return false
      r.actor = found
      return enterTarget(action, resource)
    },
    enterEnvironment: (env) => {
      r.token = none
      r.context = none
      r.agents = noAgents
      r.time = Number.NaN
      if (env === undefined) return true
      if (typeof env !== 'object' || env === null || env.constructor !== Object) return false
      if (Object.getPrototypeOf(env) !== objectPrototype) return false
      for (const name in env) {
        const value = (env as Raw)[name]
        if (value === undefined) {
          if (!known.has(name)) return false
          continue
        }
        switch (name) {
          case 'token':
            if (typeof value !== 'object' || value === null || value.constructor !== Object) return false
            if (Object.getPrototypeOf(value) !== objectPrototype) return false
            r.token = value as Raw
            break
          case 'context':
            if (typeof value !== 'object' || value === null || value.constructor !== Object) return false
            if (Object.getPrototypeOf(value) !== objectPrototype) return false
            r.context = value as Raw
            break
          case 'now':
            if (typeof value !== 'number' || !(Math.abs(value) <= maxInstant)) return false
            r.time = value + 0
            break
          case 'agents':
            if (!enterAgents(value)) return false
            break
          default:
            return false
        }
      }
      return true
    },
    learnEntity: (action, type, group) => {
      const groups = byAction.get(action) ?? []
      groups[type] = group
      byAction.set(action, groups)
    },
    learnTool: (server, tool, group) => void toolsOf(server).byName.set(tool.name, { group, server, tool }),
    learnOtherTools: (server, others) => {
      const tools = toolsOf(server)
      const tool = { name: '', readOnly: false, destructive: true, idempotent: false, openWorld: true }
      tools.others ??= { ...others, server, tool }
    },
  }
}

const none: Raw = Object.freeze({})
const objectPrototype: unknown = Object.prototype
const noAgents: readonly Ent[] = Object.freeze([])
const known: ReadonlySet<string> = new Set(['token', 'context', 'now', 'agents'])
const maxInstant = 8.64e15
/** So many UTF-16 units are no more than the bytes that an id may have; longer ids are counted elsewhere. */
const shortId = 341

function startsWith(text: string, prefix: string): boolean {
  if (text.length <= prefix.length) return false
  for (let i = 0; i < prefix.length; i++) if (text.charCodeAt(i) !== prefix.charCodeAt(i)) return false
  return true
}

function isId(name: string, from: number): boolean {
  // Whatever is well-formed and short in the whole is so in its part.
  return name.length - from <= shortId && idProblem(name) === undefined
}
