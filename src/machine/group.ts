import type { Ent } from '../facts/table.ts'
import type { Effect } from '../ir/program.ts'
import { itemMatches } from '../runtime/item-match.ts'
import type { Policy } from '../runtime/policy.ts'
import type { Lines, Linked } from './linked.ts'
import type { Registers } from './registers.ts'

/** All rules about one action on entities of one type, or on one item of a server. */
export interface Group {
  readonly action: string
  readonly allow: Lines | undefined
  /** Without those that mention `agent`. */
  readonly deny: Lines | undefined
  readonly delegate: Lines | undefined
  /** Those that mention `agent`. */
  readonly agentDeny: Lines | undefined
  /** Some limit or label may apply. */
  readonly obliges: boolean
}

/** The groups of a policy, each put together when it is asked about. There are no more than the policy's own text and locks name. */
export interface Groups {
  ofType(action: string, type: string): Group
  /** Undefined where rules have to be looked at one by one: templates, and names that no rule or lock spells. */
  ofItem(kind: 'tool' | 'prompt', action: string, server: string, name: string): Group | undefined
}

export function newGroups(policy: Policy, linked: Linked): Groups {
  const types = new Map<string, Map<string, Group>>()
  const items = new Map<string, Map<string, Map<string, Group>>>()
  const spelled = new Map<string, ReadonlySet<string>>()

  function group(action: string, rulesOf: (effect: Effect) => readonly number[]): Group {
    const lines = (rules: readonly number[]) => (rules.length === 0 ? undefined : linked.lines(rules))
    const mentionsAgent = (place: number) => policy.program.rules[place]?.mentionsAgent === true
    const deny = rulesOf('deny')
    return {
      action,
      allow: lines(rulesOf('allow')),
      deny: lines(deny.filter((place) => !mentionsAgent(place))),
      delegate: lines(rulesOf('delegate')),
      agentDeny: lines(deny.filter(mentionsAgent)),
      obliges: rulesOf('limit').length > 0 || rulesOf('label').length > 0,
    }
  }

  /** The names that rules and the lock spell out: a request cannot add to them. */
  function names(server: string): ReadonlySet<string> {
    let found = spelled.get(server)
    if (found === undefined) {
      const lock = policy.servers.get(server)
      const targets = policy.program.rules.map(({ target }) => target)
      const inRules = targets.flatMap((target) =>
        target.kind === 'items' && (target.server === undefined || target.server === server)
          ? target.items.flatMap((item) => (item.kind === 'names' ? item.names : []))
          : [],
      )
      found = new Set([...inRules, ...(lock?.tools.keys() ?? []), ...(lock?.prompts ?? [])])
      spelled.set(server, found)
    }
    return found
  }

  return {
    ofType: (action, type) => {
      const byType = within(types, action)
      let found = byType.get(type)
      if (found === undefined) {
        found = group(action, (effect) => policy.entityRules(effect, action, type).map(policy.placeOf))
        byType.set(type, found)
      }
      return found
    },
    ofItem: (kind, action, server, name) => {
      const known = items.get(action)?.get(server)?.get(name)
      if (known !== undefined) return known
      if (!policy.servers.has(server) || !names(server).has(name)) return undefined
      const made = group(action, (effect) => matching(policy, effect, kind, action, server, name))
      within(within(items, action), server).set(name, made)
      return made
    },
  }
}

function matching(
  policy: Policy,
  effect: Effect,
  kind: 'tool' | 'prompt',
  action: string,
  server: string,
  name: string,
): readonly number[] {
  const tool = { name, readOnly: false, destructive: true, idempotent: false, openWorld: true }
  const item = kind === 'tool' ? { kind, server, name, tool } : { kind, server, name }
  return policy
    .itemRules(effect, action, server)
    .filter(({ target }) => itemMatches(target, action, item).length > 0)
    .map(policy.placeOf)
}

function within<K, V extends Map<unknown, unknown>>(map: Map<K, V>, key: K): V {
  let found = map.get(key)
  if (found === undefined) {
    found = new Map() as V
    map.set(key, found)
  }
  return found
}

/** Whether the group's rules allow: U and A of the normative text, as far as that takes. */
export function allows(r: Registers, group: Group, entity: Ent | undefined): boolean {
  const { action, allow, deny } = group
  if (allow === undefined || allow.any(r.actor, entity, undefined, undefined, action) !== true) return false
  if (deny !== undefined && deny.any(r.actor, entity, undefined, undefined, action) !== false) return false
  return r.agents.length === 0 || delegates(r, group, entity)
}

function delegates(r: Registers, { action, delegate, agentDeny }: Group, entity: Ent | undefined): boolean {
  for (const agent of r.agents) {
    if (delegate === undefined || delegate.any(r.actor, entity, agent, undefined, action) !== true) return false
    if (agentDeny !== undefined && agentDeny.any(r.actor, entity, agent, undefined, action) !== false) return false
  }
  return true
}
