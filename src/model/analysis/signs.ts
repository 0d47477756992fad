import { assertNever } from '../../base/assert-never.ts'
import type { Span } from '../../base/source.ts'
import type { Expr, Holds, Obtainable, Variable } from '../../ir/expr.ts'

/** Which way an occurrence counts: 1 where having it helps the whole to be true, 2 where it helps it to be false, 3 both. */
export type Sign = 1 | 2 | 3

export const positive: Sign = 1
export const negative: Sign = 2
export const both: Sign = 3

/** The parity of the `not`, `unless` and deny above: the sign of something of sign `inner` under `outer`. */
export function under(outer: Sign, inner: Sign): Sign {
  if (outer === positive) return inner
  if (outer === both || inner === both) return both
  return inner === positive ? negative : positive
}

/** What the analyses look at: where a condition depends on other bodies, on the request, or on what can be obtained. */
export interface Occurrence {
  readonly node: Holds | Obtainable | Variable
  readonly sign: Sign
  readonly at: Span
}

/** Every role, permission, obtainable fact and variable in a condition, with the sign it has there. */
export function occurrences(root: Expr): readonly Occurrence[] {
  const found: Occurrence[] = []
  for (const { node, sign } of occurrencesOf(root))
    if (node.kind === 'holds' || node.kind === 'obtainable' || node.kind === 'variable')
      found.push({ node, sign, at: node.at })
  return found
}

/** Every node of a condition, once for each sign it has. */
export function occurrencesOf(root: Expr): readonly { readonly node: Expr; readonly sign: Sign }[] {
  const found: { readonly node: Expr; readonly sign: Sign }[] = []
  const seen = new Map<Expr, number>()
  const open: { readonly node: Expr; readonly sign: Sign }[] = [{ node: root, sign: positive }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, sign } = next
    const before = seen.get(node) ?? 0
    if ((before & (1 << sign)) !== 0) continue
    seen.set(node, before | (1 << sign))
    found.push(next)
    for (const [child, inner] of signedChildren(node)) open.push({ node: child, sign: under(sign, inner) })
  }
  return found
}

/** The parts of an expression with their signs: what can only make it truer or a set larger, the opposite, or either. */
function signedChildren(expr: Expr): readonly (readonly [Expr, Sign])[] {
  const all = (parts: readonly Expr[], sign: Sign) => parts.map((part) => [part, sign] as const)
  switch (expr.kind) {
    case 'constant':
    case 'variable':
    case 'local':
      return []
    case 'and':
    case 'or':
      return all(expr.operands, positive)
    case 'not':
      return [[expr.operand, negative]]
    case 'conditional':
      return [[expr.condition, both], ...all([expr.then, expr.else], positive)]
    case 'some':
      return all([expr.of, expr.body], positive)
    case 'every':
      return [
        [expr.of, negative],
        [expr.body, positive],
      ]
    case 'element':
      return [
        [expr.value, both],
        [expr.of, positive],
      ]
    case 'field':
      return [[expr.of, positive]]
    case 'set':
      return all(expr.elements, both)
    case 'builtin':
      return builtinSigns(expr.name, expr.args)
    case 'obtainable':
      return expr.fact.kind === 'approved' ? [[expr.fact.body, positive]] : []
    case 'holds':
      return all(expr.of === undefined ? [expr.subject] : [expr.subject, expr.of], both)
    case 'contained':
      return all([expr.subject, expr.within], both)
    case 'record':
      return all(
        expr.entries.map((entry) => entry.value),
        both,
      )
    case 'entities':
    case 'has':
    case 'is':
      return [[expr.of, both]]
    case 'index':
      return all([expr.of, expr.key], both)
    case 'construct':
    case 'interpolate':
      return all(
        expr.parts.filter((part) => typeof part !== 'string'),
        both,
      )
    case 'host-call':
      return all(expr.args, both)
    case 'negate':
      return [[expr.operand, both]]
    case 'compare':
    case 'arithmetic':
    case 'coalesce':
      return all([expr.left, expr.right], both)
    default:
      return assertNever(expr)
  }
}

/** Methods of sets that can only become truer, or falser, as the set grows. */
function builtinSigns(name: string, args: readonly Expr[]): readonly (readonly [Expr, Sign])[] {
  const [receiver, other] = args
  if (receiver === undefined) return []
  const rest = (sign: Sign) => (other === undefined ? [] : [[other, sign] as const])
  switch (name) {
    case 'includes':
      return [[receiver, positive], ...rest(both)]
    case 'containsAny':
      return [[receiver, positive], ...rest(positive)]
    case 'containsAll':
      return [[receiver, positive], ...rest(negative)]
    case 'isEmpty':
      return [[receiver, negative]]
    default:
      return args.map((arg) => [arg, both] as const)
  }
}
