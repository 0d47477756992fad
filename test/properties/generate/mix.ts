import type { Decision, Policy } from '../../../src/index.ts'
import type { Expr } from '../../../src/ir/expr.ts'
import { children } from '../../../src/ir/walk.ts'
import { both, negative, positive, type Sign, under } from '../../../src/model/analysis/signs.ts'
import type { FactSet } from './facts.ts'
import type { Request } from './request.ts'
import { now } from './vocabulary.ts'

/** How often each class came up, by name. */
export type Mix = Map<string, number>

export function count(mix: Mix, classes: Readonly<Record<string, boolean>>): void {
  mix.set('all', (mix.get('all') ?? 0) + 1)
  for (const [name, holds] of Object.entries(classes)) mix.set(name, (mix.get(name) ?? 0) + (holds ? 1 : 0))
}

/** Shares in per cent, without `all`. */
export function shares(mix: Mix): ReadonlyMap<string, number> {
  const all = mix.get('all') ?? 0
  return new Map([...mix].filter(([name]) => name !== 'all').map(([name, n]) => [name, (100 * n) / all]))
}

export function show(mix: Mix): string {
  const parts = [...shares(mix)].map(([name, share]) => `${name} ${share.toFixed(1)} %`)
  return `${mix.get('all')}: ${parts.join(', ')}`
}

/** What kind of question this is, and what came of it. */
export function classesOf(policy: Policy, facts: FactSet, { resource, env }: Request, decision: Decision) {
  const { allowed, reason } = decision
  const throughAgents = (env.agents ?? []).length > 0
  return {
    allow: allowed,
    forbidden: reason === 'forbidden',
    'not-permitted': reason === 'not-permitted',
    'not-delegated': reason === 'not-delegated',
    error: reason === 'error',
    agents: throughAgents,
    'allow through agents': allowed && throughAgents,
    'cyclic data': isCyclic(facts),
    expiry: facts.facts.some(({ until }) => typeof until === 'number' && until <= now),
    'conditional facts': facts.facts.some(({ when }) => when !== undefined),
    'errors under negation': erredUnderNegation(policy, decision),
    MCP: typeof resource === 'object',
    'allow of an item': typeof resource === 'object' && allowed,
  }
}

/** Containment, parents or managers lead back to where they started. */
function isCyclic({ entities, facts }: FactSet): boolean {
  const links = new Map<string, string[]>()
  const add = (from: string, to: unknown) => {
    if (typeof to === 'string') links.set(from, [...(links.get(from) ?? []), to])
  }
  for (const entity of entities) {
    const { type, id, parent, manager, in: containers } = entity
    for (const to of [parent, manager, ...(Array.isArray(containers) ? containers : [])]) add(`${type}:${id}`, to)
  }
  for (const { object, relation, subject } of facts)
    if (typeof object === 'string' && ['in', 'parent', 'manager'].includes(relation)) add(object, subject)
  return [...links.keys()].some((start) => {
    const reached = new Set(links.get(start) ?? [])
    for (const key of reached) for (const next of links.get(key) ?? []) reached.add(next)
    return reached.has(start)
  })
}

/** An error that decided arose where it counts against: under `not` or `unless`, or in a `deny`. */
function erredUnderNegation(policy: Policy, { reason, errors }: Decision): boolean {
  if (reason !== 'error') return false
  const spans = negativeSpans(policy)
  return errors.some(({ at }) => at !== undefined && spans.has(`${at.file} ${at.start} ${at.end}`))
}

const remembered = new WeakMap<Policy, ReadonlySet<string>>()

function negativeSpans(policy: Policy): ReadonlySet<string> {
  const known = remembered.get(policy)
  if (known !== undefined) return known
  const spans = new Set<string>()
  const collect = (expr: Expr | undefined, sign: Sign) => {
    if (expr === undefined) return
    if (sign !== positive) spans.add(`${expr.at.file} ${expr.at.start} ${expr.at.end}`)
    for (const part of children(expr)) {
      const turns =
        expr.kind === 'not' ? negative : expr.kind === 'conditional' && part === expr.condition ? both : positive
      collect(part, under(sign, turns))
    }
  }
  for (const { effect, condition } of policy.program.rules) collect(condition, effect === 'deny' ? 2 : 1)
  for (const { condition, except } of policy.program.roles) {
    collect(condition, 1)
    collect(except, 2)
  }
  remembered.set(policy, spans)
  return spans
}
