import type { Expr } from '../ir/expr.ts'
import type { RecordField } from '../ir/type.ts'
import type { UriTemplate } from '../ir/uri-template.ts'
import type { Entity, Value } from '../value/value.ts'
import type { Cases } from './cases.ts'
import type { Formula } from './formula.ts'

/** What the names in one body stand for: the one judged, the entity it is about, and what has been bound on the way. */
export interface Scope {
  /** `actor`. */
  readonly subject: Entity
  readonly resource?: Entity
  /** In `delegate` and `deny`. */
  readonly agent?: Entity
  /** None in the body of a role. */
  readonly action?: string
  readonly locals: ReadonlyMap<string, Binding>
  /** What has been evaluated here: a `let` that is used twice is one expression. */
  readonly memo: { cases?: Map<Expr, Cases>; formulas?: Map<Expr, Formula> }
}

export type Binding =
  | { readonly kind: 'value'; readonly value: Value }
  /** A variable of another template of the rule. */
  | { readonly kind: 'absent' }
  /** A parameter of a carried condition that its fact leaves out: the field of `context` with its name. */
  | { readonly kind: 'context'; readonly field: RecordField }
  /** A variable of a URI template, where the URI is not known yet. */
  | { readonly kind: 'uri'; readonly template: UriTemplate; readonly variable: string }

const noLocals: ReadonlyMap<string, Binding> = new Map()

export type Names = Omit<Scope, 'memo' | 'locals'>

export function scopeOf(names: Names, locals: ReadonlyMap<string, Binding> = noLocals): Scope {
  const { subject, resource, agent, action } = names
  return {
    subject,
    ...(resource === undefined ? {} : { resource }),
    ...(agent === undefined ? {} : { agent }),
    ...(action === undefined ? {} : { action }),
    locals,
    memo: {},
  }
}

/** The scope with more names bound in it. */
export function bind(scope: Scope, bindings: Iterable<readonly [string, Binding]>): Scope {
  return scopeOf(scope, new Map([...scope.locals, ...bindings]))
}
