import { printExpression } from '../../runtime/print-expression.ts'
import type { Among } from '../antichain.ts'
import { gives } from '../offer-order.ts'
import { type Edit, editKey, placeKey } from './edit.ts'
import type { Supposed } from './suppose.ts'

/** An edit with what it is preferred by. */
export interface Proposal {
  readonly edit: Edit
  readonly key: string
  /** How far from the question what it is about lies: the role that a rule asks for is nearer than one that gives it. */
  readonly depth: number
}

interface Proposals {
  /** In an order that depends on nothing but what they are. */
  readonly proposals: readonly Proposal[]
  readonly among: Among
  /** For each leaf that may be otherwise, which proposals make it true and which false. */
  readonly ofLeaf: ReadonlyMap<number, { readonly true: readonly number[]; readonly false: readonly number[] }>
}

export function proposalsOf(
  leaves: ReadonlyMap<number, Supposed>,
  depths: ReadonlyMap<number, number>,
  satisfying: (scope: string) => readonly string[],
  rulesMayFall: boolean,
): Proposals {
  const byKey = new Map<string, Proposal>()
  const take = (leaf: number, edits: readonly Edit[]): readonly string[] => {
    const depth = depths.get(leaf) ?? Number.POSITIVE_INFINITY
    return edits.flatMap((edit) => {
      if (edit.kind === 'rule' && !rulesMayFall) return []
      const key = editKey(edit)
      const before = byKey.get(key)
      if (before === undefined || isNearer({ edit, key, depth }, before)) byKey.set(key, { edit, key, depth })
      return [key]
    })
  }
  const keys = [...leaves].map(([leaf, { present, edits }]) => ({
    leaf,
    true: present.low ? [] : take(leaf, edits(true)),
    false: present.high ? take(leaf, edits(false)) : [],
  }))
  const proposals = [...byKey.values()].sort(preferred)
  const numbers = new Map(proposals.map(({ key }, number) => [key, number]))
  const numbered = (some: readonly string[]) => some.map((key) => numbers.get(key) ?? -1)
  const open = keys.filter((one) => one.true.length > 0 || one.false.length > 0)
  return {
    proposals,
    among: amongProposals(proposals, satisfying),
    ofLeaf: new Map(open.map((one) => [one.leaf, { true: numbered(one.true), false: numbered(one.false) }])),
  }
}

/** Of two that do the same; one is told, with the condition that it is for, whichever was met first. */
function isNearer(a: Proposal, b: Proposal): boolean {
  return a.depth < b.depth || (a.depth === b.depth && reason(a.edit) < reason(b.edit))
}

function reason(edit: Edit): string {
  return 'why' in edit ? printExpression(edit.why.expr, edit.why.scope) : ''
}

function amongProposals(proposals: readonly Proposal[], satisfying: (scope: string) => readonly string[]): Among {
  const places = proposals.map(({ edit }) => placeKey(edit))
  return {
    implies: (first, second) => {
      const [a, b] = [proposals[first]?.edit, proposals[second]?.edit]
      if (first === second || a?.kind !== 'obtain' || b?.kind !== 'obtain') return first === second
      return gives(a.fact, b.fact, satisfying)
    },
    clash: (first, second) => places[first] !== undefined && places[first] === places[second],
  }
}

const ranks: readonly Edit['kind'][] = ['obtain', 'add', 'input', 'set', 'remove', 'condition', 'rule']

export function preferred(a: Proposal, b: Proposal): number {
  const byRank = ranks.indexOf(a.edit.kind) - ranks.indexOf(b.edit.kind)
  return byRank || a.depth - b.depth || (a.key < b.key ? -1 : a.key === b.key ? 0 : 1)
}
