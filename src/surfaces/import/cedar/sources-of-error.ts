import type { Expr } from './cedar.ts'

/**
 * What may make an expression an error, each by a name that two parts of a policy share where one errs exactly when the other does:
 * that the resource has no owner, say. `all` has every such thing, `certain` those that make it an error in any case.
 */
export interface Errors {
  readonly all: ReadonlySet<string>
  readonly certain: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

export const noErrors: Errors = { all: none, certain: none }

/** Of operands that are all evaluated, and what the operator adds of its own. */
export function together(operands: readonly Errors[], ...own: readonly string[]): Errors {
  const some = operands.filter(({ all }) => all.size > 0)
  if (some.length === 0 && own.length === 0) return noErrors
  return {
    all: new Set([...some.flatMap(({ all }) => [...all]), ...own]),
    certain: new Set([...some.flatMap(({ certain }) => [...certain]), ...own]),
  }
}

/** Of operands of which only the first is evaluated in any case. */
export function firstOf(first: Errors, ...others: readonly Errors[]): Errors {
  return { all: new Set([first, ...others].flatMap(({ all }) => [...all])), certain: first.certain }
}

/** Where the first errs, so does the second. */
export function implied(first: Errors, second: Errors): boolean {
  return [...first.all].every((source) => second.certain.has(source))
}

/** A short text for each expression, the same for those that are the same. */
export type ExprKeys = (expr: Expr) => string

export function exprKeys(): ExprKeys {
  const known = new WeakMap<Expr, string>()
  const numbers = new Map<string, string>()
  const key = (expr: Expr): string => {
    const before = known.get(expr)
    if (before !== undefined) return before
    const text = JSON.stringify(expr, (name, part: unknown) => {
      if (typeof part === 'bigint') return `${part}`
      return name !== '' && isExpr(part) ? key(part) : part
    })
    const number = numbers.get(text) ?? `e${numbers.size}`
    numbers.set(text, number)
    known.set(expr, number)
    return number
  }
  return key
}

function isExpr(part: unknown): part is Expr {
  return typeof part === 'object' && part !== null && 'kind' in part
}
