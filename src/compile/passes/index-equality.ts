import type { Expr } from '../../ir/expr.ts'
import { structureOf } from '../structure.ts'

/** Rules that compare the same value with different texts: which of them can hold is then looked up, not tried. */
export interface Index {
  /** What is compared. */
  readonly key?: Expr
  readonly indexed: readonly IndexedRule[]
  readonly others: readonly number[]
}

export interface IndexedRule {
  readonly index: number
  readonly literal: string
  /** What else the rule asks, once the comparison holds. */
  readonly rest: Expr
}

/** Below so many rules a look at each is as quick. */
const fewest = 4

/** The comparison that most of the rules share. */
export function indexOf(conditionOf: (rule: number) => Expr, rules: readonly number[]): Index {
  const byKey = new Map<string, { readonly key: Expr; readonly indexed: IndexedRule[] }>()
  if (rules.length >= fewest) {
    for (const index of rules) {
      for (const found of comparisons(conditionOf(index))) {
        const name = structureOf(found.key).key
        const group = byKey.get(name) ?? { key: found.key, indexed: [] }
        if (group.indexed.at(-1)?.index !== index)
          group.indexed.push({ index, literal: found.literal, rest: found.rest })
        byKey.set(name, group)
      }
    }
  }
  let best: { readonly key: Expr; readonly indexed: readonly IndexedRule[] } | undefined
  for (const group of byKey.values())
    if (group.indexed.length >= fewest && group.indexed.length > (best?.indexed.length ?? 0)) best = group
  if (best === undefined) return { indexed: [], others: rules }
  const taken = new Set(best.indexed.map(({ index }) => index))
  return { ...best, others: rules.filter((index) => !taken.has(index)) }
}

/** Comparisons with a text that a condition cannot be true without. */
function comparisons(
  condition: Expr,
): readonly { readonly key: Expr; readonly literal: string; readonly rest: Expr }[] {
  const operands = condition.kind === 'and' ? condition.operands : [condition]
  return operands.flatMap((operand) => {
    if (operand.kind !== 'compare' || operand.operator !== '==') return []
    const [key, constant] =
      operand.right.kind === 'constant' ? [operand.left, operand.right] : [operand.right, operand.left]
    if (constant.kind !== 'constant' || constant.value.kind !== 'string' || key.kind === 'constant') return []
    const rest: Expr = { kind: 'and', operands: operands.filter((other) => other !== operand), at: condition.at }
    return [{ key, literal: constant.value.value, rest }]
  })
}
