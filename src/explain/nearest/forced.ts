import type { Expr } from '../../ir/expr.ts'
import { always, never } from '../../runtime/formula.ts'
import type { Supposing } from '../../runtime/supposing.ts'
import { type Edit, scopeKey } from './edit.ts'

/** Edits that neither facts nor a request can say: rules that are no more, conditions and approvals that are taken as told. */
export function forced(edits: readonly Edit[]): Supposing {
  const fallen = new Set(edits.flatMap((edit) => (edit.kind === 'rule' ? [edit.rule.id] : [])))
  const told = new Map<Expr, Map<string, boolean>>()
  for (const edit of edits) {
    if (edit.kind !== 'condition' && !(edit.kind === 'obtain' && edit.fact.kind === 'approved')) continue
    const scopes = told.get(edit.expr) ?? new Map<string, boolean>()
    told.set(edit.expr, scopes.set(scopeKey(edit.scope), edit.kind === 'obtain' || edit.holds))
  }
  return {
    ...(fallen.size === 0 ? {} : { rule: (_, rule, found) => (fallen.has(rule.id) ? never : found) }),
    ...(told.size === 0
      ? {}
      : {
          condition: (_, expr, scope, found) => {
            const holds = told.get(expr)?.get(scopeKey(scope))
            return holds === undefined ? found : holds ? always : never
          },
        }),
  }
}
