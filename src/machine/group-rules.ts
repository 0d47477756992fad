import type { Effect, Rule } from '../ir/program.ts'
import { itemMatches } from '../runtime/item-match.ts'
import { mcpActions } from '../runtime/mcp-actions.ts'
import type { Policy } from '../runtime/policy.ts'

/** The rules about one action on entities of one type, or on one item of a server, by their places in the program. */
export interface GroupRules {
  readonly allow: readonly number[]
  /** Without those that mention `agent`. */
  readonly deny: readonly number[]
  readonly delegate: readonly number[]
  /** Those that mention `agent`. */
  readonly agentDeny: readonly number[]
  /** Limits and labels. */
  readonly obliging: readonly number[]
}

type NamedKind = 'tool' | 'prompt'

export function rulesOfType(policy: Policy, action: string, type: string): GroupRules {
  return groupRules(policy, (effect) => policy.entityRules(effect, action, type))
}

export function rulesOfItem(
  policy: Policy,
  kind: NamedKind,
  action: string,
  server: string,
  name: string,
  among: (effect: Effect) => readonly Rule[] = (effect) => policy.itemRules(effect, action, server),
): GroupRules {
  const tool = { name, readOnly: false, destructive: true, idempotent: false, openWorld: true }
  const item = kind === 'tool' ? { kind, server, name, tool } : { kind, server, name }
  return groupRules(policy, (effect) => among(effect).filter(({ target }) => itemMatches(target, action, item).length > 0))
}

function groupRules({ placeOf }: Policy, rulesOf: (effect: Effect) => readonly Rule[]): GroupRules {
  const places = (rules: readonly Rule[]) => rules.map(placeOf)
  const deny = rulesOf('deny')
  return {
    allow: places(rulesOf('allow')),
    deny: places(deny.filter(({ mentionsAgent }) => !mentionsAgent)),
    delegate: places(rulesOf('delegate')),
    agentDeny: places(deny.filter(({ mentionsAgent }) => mentionsAgent)),
    obliging: places([...rulesOf('limit'), ...rulesOf('label')]),
  }
}

/** The names that rules and the lock of a server spell out: a request cannot add to them. */
export function spelledNames(policy: Policy, server: string): ReadonlySet<string> {
  const lock = policy.servers.get(server)
  const inRules = policy.program.rules.filter(({ target }) => concerns(target, server)).flatMap(namesIn)
  return new Set([...inRules, ...(lock?.tools.keys() ?? []), ...(lock?.prompts ?? [])])
}

function concerns(target: Rule['target'], server: string): boolean {
  return target.kind === 'items' && (target.server === undefined || target.server === server)
}

function namesIn({ target }: Rule): readonly string[] {
  if (target.kind !== 'items') return []
  return target.items.flatMap((item) => (item.kind === 'names' ? item.names : []))
}

/** Every group that can be asked about by name. */
export function* everyGroup(policy: Policy): Iterable<GroupRules> {
  const { program } = policy
  for (const { action } of program.actions) for (const { name } of program.types) yield rulesOfType(policy, action, name)
  for (const server of policy.servers.keys()) {
    yield* itemGroups(policy, 'tool', server)
    yield* itemGroups(policy, 'prompt', server)
  }
}

function* itemGroups(policy: Policy, kind: NamedKind, server: string): Iterable<GroupRules> {
  const lock = policy.servers.get(server)
  const locked = kind === 'tool' ? lock?.tools.keys() : lock?.prompts
  const names = [...(locked ?? spelledNames(policy, server))]
  for (const [action, kinds] of mcpActions) {
    // What is listed is decided by rules one by one.
    if (action === 'list' || !kinds.includes(kind)) continue
    const indexes = new Map<Effect, NameIndex>()
    const among = (name: string) => (effect: Effect) => {
      const index = indexes.get(effect) ?? nameIndex(policy, policy.itemRules(effect, action, server))
      indexes.set(effect, index)
      return index(name)
    }
    for (const name of names) yield rulesOfItem(policy, kind, action, server, name, among(name))
  }
}

/** Those of some rules that may be about a name, without a look at the rules that only spell others. */
type NameIndex = (name: string) => readonly Rule[]

function nameIndex({ placeOf }: Policy, rules: readonly Rule[]): NameIndex {
  const byName = new Map<string, Rule[]>()
  const others: Rule[] = []
  for (const rule of rules) {
    const { target } = rule
    if (target.kind !== 'items' || target.items.some(({ kind }) => kind !== 'names')) others.push(rule)
    else {
      for (const name of new Set(namesIn(rule))) {
        const same = byName.get(name)
        if (same === undefined) byName.set(name, [rule])
        else same.push(rule)
      }
    }
  }
  return (name) => [...others, ...(byName.get(name) ?? [])].sort((a, b) => placeOf(a) - placeOf(b))
}
