import type { Expr, Holds } from '../ir/expr.ts'
import { type Body, isMentioned } from './body.ts'
import type { Code } from './code.ts'
import { js } from './code.ts'
import type { Truth } from './expression.ts'
import { place } from './site.ts'

/**
 * What a condition may depend on: `own` and `delegated` are what the subject may do itself, and what the agents may for it; `held` is a
 * role of an entity of which something is known.
 */
export interface Atom {
  readonly kind: 'role' | 'held' | 'own' | 'delegated' | 'nested'
  /** None for a global role. */
  readonly type?: string
  readonly name: string
}

/** Somebody holds a role or permission on an entity: a call of the function that the role or permission is. */
export function atomOf(body: Body, expr: Holds, entity: Code | undefined, subject: Code): Truth {
  const { module } = body
  const member = entity ?? js`undefined`
  const isOpen = expr.types.length !== 1 || (expr.of !== undefined && mayBeAnother(expr.of))
  if (!expr.permission) {
    const of = entity === undefined ? undefined : isOpen ? null : expr.types[0]
    if (of === null) {
      return { code: js`${module.anyType('role', expr.relation)}(${member}, ${subject})`, sure: false }
    }
    const kind = of === undefined || isMentioned(body, member) ? 'held' : 'role'
    const atom: Atom = { kind, name: expr.relation, ...(of === undefined ? {} : { type: of }) }
    return { code: js`${module.atom(atom)}(${member}, ${subject})`, sure: false }
  }
  const [type] = expr.types
  const name =
    type === undefined || isOpen
      ? module.anyType('nested', expr.relation)
      : module.atom({ kind: 'nested', type, name: expr.relation })
  return { code: js`${name}(${member}, ${subject}, ${place(body, expr)})`, sure: false }
}

/**
 * The entity may be of another type than the policy says: the actor may be anonymous, and a role may be asked about whoever is no
 * actor at all. What is read from facts and requests is of its type.
 */
function mayBeAnother(of: Expr): boolean {
  switch (of.kind) {
    case 'variable':
      return of.name === 'actor'
    case 'local':
    case 'set':
      return true
    case 'conditional':
      return mayBeAnother(of.then) || mayBeAnother(of.else)
    case 'coalesce':
      return mayBeAnother(of.left) || mayBeAnother(of.right)
    default:
      return false
  }
}
