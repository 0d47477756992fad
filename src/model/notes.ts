import type { Span } from '../base/source.ts'
import type { RecordField } from '../ir/type.ts'
import type { Documented, Expr } from '../syntax/ast.ts'
import type { Checked } from './expression/checked.ts'
import type { Scope } from './expression/scope.ts'

/** What a name stands for. Two names stand for the same if `keyOf` of what they stand for is the same. */
export type Referent =
  | {
      readonly kind: 'type' | 'builtin-type' | 'function' | 'server' | 'group' | 'label' | 'scope'
      readonly name: string
    }
  /** A variable of the request, a claim that every token has, an action of the Model Context Protocol. */
  | { readonly kind: 'variable' | 'claim' | 'mcp-action'; readonly name: string }
  | { readonly kind: 'field'; readonly of: string; readonly name: string }
  /** Without `of`: a global role. */
  | { readonly kind: 'role'; readonly of?: string | undefined; readonly name: string }
  /** One action whatever it is about; `of`: the type on which it is meant here. */
  | { readonly kind: 'action'; readonly of?: string; readonly name: string }
  /** `server`: in whose block it is declared. */
  | { readonly kind: 'let'; readonly server?: string | undefined; readonly name: string }
  /** A parameter, or a variable of a function or a URI template, or a field of a record or an input: told by where it is declared. */
  | { readonly kind: 'parameter' | 'local' | 'key'; readonly name: string; readonly at: Span }
  | { readonly kind: 'builtin'; readonly receiver?: string | undefined; readonly name: string }
  | { readonly kind: 'tool' | 'prompt' | 'resource'; readonly server: string; readonly name: string }
  | { readonly kind: 'argument'; readonly server: string; readonly name: string }
  | { readonly kind: 'entity'; readonly type: string; readonly name: string }
  | { readonly kind: 'file'; readonly name: string }

/** A place where something is declared: all of the declaration, with its documentation. */
export type Declaration = Pick<Documented, 'doc' | 'span'>

/** What checking finds out beside mistakes, for editors: gathered only where somebody wants it. */
export interface Notes {
  /** The text of a span stands for something, as often as it is looked at: a `let` may mean different things in different places. */
  refer(span: Span, referent: Referent): void
  declare(span: Span, referent: Referent, declaration: Declaration): void
  /** Of a field that a record or an input has. */
  field(field: RecordField, referent: Referent): void
  /** What is known of a field that is read, if it was declared in a policy. */
  referentOf(field: RecordField): Referent | undefined
  /** An expression, what came of it, and what it could have named. */
  expression(scope: Scope, expr: Expr, checked: Checked): void
}

export function keyOf(referent: Referent): string {
  const { kind, name } = referent
  switch (kind) {
    case 'field':
    case 'role':
      return `${kind} ${referent.of ?? ''}.${name}`
    case 'let':
    case 'tool':
    case 'prompt':
    case 'resource':
    case 'argument':
      return `${kind} ${referent.server ?? ''}.${name}`
    case 'parameter':
    case 'local':
    case 'key':
      return `${kind} ${referent.at.file} ${referent.at.start} ${name}`
    case 'builtin':
      return `${kind} ${referent.receiver ?? ''}.${name}`
    case 'entity':
      return `${kind} ${referent.type}:${name}`
    default:
      return `${kind} ${name}`
  }
}
