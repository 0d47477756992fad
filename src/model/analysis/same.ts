import type { Expr } from '../../ir/expr.ts'

/** Comparisons of two nodes before they count as different: shared parts could be walked for ever. */
const mostSteps = 10_000

/** Whether two expressions are written the same, their `let`s expanded; false also where that takes too long to tell. */
export function isSame(a: Expr, b: Expr): boolean {
  let steps = 0
  const same = (x: unknown, y: unknown): boolean => {
    if (x === y) return true
    steps += 1
    if (steps > mostSteps) return false
    if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) return false
    const [own, other] = [x as Readonly<Record<string, unknown>>, y as Readonly<Record<string, unknown>>]
    if (own.kind !== other.kind) return false
    const keys = Object.keys(own)
    return keys.length === Object.keys(other).length && keys.every((key) => key === 'at' || same(own[key], other[key]))
  }
  return same(a, b)
}
