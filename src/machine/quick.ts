import type { Ent } from '../facts/table.ts'
import type { Tool } from '../ir/program.ts'
import type { Policy } from '../runtime/policy.ts'
import { ToolCall } from '../runtime/tool-call.ts'
import {
  areLabels,
  type Beside,
  type Given,
  isInstant,
  nothingBeside,
  nothingGiven,
  objectIn,
  shown,
  shownIn,
} from './environment.ts'
import type { Group, OtherTools } from './group.ts'
import { type Inline, inlineReader, type ReadInline } from './inline.ts'
import { nameTest } from './name-test.ts'
import { inherited, isPlain, none, plain } from './raw.ts'
import type { Raw, Registers } from './registers.ts'

/**
 * The request as most are: names as text, a tool with its arguments, an environment of plain objects. What is in any way unusual,
 * or wrong, is left to the way that checks and tells everything; whatever passes here passes there, and means the same.
 */
export interface Quick {
  /** The actor of this name; undefined: not to be told here. */
  actor(name: unknown): Ent | undefined
  /** Whether there can be an actor of this name, for who does not ask which one it is. */
  isActor(name: unknown): boolean
  /** The entity of this name, if it has a number, and the rules about an action on it. */
  entity(name: string): number | undefined
  entityGroup(action: unknown, entity: number): Group | undefined
  /** Reads an entity that brings what is known of it; the rules about an action on one of its type. */
  readonly read: ReadInline
  inlineGroup(action: unknown, inline: Inline): Group | undefined
  /** The rules about a call of a tool. */
  tool(action: unknown, call: unknown): ToolGroup | undefined
  /** What the environment brings; undefined: not to be told here. `inlines`: agents that bring what is known of them are added to these. */
  environment(env: unknown, inlines?: Inline[]): Given | undefined
  /** What it brings beside, of an environment that shows these members. */
  beside(env: Raw, members: number, inlines?: Inline[]): Beside | undefined
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
  const nameTests = program.types.filter(({ actor }) => actor).map(({ name }) => nameTest(`${name}:`))
  const agentType = program.types.findIndex(({ name, actor }) => actor && name === 'Agent') + 1
  const isAgentName = nameTest('Agent:')
  const read = inlineReader(policy, table)
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
    return isActorName(name) ? name : undefined
  }

  function isActorName(name: string): boolean {
    for (let i = 0; i < nameTests.length; i++) if (nameTests[i]?.(name) === true) return true
    return false
  }

  function typeGroup(action: unknown, type: number): Group | undefined {
    if (action !== lastAction) {
      const groups = typeof action === 'string' ? byAction.get(action) : undefined
      if (groups === undefined) return undefined
      lastAction = action as string
      lastGroups = groups
    }
    return lastGroups[type]
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
  function placeOf({ verdict, delegation }: Group): number {
    return verdict === undefined || verdict.isOfCall || delegation?.isOfCall === true ? -1 : places++
  }

  function beside(env: Raw, members: number, inlines?: Inline[]): Beside | undefined {
    const names = (members & shown.agents) === 0 ? undefined : env.agents
    const client = (members & shown.client) === 0 ? undefined : env.client
    const session = (members & shown.session) === 0 ? undefined : env.session
    const agents = names === undefined ? nothingBeside.agents : agentsOf(names, inlines)
    if (agents === undefined || (client !== undefined && !isPlain(client))) return undefined
    let labels: Beside['labels']
    if (session !== undefined) {
      if (typeof session !== 'object' || session === null) return undefined
      const given: unknown = (session as Raw).labels
      if (!areLabels(given)) return undefined
      labels = given
    }
    return { agents, client: (client ?? none) as Raw, labels }
  }

  function agentsOf(names: unknown, inlines: Inline[] | undefined): readonly Ent[] | undefined {
    if (!Array.isArray(names) || agentType === 0) return undefined
    const agents: Ent[] = []
    for (let i = 0; i < names.length; i++) {
      const agent = agentNamed(names[i], inlines)
      if (agent === undefined) return undefined
      if (!agents.includes(agent)) agents.push(agent)
    }
    return agents
  }

  function agentNamed(name: unknown, inlines: Inline[] | undefined): Ent | undefined {
    if (typeof name === 'string') {
      const number = lasting.few ? few.get(name) : lasting.get(name)
      if (number !== undefined) return number >>> localBits === agentType ? number : undefined
      return isAgentName(name) ? name : undefined
    }
    const { inline } = inlines === undefined ? { inline: undefined } : read(name)
    if (inline?.type !== agentType) return undefined
    inlines?.push(inline)
    return inline.key
  }

  return {
    actor,
    isActor: (name) => name === null || (typeof name === 'string' && isActorName(name)),
    entity: (name) => (lasting.few ? few.get(name) : lasting.get(name)),
    entityGroup: (action, entity) => typeGroup(action, entity >>> localBits),
    read,
    beside,
    inlineGroup: (action, { type }) => typeGroup(action, type),
    tool,
    environment: (env, inlines) => {
      if (env === undefined) return nothingGiven
      const members = shownIn(env)
      if (members < 0) return undefined
      const given = env as Raw
      const token = (members & shown.token) === 0 ? none : objectIn(given.token)
      const context = (members & shown.context) === 0 ? none : objectIn(given.context)
      const now = (members & shown.now) === 0 ? undefined : given.now
      const more = beside(given, members, inlines)
      if (token === undefined || context === undefined || more === undefined) return undefined
      return now === undefined || isInstant(now) ? { token, context, now, beside: more } : undefined
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

function isTool(target: unknown): target is Raw {
  if (typeof target !== 'object' || target === null) return false
  const isOne = (target as Raw).kind === 'tool' && Object.getPrototypeOf(target) === plain && !isInherited()
  return isOne && !('id' in target)
}

/** Somebody has given to all objects what this one would then seem to have. */
function isInherited(): boolean {
  const { kind, server, name, args } = inherited
  return kind !== undefined || server !== undefined || name !== undefined || args !== undefined
}
