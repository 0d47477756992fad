import type { Ent } from '../facts/table.ts'
import type { Policy } from '../runtime/policy.ts'
import {
  aboutItem,
  type GroupRules,
  itemRulesByName,
  rulesOfItem,
  rulesOfOthers,
  rulesOfType,
  spelledNames,
} from './group-rules.ts'
import type { About, Lines, Linked, Verdict } from './linked.ts'
import type { Obliging } from './obligations.ts'
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
  /** What the actor may do in one function, and what one agent may do for the actor in another, where nothing is unusual. */
  readonly verdict: Verdict | undefined
  readonly delegation: Verdict | undefined
  /** Limits and labels, which may apply to what is allowed, if there are any. */
  readonly obliging: readonly Obliging[] | undefined
}

/** The groups of a policy, each put together when it is asked about. There are no more than the policy's own text and locks name. */
export interface Groups {
  ofType(action: string, type: string): Group
  /** Undefined where rules have to be looked at one by one: templates, and names that no rule or lock spells. */
  ofItem(kind: 'tool' | 'prompt', action: string, server: string, name: string): Group | undefined
  /** Of a server without a lock, the group of all tools but those that some rule spells. */
  ofOtherTools(action: string, server: string): OtherTools | undefined
}

export interface OtherTools {
  readonly group: Group
  readonly spelled: ReadonlySet<string>
}

export function newGroups(policy: Policy, linked: Linked): Groups {
  const types = new Map<string, Map<string, Group>>()
  const items = new Map<string, Map<string, Map<string, Group>>>()
  const spelled = new Map<string, ReadonlySet<string>>()
  const byName = new Map<string, ReturnType<typeof itemRulesByName>>()

  function group(about: About, rules: GroupRules): Group {
    const { allow, deny, delegate, agentDeny, obliging } = rules
    const lines = (rules: readonly number[]) => (rules.length === 0 ? undefined : linked.lines(rules))
    return {
      action: about.action,
      allow: lines(allow),
      deny: lines(deny),
      delegate: lines(delegate),
      agentDeny: lines(agentDeny),
      verdict: linked.verdict(rules, about),
      delegation: policy.program.delegates ? linked.delegation(rules, about) : undefined,
      obliging: obliging.length === 0 ? undefined : obliging.map((index) => obligingRule(policy, linked, index)),
    }
  }

  function names(server: string): ReadonlySet<string> {
    let found = spelled.get(server)
    if (found === undefined) {
      found = spelledNames(policy, server)
      spelled.set(server, found)
    }
    return found
  }

  return {
    ofType: (action, type) => {
      const byType = within(types, action)
      let found = byType.get(type)
      if (found === undefined) {
        found = group({ action, type }, rulesOfType(policy, action, type))
        byType.set(type, found)
      }
      return found
    },
    ofItem: (kind, action, server, name) => {
      const known = items.get(action)?.get(server)?.get(name)
      if (known !== undefined) return known
      if (!policy.servers.has(server) || !names(server).has(name)) return undefined
      const key = JSON.stringify([action, server])
      const among = byName.get(key) ?? itemRulesByName(policy, action, server)
      byName.set(key, among)
      const rules = rulesOfItem(policy, kind, action, server, name, among(name))
      const made = group(aboutItem(policy, kind, action, server, name), rules)
      within(within(items, action), server).set(name, made)
      return made
    },
    ofOtherTools: (action, server) => {
      if (!policy.servers.has(server) || policy.servers.get(server) !== undefined) return undefined
      const rules = rulesOfOthers(policy, 'tool', action, server)
      return rules && { group: group({ action, server }, rules), spelled: names(server) }
    },
  }
}

function obligingRule({ program }: Policy, linked: Linked, index: number): Obliging {
  const rule = program.rules[index]
  if (rule === undefined) throw new RangeError('a rule of the program')
  return { rule, when: linked.rule(index), by: linked.bound(index) }
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
  return r.agents.length === 0 || isDelegatedTo(r, group, entity)
}

function isDelegatedTo(r: Registers, { action, delegate, agentDeny }: Group, entity: Ent | undefined): boolean {
  for (const agent of r.agents) {
    if (delegate === undefined || delegate.any(r.actor, entity, agent, undefined, action) !== true) return false
    if (agentDeny !== undefined && agentDeny.any(r.actor, entity, agent, undefined, action) !== false) return false
  }
  return true
}
