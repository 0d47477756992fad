/** What a Cedar policy is: its tree, with integers exact and every form in one shape. */

export interface Uid {
  readonly type: string
  readonly id: string
}

export type Variable = 'principal' | 'action' | 'resource' | 'context'

export type Binary =
  | '=='
  | '!='
  | 'in'
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||'
  | '+'
  | '-'
  | '*'
  | 'contains'
  | 'containsAll'
  | 'containsAny'
  | 'getTag'
  | 'hasTag'

export type Expr =
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'long'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'entity'; readonly uid: Uid }
  | { readonly kind: 'variable'; readonly name: Variable }
  | { readonly kind: 'unary'; readonly operator: '!' | 'neg' | 'isEmpty'; readonly operand: Expr }
  | { readonly kind: 'binary'; readonly operator: Binary; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'attribute'; readonly of: Expr; readonly name: string }
  /** `of has a.b`: each present in the one before. */
  | { readonly kind: 'has'; readonly of: Expr; readonly path: readonly string[] }
  /** Texts, and between them any run of characters. */
  | { readonly kind: 'like'; readonly of: Expr; readonly pattern: readonly PatternPart[] }
  | { readonly kind: 'is'; readonly of: Expr; readonly type: string; readonly in?: Expr }
  | { readonly kind: 'if'; readonly condition: Expr; readonly then: Expr; readonly otherwise: Expr }
  | { readonly kind: 'set'; readonly elements: readonly Expr[] }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [string, Expr])[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[] }

export type PatternPart = { readonly wildcard: true } | { readonly wildcard: false; readonly text: string }

/** Of the principal or the resource. */
export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: '=='; readonly to: Uid | Slot }
  | { readonly kind: 'in'; readonly to: Uid | Slot }
  | { readonly kind: 'is'; readonly type: string; readonly in?: Uid | Slot }

/** What a link fills in. */
export interface Slot {
  readonly slot: '?principal' | '?resource'
}

export type ActionScope =
  | { readonly kind: 'all' }
  | { readonly kind: '=='; readonly to: Uid }
  | { readonly kind: 'in'; readonly to: readonly Uid[] }

export interface Clause {
  readonly kind: 'when' | 'unless'
  readonly body: Expr
}

export interface Policy {
  /** As Cedar has it: `policy0`, or the name of the link. */
  readonly id: string
  /** What `@id` says. */
  readonly named?: string
  readonly effect: 'permit' | 'forbid'
  readonly principal: Scope
  readonly action: ActionScope
  readonly resource: Scope
  readonly clauses: readonly Clause[]
  /** All but `id`. */
  readonly annotations: readonly (readonly [string, string])[]
  readonly comments: readonly string[]
  /** Where it stands in its source. */
  readonly at: number
  readonly end: number
  /** It has slots. */
  readonly template: boolean
}

export function isAction({ type }: Uid): boolean {
  return type === 'Action' || type.endsWith('::Action')
}

export function isSlot(of: Uid | Slot): of is Slot {
  return 'slot' in of
}

/** Every part of an expression, itself first. */
export function* partsOf(expr: Expr): Iterable<Expr> {
  const open: Expr[] = [expr]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next
    open.push(...childrenOf(next))
  }
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'unary':
      return [expr.operand]
    case 'binary':
      return [expr.left, expr.right]
    case 'attribute':
    case 'has':
    case 'like':
      return [expr.of]
    case 'is':
      return expr.in === undefined ? [expr.of] : [expr.of, expr.in]
    case 'if':
      return [expr.condition, expr.then, expr.otherwise]
    case 'set':
      return expr.elements
    case 'record':
      return expr.entries.map(([, value]) => value)
    case 'call':
      return expr.args
    default:
      return []
  }
}
