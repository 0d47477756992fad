import type { Expr } from '../../ir/expr.ts'
import { children } from '../../ir/walk.ts'

/** Conditions that are made of conditions. What is no such thing is a condition by itself. */
function isComposite({ kind }: Expr): boolean {
  return kind === 'and' || kind === 'or' || kind === 'not' || kind === 'recover' || kind === 'conditional'
}

/**
 * The conditions that a condition comes down to, each once, with those inside their operands: what `? :` asks, and what `some` and
 * `every` ask of each member. A constant asks nothing.
 */
export function conditionsOf(root: Expr): readonly Expr[] {
  const found = new Set<Expr>()
  const seen = new Set<Expr>()
  const open: Expr[] = [root]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (isComposite(next)) open.push(...children(next))
    else if (next.kind !== 'constant') {
      found.add(next)
      open.push(...inside(next))
    }
  }
  return [...found]
}

/** The conditions inside the operands of one. */
function inside(condition: Expr): readonly Expr[] {
  // What is asked of whoever approves is the condition itself.
  if (condition.kind === 'obtainable') return []
  if (condition.kind === 'some' || condition.kind === 'every') return [condition.body, ...askedIn([condition.of])]
  return askedIn(children(condition))
}

/** The conditions that values hang on. */
export function askedIn(values: readonly Expr[]): readonly Expr[] {
  const found: Expr[] = []
  const open = [...values]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === 'conditional') {
      found.push(next.condition)
      open.push(next.then, next.else)
    } else if (isComposite(next)) found.push(next)
    else if (next.kind === 'some' || next.kind === 'every') found.push(next)
    else open.push(...children(next))
  }
  return found
}
