import type { Holds } from '../ir/expr.ts'
import type { Body } from './body.ts'
import type { Code } from './code.ts'
import { js } from './code.ts'
import type { Truth } from './expression.ts'
import { place } from './site.ts'

/** What a condition may depend on: `own` and `delegated` are what the subject may do itself, and what the agents may for it. */
export interface Atom {
  readonly kind: 'role' | 'own' | 'delegated' | 'nested'
  /** None for a global role. */
  readonly type?: string
  readonly name: string
}

/** Somebody holds a role or permission on an entity: a call of the function that the role or permission is. */
export function atomOf(body: Body, expr: Holds, entity: Code | undefined, subject: Code): Truth {
  const { module } = body
  const member = entity ?? js`undefined`
  if (!expr.permission) {
    const of = entity === undefined ? undefined : expr.types.length === 1 ? expr.types[0] : null
    if (of === null) {
      return { code: js`${module.anyType('role', expr.relation)}(${member}, ${subject})`, sure: false }
    }
    const atom: Atom = { kind: 'role', name: expr.relation, ...(of === undefined ? {} : { type: of }) }
    return { code: js`${module.atom(atom)}(${member}, ${subject})`, sure: false }
  }
  const [type, ...others] = expr.types
  const name =
    type === undefined || others.length > 0
      ? module.anyType('nested', expr.relation)
      : module.atom({ kind: 'nested', type, name: expr.relation })
  return { code: js`${name}(${member}, ${subject}, ${place(body, expr)})`, sure: false }
}
