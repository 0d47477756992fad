import type { Expr } from '../../ir/expr.ts'
import type { Body } from '../body.ts'
import type { Code } from '../code.ts'
import { known } from '../code.ts'
import { constant } from '../constant.ts'
import { entityTypes } from '../typing.ts'

/**
 * An entity in code that is the same however often it is evaluated: a name, or a literal. `undefined` as code's value only where the
 * request is about no entity.
 */
export function entityCode(body: Body, expr: Expr): Code | undefined {
  switch (expr.kind) {
    case 'constant':
      return expr.value.kind === 'entity' ? constant(body, expr) : undefined
    case 'variable':
      if (expr.name === 'actor') {
        if (body.direct !== undefined) body.direct.asksActor = true
        return known('s')
      }
      if (expr.name === 'agent') return known('g')
      return expr.name === 'resource' && body.names.resource.length > 0 ? known('e') : undefined
    case 'local':
      // What a fact carries, or the context, may be none.
      if (body.carried?.has(expr.name)) return undefined
      return entityTypes(body.module.program, expr, body.names) === undefined ? undefined : body.locals.get(expr.name)
    default:
      return undefined
  }
}
