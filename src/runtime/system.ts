import type { Expr } from '../ir/expr.ts'
import type { UriTemplate } from '../ir/uri-template.ts'
import type { Entity } from '../value/value.ts'
import type { Budget } from './budget.ts'
import { spend } from './budget.ts'
import type { Formula } from './formula.ts'
import type { Scope } from './scope.ts'

/**
 * Who holds what: `role`; `permission`, what the subject itself may do (U of the normative text); `delegation`, what the agents
 * of the request may do for it (A).
 */
export interface Atom {
  readonly kind: 'role' | 'permission' | 'delegation'
  readonly relation: string
  /** None for a global role. */
  readonly entity?: Entity
  readonly subject: Entity
}

/** What has to be known before a condition can be told. */
export type Leaf =
  | { readonly kind: 'condition'; readonly expr: Expr; readonly scope: Scope }
  /** The URI matches the template. */
  | { readonly kind: 'uri'; readonly template: UriTemplate }
  /** What is only supposed, by whoever supposes it. */
  | { readonly kind: 'supposed'; readonly key: string }

/** The atoms that a question has reached, and a body for each of them once it has been looked into. */
export interface System {
  readonly atoms: Atom[]
  readonly bodies: Formula[]
  readonly leaves: Leaf[]
  readonly atomIndex: Map<string, number>
  readonly leafIndex: Map<Expr | UriTemplate | string, Map<Scope | undefined, number>>
}

export function newSystem(): System {
  return { atoms: [], bodies: [], leaves: [], atomIndex: new Map(), leafIndex: new Map() }
}

export function demandAtom(system: System, atom: Atom, budget: Budget): Formula {
  const key = JSON.stringify([atom.kind, atom.relation, atom.entity?.key ?? null, atom.subject.key])
  const known = system.atomIndex.get(key)
  if (known !== undefined) return { kind: 'atom', atom: known }
  spend(budget, 'atoms', 1)
  const index = system.atoms.push(atom) - 1
  system.atomIndex.set(key, index)
  return { kind: 'atom', atom: index }
}

/** One leaf for one condition in one scope, however often it is met. */
export function demandLeaf(system: System, leaf: Leaf): Formula {
  const scope = leaf.kind === 'condition' ? leaf.scope : undefined
  const what = leaf.kind === 'condition' ? leaf.expr : leaf.kind === 'uri' ? leaf.template : leaf.key
  let within = system.leafIndex.get(what)
  if (within === undefined) {
    within = new Map()
    system.leafIndex.set(what, within)
  }
  let index = within.get(scope)
  if (index === undefined) {
    index = system.leaves.push(leaf) - 1
    within.set(scope, index)
  }
  return { kind: 'leaf', leaf: index }
}
