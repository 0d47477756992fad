import type { Code } from '../../base/codes.ts'
import type { More } from '../../base/diagnostic.ts'
import type { Span } from '../../base/source.ts'
import type { Expr as Ir } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import type { Expr } from '../../syntax/ast.ts'
import type { Referent } from '../notes.ts'
import type { Report } from '../report.ts'
import type { LetInfo, Schema, ServerInfo } from '../schema.ts'
import { type Shape, unknown } from '../shape.ts'
import type { Checked } from './checked.ts'
import type { Narrowed, Narrowing } from './narrowing.ts'

/** What an expression may name in the place where it stands. */
export interface Scope {
  readonly schema: Schema
  readonly report: Report
  /** The entity type whose block this is: its members go by their bare names. */
  readonly self: string | undefined
  /** What `resource` may be; none where there is no such variable. */
  readonly resource: readonly string[] | undefined
  /** What `action` may be. */
  readonly actions: readonly string[] | undefined
  /** Nobody acts: in an expectation of a `test`, which names all it is about. */
  readonly nobody: boolean
  /** `agent` may be named: in `delegate` and `deny`. */
  readonly agent: boolean
  readonly server: ServerInfo | undefined
  readonly items: ItemScope | undefined
  /** Template variables, lambda variables, and the parameters of the `let` that is being expanded. */
  readonly locals: ReadonlyMap<string, Checked>
  /** What locals stand for, for notes: the innermost of a name is the last. */
  readonly bound: readonly (Referent & { readonly kind: 'parameter' | 'local' })[]
  readonly narrowing: Narrowing | undefined
  /** Inside the function of a `some` or `every`. */
  readonly quantified: boolean
  readonly rule: RuleState
  /** Lets being expanded, outermost first. */
  readonly expanding: readonly LetInfo[]
  /** Checks an expression as a value. Handed down, since the parts of the checker call each other in a circle. */
  readonly check: (scope: Scope, expr: Expr) => Checked
  /** Checks an expression where a condition is wanted. */
  readonly checkCondition: (scope: Scope, expr: Expr) => Checked
}

/** Variables of a server block, as far as the rule's targets have them. */
export interface ItemScope {
  readonly args: Type | undefined
  readonly tool: boolean
  readonly prompt: boolean
  readonly uri: boolean
  /** Variables of its URI templates that have no value, since the rule is about more than reading resources. */
  readonly unbound: ReadonlySet<string>
}

/** What one rule, role or `let` uses up and shares while it is checked. */
export interface RuleState {
  nodes: number
  locals: number
  /** A `let` without parameters, used twice with the same knowledge, is one node of the IR. None as long as there is none. */
  lets: Map<LetInfo, UsedLet> | undefined
}

interface UsedLet {
  readonly narrowing: Narrowing | undefined
  readonly quantified: boolean
  readonly checked: Checked
}

export function ruleState(): RuleState {
  return { nodes: 0, locals: 0, lets: undefined }
}

/** A name that no other local of the rule has. */
export function freshLocal(scope: Scope, name: string): string {
  scope.rule.locals += 1
  return `${name}#${scope.rule.locals}`
}

/** A plain value: present, unnamed, telling nothing of others. */
export function checkedValue(shape: Shape, ir: Ir, more: Partial<Checked> = plain): Checked {
  // Written out, so that all are of one form: there is one for each node of a policy.
  return {
    shape,
    ir,
    span: ir.at,
    optional: more.optional ?? false,
    complain: more.complain,
    path: more.path,
    entities: more.entities,
    stored: more.stored ?? false,
    holds: more.holds,
    whenTrue: more.whenTrue ?? nothing,
    whenFalse: more.whenFalse ?? nothing,
  }
}

const plain: Partial<Checked> = {}
const nothing: readonly Narrowed[] = []

/** Stands for what has been reported. */
export function checkedUnknown(at: Span): Checked {
  return checkedValue(unknown, { kind: 'constant', value: { kind: 'boolean', value: false }, at })
}

export function fail(
  scope: Scope,
  code: Code,
  span: Span,
  message: string,
  help?: string | Pick<More, 'help' | 'fix'>,
  related?: { readonly span: Span; readonly message: string },
): Checked {
  const more = typeof help === 'string' ? { help } : help
  scope.report.add(code, span, message, { ...more, related: related === undefined ? undefined : [related] })
  return checkedUnknown(span)
}
