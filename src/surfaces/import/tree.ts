import type { Span } from '../../index.ts'
import type {
  Annotation,
  Assignable,
  BinaryOperator,
  Documented,
  EntityLiteral,
  Expr,
  FactEntry,
  FactValue,
  Field,
  Key,
  Lambda,
  MethodCall,
  Name,
  NameRef,
  RecordLiteral,
  RoleDeclaration,
  Rule,
  StringLiteral,
  Text,
  TypeExpr,
} from '../../syntax/ast.ts'
import { bareWord, reserved } from './names.ts'

/** Parts of the syntax tree of a policy that is being written: they stand nowhere yet. */

export const span: Span = { file: '', start: 0, end: 0 }

export function name(text: string): Name {
  return { text, span }
}

export function text(value: string): Text {
  return { value, span }
}

/** A name that can stand as a word does, any other one in quotes. */
export function key(text: string): Key {
  return { text, quoted: !bareWord(text), span }
}

/** What stands before a statement: its documentation and its marks. */
export function lead(comments: readonly string[], marks: readonly string[] = []): Documented {
  const annotations = marks.map((mark): Annotation => ({ name: name(mark), span }))
  return comments.length === 0 ? { annotations, span } : { doc: comments.join('\n'), annotations, span }
}

export function ref(name: string): NameRef {
  return { kind: 'name', name, span }
}

/** `of.name`, or `of["a name"]`. */
export function member(of: Expr, field: string): Expr {
  if (bareWord(field)) return { kind: 'member', of, name: name(field), optional: false, span }
  return index(of, string(field))
}

export function index(of: Expr, at: Expr): Expr {
  return { kind: 'index', of, index: at, span }
}

export function has(of: Expr, field: string): Expr {
  return { kind: 'has', of, key: key(field), span }
}

export function is(of: Expr, type: string): Expr {
  return { kind: 'is', of, type: name(type), span }
}

export function method(of: Expr, called: string, ...args: readonly (Expr | Lambda)[]): MethodCall {
  return { kind: 'method', of, name: name(called), optional: false, args, span }
}

export function call(called: string, ...args: readonly Expr[]): Expr {
  return { kind: 'call', function: name(called), args, span }
}

export function lambda(param: string, body: Expr): Lambda {
  return { kind: 'lambda', param: name(param), body, span }
}

export function binary(operator: BinaryOperator, left: Expr, right: Expr): Expr {
  // `a and (b and c)` is `a and b and c`.
  if ((operator === 'and' || operator === 'or') && right.kind === 'binary' && right.operator === operator)
    return binary(operator, binary(operator, left, right.left), right.right)
  return { kind: 'binary', operator, left, right, span }
}

/** At least one operand, joined from the left. */
export function joined(operator: 'and' | 'or', operands: readonly Expr[]): Expr {
  return operands.reduce((left, right) => binary(operator, left, right))
}

export function not(operand: Expr): Expr {
  if (operand.kind === 'unary' && operand.operator === 'not') return operand.operand
  return { kind: 'unary', operator: 'not', operand, span }
}

export function negative(operand: Expr): Expr {
  return { kind: 'unary', operator: '-', operand, span }
}

export function conditional(condition: Expr, then: Expr, otherwise: Expr): Expr {
  return { kind: 'conditional', condition, then, else: otherwise, span }
}

export function string(value: string): StringLiteral {
  return { kind: 'string', parts: value === '' ? [] : [{ kind: 'text', value }], span }
}

export function boolean(value: boolean): Expr {
  return { kind: 'boolean', value, span }
}

/** A literal has no sign of its own. */
export function int(value: bigint): Expr {
  if (value >= 0n) return { kind: 'int', value, span }
  return negative({ kind: 'int', value: -value, span })
}

export function number(value: number): Expr {
  if (value >= 0) return { kind: 'number', value, span }
  return negative({ kind: 'number', value: -value, span })
}

export function set(elements: readonly Expr[]): Expr {
  return { kind: 'set', elements, span }
}

export function record(entries: Iterable<readonly [string, Expr]>): RecordLiteral {
  return { kind: 'record', entries: [...entries].map(([name, value]) => ({ key: key(name), value })), span }
}

export function entity(type: string, id: string): EntityLiteral {
  return { kind: 'entity-literal', type, id, span }
}

export function typeName(name: string): TypeExpr {
  return { kind: 'type-name', name, span }
}

export function setOf(of: TypeExpr): TypeExpr {
  return { kind: 'type-set', of, span }
}

export function union(of: readonly TypeExpr[]): TypeExpr {
  const [only] = of
  return only !== undefined && of.length === 1 ? only : { kind: 'type-union', of, span }
}

export function field(of: string, type: TypeExpr, optional: boolean, before: Documented = lead([])): Field {
  const quoted = !bareWord(of) || reserved.has(of)
  return { kind: 'field', contextual: false, name: name(of), quoted, optional, type, ...before }
}

export function role(
  called: string,
  assignable: readonly Assignable[],
  condition: RoleDeclaration['condition'],
  before: Documented,
): RoleDeclaration {
  return { kind: 'role', contextual: false, name: name(called), assignable, condition, ...before }
}

/** A rule of an entity block. */
export function allow(action: string, condition: Rule['condition'], before: Documented): Rule {
  return {
    ...{ kind: 'rule', verb: 'allow', verbSpan: span, actions: [name(action)], actionsSpan: span },
    ...{ target: { kind: 'block' }, condition, ...before },
  } as const
}

/** One fact stands by itself, several in brackets. */
export function entry(of: string, values: readonly FactValue[]): FactEntry {
  return { key: key(of), values, list: values.length !== 1, span }
}
