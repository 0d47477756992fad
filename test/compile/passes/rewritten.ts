import type { Expr } from '../../../src/ir/expr.ts'
import type { Program } from '../../../src/ir/program.ts'

/** The program with every condition rewritten. */
export function rewritten(program: Program, rewrite: (condition: Expr) => Expr): Program {
  return {
    ...program,
    rules: program.rules.map((rule) => ({ ...rule, condition: rewrite(rule.condition) })),
    roles: program.roles.map(({ condition, except, ...role }) => ({
      ...role,
      ...(condition === undefined ? {} : { condition: rewrite(condition) }),
      ...(except === undefined ? {} : { except: rewrite(except) }),
    })),
  }
}

/** The same expression, told apart from others of its kind by where it stands. */
export function standingAt(expr: Expr, start: number): Expr {
  return { ...expr, at: { file: 'test', start, end: start + 1 } }
}
