import type { Expr, Holds } from '../ir/expr.ts'
import type { Program } from '../ir/program.ts'
import { children, nodes } from '../ir/walk.ts'
import type { Atom } from './atoms.ts'
import type { Lookup } from './lookup.ts'

/** What it takes to look into a predicate: a role, or what a subject may do, or what the agents may for it. */
export interface Weight {
  /** The predicates that depend on each other have one number, a negative one where one of them may do so through a negation. */
  readonly component: number
  /** It depends on itself. */
  readonly recursive: boolean
  /** Some other predicate than itself depends on it that it depends on. */
  readonly mutual: boolean
  /** How many predicates it looks into at most until one that counts, itself included, and how deep. */
  readonly size: number
  readonly height: number
  /** Whoever looks into it counts, so that neither depth nor work is without bound. */
  readonly counted: boolean
  /** It asks the host program itself: once in a decision is enough, since such a function may take as long as it likes, or ask the engine. */
  readonly asksHost: boolean
}

export interface Calls {
  weightOf(atom: Atom): Weight
  /** How often the predicate depends on itself directly. */
  selfCalls(atom: Atom): number
}

interface Call {
  readonly to: Atom
  /** Once for each of many entities. */
  readonly wide: boolean
}

/** Up to so much, nobody counts: a call costs less than a count. */
const smallSize = 64
const smallHeight = 4

/** The predicates of a program by what they depend on, worked out as far as it is asked for. */
export function newCalls(program: Program, lookup: Lookup): Calls {
  const weights = new Map<string, Weight>()
  const calls = new Map<string, readonly Call[]>()
  let components = 0

  const callsOf = (atom: Atom): readonly Call[] => {
    const key = keyOf(atom)
    let found = calls.get(key)
    if (found === undefined) {
      found = [...callsIn(program, lookup, atom)]
      calls.set(key, found)
    }
    return found
  }

  function settle(members: readonly Atom[]): void {
    const keys = new Set(members.map(keyOf))
    const [first] = members
    if (first === undefined) return
    const recursive = members.length > 1 || callsOf(first).some(({ to }) => keys.has(keyOf(to)))
    components += 1
    const component = members.some((member) => isMarked(program, lookup, member)) ? -components : components
    for (const member of members) {
      let size = 1
      let height = 1
      let wide = false
      for (const call of callsOf(member)) {
        const inner = weights.get(keyOf(call.to))
        const counts = inner === undefined || inner.counted
        size += counts ? 1 : inner.size
        height = Math.max(height, counts ? 1 : inner.height + 1)
        if (call.wide) wide = true
      }
      const loops = has(program, lookup, member, 'some', 'every')
      const counted = recursive || wide || loops || size > smallSize || height > smallHeight
      const asksHost = has(program, lookup, member, 'host-call')
      weights.set(keyOf(member), { component, recursive, mutual: members.length > 1, size, height, counted, asksHost })
    }
  }

  return {
    weightOf: (atom) => {
      const key = keyOf(atom)
      if (!weights.has(key)) walk(atom, (one) => callsOf(one).map(({ to }) => to), weights, settle)
      const found = weights.get(key)
      if (found === undefined) throw new Error('invariant: what has been walked has a weight')
      return found
    },
    selfCalls: (atom) => callsOf(atom).filter(({ to }) => keyOf(to) === keyOf(atom)).length,
  }
}

/** Some condition of it has a part of these kinds. */
function has(program: Program, lookup: Lookup, atom: Atom, ...kinds: readonly Expr['kind'][]): boolean {
  for (const { expr } of bodiesOf(program, lookup, atom))
    if (nodes(expr).some(({ kind }) => kinds.includes(kind))) return true
  return false
}

/** Some line of it says that it may lead back through a negation. */
function isMarked(program: Program, lookup: Lookup, { kind, type, name }: Atom): boolean {
  if (kind === 'role' || kind === 'held') return [...lookup.rolesOf(type, name)].some((role) => role.recursive === true)
  const { allow, deny, delegate, agentDeny } = lookup.rulesOf(name, type ?? '')
  const places = kind === 'own' ? [...allow, ...deny] : [...delegate, ...agentDeny]
  return places.some((place) => program.rules[place]?.recursive === true)
}

function keyOf({ kind, type, name }: Atom): string {
  return JSON.stringify([kind === 'held' ? 'role' : kind, type, name])
}

/** Tarjan (1972), without recursion. Each component is settled after all that it depends on. */
function walk(
  root: Atom,
  next: (from: Atom) => readonly Atom[],
  settled: { has(key: string): boolean },
  settle: (component: readonly Atom[]) => void,
): void {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: Atom[] = []
  const path: { readonly atom: Atom; readonly key: string; readonly to: readonly Atom[]; at: number }[] = []
  const lower = (key: string, to: number) => low.set(key, Math.min(low.get(key) ?? to, to))
  const enter = (atom: Atom) => {
    const key = keyOf(atom)
    low.set(key, index.size)
    index.set(key, index.size)
    stack.push(atom)
    path.push({ atom, key, to: next(atom), at: 0 })
  }
  enter(root)
  for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
    const target = frame.to[frame.at]
    frame.at += 1
    if (target !== undefined) {
      const key = keyOf(target)
      if (settled.has(key)) continue
      if (index.has(key)) lower(frame.key, index.get(key) ?? 0)
      else enter(target)
      continue
    }
    path.pop()
    const parent = path.at(-1)
    if (parent !== undefined) lower(parent.key, low.get(frame.key) ?? 0)
    if (low.get(frame.key) === index.get(frame.key))
      settle(stack.splice(stack.findLastIndex((one) => keyOf(one) === frame.key)))
  }
}

function* callsIn(program: Program, lookup: Lookup, atom: Atom): Iterable<Call> {
  for (const { expr, wide } of bodiesOf(program, lookup, atom)) yield* callsOfExpr(program, expr, wide)
  if (atom.kind !== 'role' && atom.kind !== 'held') return
  for (const { assignable } of lookup.rolesOf(atom.type, atom.name)) {
    for (const one of assignable) {
      if (one.kind === 'holders' && one.role !== undefined) {
        yield { to: { kind: 'role', type: one.type, name: one.role }, wide: true }
      }
    }
  }
}

/** The conditions that the truth of an atom depends on. `wide`: for each of many facts or agents. */
function* bodiesOf(
  program: Program,
  lookup: Lookup,
  { kind, type, name }: Atom,
): Iterable<{ readonly expr: Expr; readonly wide: boolean }> {
  if (kind === 'role' || kind === 'held') {
    for (const { condition, except, assignable } of lookup.rolesOf(type, name)) {
      if (condition !== undefined) yield { expr: condition, wide: false }
      if (except !== undefined) yield { expr: except, wide: false }
      for (const { when } of assignable) {
        // Any of a role's facts may carry a condition.
        const carried = program.conditions.find((known) => known.name === when)
        if (carried !== undefined) yield { expr: carried.body, wide: true }
      }
    }
    return
  }
  const { allow, deny, delegate, agentDeny } = lookup.rulesOf(name, type ?? '')
  for (const i of kind === 'own' ? [...allow, ...deny] : [...delegate, ...agentDeny]) {
    const rule = program.rules[i]
    if (rule !== undefined) yield { expr: rule.condition, wide: kind === 'delegated' }
  }
}

function* callsOfExpr(program: Program, root: Expr, wide: boolean): Iterable<Call> {
  const seen = new Set<Expr>()
  const open: { readonly node: Expr; readonly wide: boolean }[] = [{ node: root, wide }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node } = next
    if (seen.has(node)) continue
    seen.add(node)
    if (node.kind === 'holds')
      yield* callsOfHolds(node, next.wide || (node.of !== undefined && isMany(program, node.of)))
    const isLoop = node.kind === 'some' || node.kind === 'every' || node.kind === 'obtainable'
    for (const child of children(node)) open.push({ node: child, wide: next.wide || isLoop })
  }
}

function* callsOfHolds({ of, types, relation, permission }: Holds, wide: boolean): Iterable<Call> {
  if (of === undefined) yield { to: { kind: 'role', name: relation }, wide }
  for (const type of types) {
    if (permission) yield { to: { kind: 'own', type, name: relation }, wide }
    if (permission) yield { to: { kind: 'delegated', type, name: relation }, wide }
    else yield { to: { kind: 'role', type, name: relation }, wide }
  }
}

/** It may be many entities, as far as one can see. */
function isMany(program: Program, of: Expr): boolean {
  switch (of.kind) {
    case 'variable':
    case 'local':
    case 'construct':
    case 'constant':
      return false
    case 'entities':
      return isMany(program, of.of) || isManyValued(program, of.name)
    case 'field':
      return of.type.kind === 'set' || isMany(program, of.of)
    default:
      return true
  }
}

/** On some type. */
export function isManyValued({ types }: Program, field: string): boolean {
  return types.some(({ fields }) => fields.some(({ name, type }) => name === field && type.kind === 'set'))
}
