import type { Effect, Rule } from '../ir/program.ts'
import { toolOf } from '../runtime/asked-target.ts'
import { itemMatches } from '../runtime/item-match.ts'
import { mcpActions } from '../runtime/mcp-actions.ts'
import { covers, type Policy } from '../runtime/policy.ts'
import type { About } from './linked.ts'

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

/** What a verdict on an agent goes by: who delegates grants, and whoever speaks of the agent forbids. */
export function delegationRules({ delegate, agentDeny }: GroupRules): Pick<GroupRules, 'allow' | 'deny'> {
  return { allow: delegate, deny: agentDeny }
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
  among?: Among,
): GroupRules {
  const tool = { name, readOnly: false, destructive: true, idempotent: false, openWorld: true }
  const item = kind === 'tool' ? { kind, server, name, tool } : { kind, server, name }
  const isMeant = ({ target }: Rule) => itemMatches(target, action, item).length > 0
  return groupRules(policy, (effect) =>
    among === undefined ? policy.itemRules(effect, action, server).filter(isMeant) : among(effect, isMeant),
  )
}

/** Rules of an effect that are about a word: those that spell it, and those of the others that are meant by it. */
type Among = (effect: Effect, isMeant: (rule: Rule) => boolean) => readonly Rule[]

/**
 * The rules about an item of a server without a lock whose name no rule spells: the same for all such names. Undefined where some rule
 * goes by a part of the name.
 */
export function rulesOfOthers(policy: Policy, kind: NamedKind, action: string, server: string): GroupRules | undefined {
  const effects: readonly Effect[] = ['allow', 'deny', 'delegate', 'limit', 'label']
  const isPlain = ({ target }: Rule) =>
    target.kind !== 'items' || target.items.every((item) => item.kind === 'all' || item.kind === 'names')
  const plain = effects.every((effect) => policy.itemRules(effect, action, server).every(isPlain))
  // No name has a character that text cannot have.
  return plain ? rulesOfItem(policy, kind, action, server, unspelled) : undefined
}

const unspelled = '\ud800'

/** The rules about an action on items of a server that are about one of a name, without a look at those that spell others. */
export function itemRulesByName(policy: Policy, action: string, server: string): (name: string) => Among {
  return indexes(policy, (effect) => policy.itemRules(effect, action, server), onlyNames)
}

/** What is known of an item by its name. */
export function aboutItem(policy: Policy, kind: NamedKind, action: string, server: string, name: string): About {
  return kind === 'tool' ? { action, server, tool: toolOf(policy, server, name) } : { action, server, prompt: name }
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

/** A group, and what it is about. */
export interface NamedGroup {
  readonly about: About
  readonly rules: GroupRules
}

/** Every group that can be asked about by name, and that some rule allows something to. */
export function* everyGroup(policy: Policy): Iterable<NamedGroup> {
  const { program } = policy
  const ofEffect = (effect: Effect) => program.rules.filter((rule) => rule.effect === effect)
  const byAction = indexes(policy, ofEffect, ({ actions }) => (actions === '*' ? undefined : actions))
  for (const { action, types } of program.actions) {
    const among = byAction(action)
    const ofAction = (effect: Effect) => among(effect, () => true)
    const byType = indexes(policy, ofAction, ({ target }) => (target.kind === 'types' ? target.types : undefined))
    for (const type of types)
      yield {
        about: { action, type },
        rules: groupRules(policy, (effect) => byType(type)(effect, (rule) => covers(rule, type))),
      }
  }
  for (const server of policy.servers.keys()) {
    yield* itemGroups(policy, 'tool', server)
    yield* itemGroups(policy, 'prompt', server)
  }
}

function* itemGroups(policy: Policy, kind: NamedKind, server: string): Iterable<NamedGroup> {
  const lock = policy.servers.get(server)
  const locked = kind === 'tool' ? lock?.tools.keys() : lock?.prompts
  const names = [...(locked ?? spelledNames(policy, server))]
  for (const [action, kinds] of mcpActions) {
    // What is listed is decided by rules one by one.
    if (action === 'list' || !kinds.includes(kind)) continue
    const among = itemRulesByName(policy, action, server)
    for (const name of names)
      yield {
        about: aboutItem(policy, kind, action, server, name),
        rules: rulesOfItem(policy, kind, action, server, name, among(name)),
      }
  }
}

/** The names that a rule is about, undefined where it may be about others. */
function onlyNames(rule: Rule): readonly string[] | undefined {
  const { target } = rule
  return target.kind === 'items' && target.items.every(({ kind }) => kind === 'names') ? namesIn(rule) : undefined
}

/** By word and effect, those of some rules that are about the word, without a look at the rules that are only about others. */
function indexes(
  policy: Policy,
  rulesOf: (effect: Effect) => readonly Rule[],
  wordsOf: (rule: Rule) => readonly string[] | undefined,
): (word: string) => Among {
  const made = new Map<Effect, ReturnType<typeof wordIndex>>()
  return (word) => (effect, isMeant) => {
    const index = made.get(effect) ?? wordIndex(policy, rulesOf(effect), wordsOf)
    made.set(effect, index)
    return index(word, isMeant)
  }
}

function wordIndex(
  { placeOf }: Policy,
  rules: readonly Rule[],
  wordsOf: (rule: Rule) => readonly string[] | undefined,
): (word: string, isMeant: (rule: Rule) => boolean) => readonly Rule[] {
  const byWord = new Map<string, Rule[]>()
  const others: Rule[] = []
  for (const rule of rules) {
    const words = wordsOf(rule)
    if (words === undefined) others.push(rule)
    for (const word of new Set(words)) {
      const same = byWord.get(word)
      if (same === undefined) byWord.set(word, [rule])
      else same.push(rule)
    }
  }
  return (word, isMeant) =>
    [...others.filter(isMeant), ...(byWord.get(word) ?? [])].sort((a, b) => placeOf(a) - placeOf(b))
}
