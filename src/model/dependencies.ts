import type { Span } from '../base/source.ts'
import type { Expr } from '../ir/expr.ts'
import type { CarriedCondition } from '../ir/program.ts'
import type { CheckedRole, CheckedRule } from './checked-policy.ts'
import { components } from './components.ts'
import type { Report } from './report.ts'
import type { Schema } from './schema.ts'
import { negative, type Occurrence, occurrences, positive, type Sign, under } from './signs.ts'

/** A role or permission of a type, or a global role: something with a body that conditions depend on. */
interface Predicate {
  readonly name: string
  readonly parts: Part[]
}

/** One line of a body, with the sign it has in the whole. `agents`: it matters only for the agents of the request. */
interface Part {
  readonly sign: Sign
  readonly occurrences: readonly Occurrence[]
  readonly agents: boolean
}

/**
 * What can be said of a policy as a whole, before any request: that no role depends on its own opposite, that nobody is judged
 * by another's request, that what can be obtained only helps and labels only hinder.
 */
export function checkDependencies(
  schema: Schema,
  roles: readonly CheckedRole[],
  rules: readonly CheckedRule[],
  conditions: readonly CarriedCondition[],
  report: Report,
): void {
  const found = rules.map((rule): Found => ({ rule, occurrences: occurrences(rule.condition) }))
  const predicates = collect(schema, roles, found, conditions)
  checkStratified(predicates, report)
  checkRequestBound(predicates, found, report)
  checkPolarity(predicates, found, report)
}

interface Found {
  readonly rule: CheckedRule
  readonly occurrences: readonly Occurrence[]
}

const roleKey = (type: string | undefined, role: string): string => `role ${type ?? ''}.${role}`
const permissionKey = (type: string, action: string): string => `permission ${type}.${action}`

function targets(predicates: ReadonlyMap<string, Predicate>, occurrence: Occurrence): readonly Predicate[] {
  const { node } = occurrence
  if (node.kind !== 'holds') return []
  const keys =
    node.of === undefined
      ? [roleKey(undefined, node.relation)]
      : node.types.map((type) => (node.permission ? permissionKey(type, node.relation) : roleKey(type, node.relation)))
  return keys.flatMap((key) => predicates.get(key) ?? [])
}

function collect(
  schema: Schema,
  roles: readonly CheckedRole[],
  rules: readonly Found[],
  conditions: readonly CarriedCondition[],
): ReadonlyMap<string, Predicate> {
  const predicates = new Map<string, Predicate>()
  const carried = new Map(conditions.map((condition) => [condition.name, occurrences(condition.body)]))
  for (const role of roles) {
    const parts: Part[] = []
    const add = (sign: Sign, found: readonly Occurrence[]) => parts.push({ sign, occurrences: found, agents: false })
    if (role.condition !== undefined) add(positive, occurrences(role.condition))
    if (role.except !== undefined) add(negative, occurrences(role.except))
    for (const one of role.assignable) {
      if (one.when !== undefined) add(positive, carried.get(one.when) ?? [])
      if (one.kind === 'holders' && one.role !== undefined) add(positive, [assignedHolders(one.type, one.role, role.at)])
    }
    const name = role.type === undefined ? role.name : `${role.type}.${role.name}`
    predicates.set(roleKey(role.type, role.name), { name, parts })
  }
  for (const type of schema.types.values())
    for (const action of type.permissions)
      predicates.set(permissionKey(type.name, action), { name: `${type.name}.${action}`, parts: [] })
  for (const { rule, occurrences: found } of rules) {
    if (rule.target.kind === 'items' || rule.effect === 'limit' || rule.effect === 'label') continue
    const part: Part = {
      sign: rule.effect === 'deny' ? negative : positive,
      occurrences: found,
      agents: rule.effect === 'delegate' || rule.mentionsAgent,
    }
    for (const type of rule.target.kind === 'types' ? rule.target.types : schema.types.keys())
      for (const action of rule.actions === '*' ? (schema.types.get(type)?.permissions ?? []) : rule.actions)
        predicates.get(permissionKey(type, action))?.parts.push(part)
  }
  return predicates
}

/** A fact may name the holders of that role: the body depends on it as if it were written. */
function assignedHolders(type: string, role: string, at: Span): Occurrence {
  const here: Expr = { kind: 'variable', name: 'actor', at }
  return {
    node: { kind: 'holds', subject: here, of: here, types: [type], relation: role, permission: false, at },
    sign: positive,
    at,
  }
}

/** No cycle passes through a `not`, an `unless` or a deny. */
function checkStratified(predicates: ReadonlyMap<string, Predicate>, report: Report): void {
  const all = [...predicates.values()]
  const edges = (from: Predicate) =>
    from.parts.flatMap((part) => part.occurrences.flatMap((found) => targets(predicates, found)))
  for (const component of components(all, edges)) {
    const inside = new Set(component)
    const crossing = component
      .flatMap((from) =>
        from.parts.flatMap((part) =>
          part.occurrences.flatMap((found) => {
            const to = targets(predicates, found).find((target) => inside.has(target))
            return to !== undefined && under(part.sign, found.sign) !== positive ? [{ from, to, at: found.at }] : []
          }),
        ),
      )
      .sort((a, b) => (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.start - b.at.start))[0]
    if (crossing === undefined) continue
    const { from, to, at } = crossing
    report.add(
      'recursion-through-negation',
      at,
      from === to ? `\`${from.name}\` depends on its own opposite` : `\`${from.name}\` depends on the opposite of \`${to.name}\`, which depends on \`${from.name}\``,
      { help: 'a role may be recursive, but not through `not`, `unless` or a deny' },
    )
  }
}

const requestVariables: ReadonlySet<string> = new Set(['token', 'agent', 'session', 'args', 'tool', 'prompt', 'uri', 'client'])

/** A role that looks at the request says something of the one who makes it, and of nobody else. */
function checkRequestBound(predicates: ReadonlyMap<string, Predicate>, rules: readonly Found[], report: Report): void {
  const callers = new Map<Predicate, Predicate[]>()
  const bound = new Set<Predicate>()
  const open: Predicate[] = []
  for (const predicate of predicates.values())
    for (const part of predicate.parts) {
      if (part.agents) continue
      for (const found of part.occurrences) {
        const { node } = found
        const direct = node.kind === 'obtainable' || (node.kind === 'variable' && requestVariables.has(node.name))
        if (direct && !bound.has(predicate)) {
          bound.add(predicate)
          open.push(predicate)
        }
        for (const target of targets(predicates, found)) {
          const known = callers.get(target)
          if (known === undefined) callers.set(target, [predicate])
          else known.push(predicate)
        }
      }
    }
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const caller of callers.get(next) ?? [])
      if (!bound.has(caller)) {
        bound.add(caller)
        open.push(caller)
      }
  const check = (found: Occurrence): void => {
    const { node } = found
    if (node.kind !== 'holds' || (node.subject.kind === 'variable' && node.subject.name === 'actor')) return
    const target = targets(predicates, found).find((one) => bound.has(one))
    if (target === undefined) return
    report.add('request-bound', found.at, `\`${target.name}\` depends on this request, so it says nothing of anyone else`, {
      help: 'a role that looks at `token`, `session` or a fact to obtain can only be asked of the actor',
    })
  }
  for (const predicate of predicates.values()) for (const part of predicate.parts) part.occurrences.forEach(check)
  for (const rule of rules) rule.occurrences.forEach(check)
}

/** Having more of what can be obtained never takes access away; having more labels never gives it. */
function checkPolarity(predicates: ReadonlyMap<string, Predicate>, rules: readonly Found[], report: Report): void {
  const reached = new Map<Predicate, number>()
  const open: { readonly predicate: Predicate; readonly sign: Sign }[] = []
  const check = (found: Occurrence, sign: Sign): void => {
    const { node } = found
    if (node.kind === 'obtainable' && sign !== positive)
      report.add('obtainable-negated', found.at, 'having this would take access away', {
        help: 'what a caller can obtain may only help: `deny … unless scope("x")`, not `if scope("x")`',
      })
    if (node.kind === 'variable' && node.name === 'session' && sign !== negative)
      report.add('label-granted', found.at, 'having this label would give access', {
        help: 'labels only restrict: test them in a `deny`, or under `unless` or `not`',
      })
    for (const predicate of targets(predicates, found)) {
      const before = reached.get(predicate) ?? 0
      if ((before & (1 << sign)) !== 0) continue
      reached.set(predicate, before | (1 << sign))
      open.push({ predicate, sign })
    }
  }
  for (const { rule, occurrences: inRule } of rules) {
    // Limits and labels restrict, as a deny does.
    const sign = rule.effect === 'allow' || rule.effect === 'delegate' ? positive : negative
    for (const found of inRule) check(found, under(sign, found.sign))
  }
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const part of next.predicate.parts)
      for (const found of part.occurrences) check(found, under(next.sign, under(part.sign, found.sign)))
}
