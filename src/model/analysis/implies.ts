import type { Expr, Holds } from '../../ir/expr.ts'
import type { Program } from '../../ir/program.ts'
import { isSame } from './same.ts'

/**
 * Whether one condition holds wherever another does, as far as their form shows it: by what `and` and `or` are, by roles that make
 * somebody hold others, and by scopes that include others.
 */
export function implies(given: Expr, follows: Expr, program: Pick<Program, 'roles' | 'scopes'>): boolean {
  const inner = (a: Expr, b: Expr) => implies(a, b, program)
  if (isSame(given, follows) || isConstant(given, false) || isConstant(follows, true)) return true
  if (given.kind === 'or') return given.operands.every((one) => inner(one, follows))
  if (follows.kind === 'and') return follows.operands.every((one) => inner(given, one))
  if (follows.kind === 'or' && follows.operands.some((one) => inner(given, one))) return true
  if (given.kind === 'and') return given.operands.some((one) => inner(one, follows))
  if (given.kind === 'holds' && follows.kind === 'holds') return isHeldBy(given, follows, program)
  if (given.kind === 'obtainable' && follows.kind === 'obtainable') {
    const [had, asked] = [given.fact, follows.fact]
    if (had.kind !== 'scope' || asked.kind !== 'scope') return false
    return program.scopes.some(({ scope, includedIn }) => scope === asked.scope && includedIn.includes(had.scope))
  }
  return false
}

function isConstant(expr: Expr, value: boolean): boolean {
  return expr.kind === 'constant' && expr.value.kind === 'boolean' && expr.value.value === value
}

/** `writer` on something makes one a `reader` of it. */
function isHeldBy(given: Holds, follows: Holds, { roles }: Pick<Program, 'roles'>): boolean {
  if (given.permission || follows.permission || !isSame(given.subject, follows.subject)) return false
  const [type, ...others] = given.types
  if (others.length > 0 || type !== follows.types[0] || follows.types.length > 1) return false
  if (given.of === undefined || follows.of === undefined) {
    if (given.of !== follows.of) return false
  } else if (!isSame(given.of, follows.of)) return false
  const reached = new Set([follows.relation])
  // A Set hands out what is added while it is walked.
  for (const name of reached) {
    const lines = roles.filter((role) => role.type === type && role.name === name && role.except === undefined)
    for (const { condition } of lines)
      for (const one of condition?.kind === 'or' ? condition.operands : condition === undefined ? [] : [condition])
        if (one.kind === 'holds' && !one.permission && isOwn(one)) reached.add(one.relation)
  }
  return reached.has(given.relation)
}

/** Of the one who is judged, on the same entity. */
function isOwn({ subject, of }: Holds): boolean {
  const isActor = subject.kind === 'variable' && subject.name === 'actor'
  return isActor && (of === undefined || (of.kind === 'variable' && of.name === 'resource'))
}
