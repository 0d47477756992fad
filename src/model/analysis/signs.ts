import { assertNever } from '../../base/assert-never.ts'
import type { Builtin, Expr, Holds, Obtainable, Variable } from '../../ir/expr.ts'

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

/** What the analyses look at: where a condition depends on other bodies, on the request, on what can be obtained, or on a match. */
export interface Occurrence {
  readonly node: Holds | Obtainable | Variable | Builtin
  readonly sign: Sign
}

const requestVariables: ReadonlySet<string> = new Set([
  'token',
  'agent',
  'session',
  'args',
  'tool',
  'prompt',
  'uri',
  'client',
])

/** Nodes of an expression that are walked before it is worth knowing which of them are shared. */
const few = 64

/**
 * Every role, permission, obtainable fact, `matches`, and variable of this request in a condition, with each sign that it has
 * there. A condition is walked once, whatever is asked of it; a large one shares its parts, of which none is walked twice.
 */
export function occurrences(root: Expr): readonly Occurrence[] {
  let found: Occurrence[] | undefined
  const add = (node: Occurrence['node'], sign: Sign): void => {
    // As large as it has to be: there is one for every rule.
    if (found === undefined) found = [{ node, sign }]
    else found.push({ node, sign })
  }
  let seen: Map<Expr, number> | undefined
  let walked = 0
  const nodes: Expr[] = [root]
  const signs: Sign[] = [positive]
  const push = (node: Expr, sign: Sign): void => {
    nodes.push(node)
    signs.push(sign)
  }
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const sign = signs.pop() ?? both
    if (isLeaf(node)) {
      if (node.kind === 'variable' && requestVariables.has(node.name)) add(node, sign)
      continue
    }
    walked += 1
    if (walked > few) {
      seen ??= new Map()
      const before = seen.get(node) ?? 0
      if ((before & (1 << sign)) !== 0) continue
      seen.set(node, before | (1 << sign))
    }
    if (node.kind === 'holds' || node.kind === 'obtainable' || (node.kind === 'builtin' && node.name === 'matches'))
      add(node, sign)
    pushParts(node, sign, push)
  }
  return found ?? none
}

const none: readonly Occurrence[] = []

type Leaf = Expr & { readonly kind: 'constant' | 'variable' | 'local' }

function isLeaf(node: Expr): node is Leaf {
  return node.kind === 'constant' || node.kind === 'variable' || node.kind === 'local'
}

type Push = (part: Expr, sign: Sign) => void

/** The parts of an expression of that sign with theirs: what can only make it truer or a set larger, the opposite, or either. */
function pushParts(expr: Exclude<Expr, Leaf>, sign: Sign, push: Push): void {
  switch (expr.kind) {
    case 'and':
    case 'or':
      pushAll(expr.operands, sign, push)
      break
    case 'not':
      push(expr.operand, under(sign, negative))
      break
    case 'recover':
      push(expr.operand, sign)
      break
    case 'conditional':
      push(expr.condition, both)
      push(expr.then, sign)
      push(expr.else, sign)
      break
    case 'some':
      push(expr.of, sign)
      push(expr.body, sign)
      break
    case 'every':
      push(expr.of, under(sign, negative))
      push(expr.body, sign)
      break
    case 'element':
      push(expr.value, both)
      push(expr.of, sign)
      break
    case 'field':
      push(expr.of, sign)
      break
    case 'set':
      pushAll(expr.elements, both, push)
      break
    case 'builtin':
      pushArguments(expr, sign, push)
      break
    case 'obtainable':
      if (expr.fact.kind === 'approved') push(expr.fact.body, sign)
      break
    case 'holds':
      push(expr.subject, both)
      if (expr.of !== undefined) push(expr.of, both)
      break
    case 'contained':
      push(expr.subject, both)
      push(expr.within, both)
      break
    case 'record':
      for (const { value } of expr.entries) push(value, both)
      break
    case 'entities':
    case 'has':
    case 'is':
      push(expr.of, both)
      break
    case 'index':
      push(expr.of, both)
      push(expr.key, both)
      break
    case 'construct':
    case 'interpolate':
      pushAll(expr.parts, both, push)
      break
    case 'host-call':
      pushAll(expr.args, both, push)
      break
    case 'negate':
      push(expr.operand, both)
      break
    case 'compare':
    case 'arithmetic':
    case 'coalesce':
      push(expr.left, both)
      push(expr.right, both)
      break
    default:
      assertNever(expr)
  }
}

function pushAll(parts: readonly (Expr | string)[], sign: Sign, push: Push): void {
  for (const part of parts) if (typeof part !== 'string') push(part, sign)
}

/** Methods of sets can only become truer, or falser, as the set grows. */
function pushArguments({ name, args }: Builtin, sign: Sign, push: Push): void {
  const [receiver, other] = methodSigns.get(name) ?? []
  args.forEach((arg, i) => {
    push(arg, under(sign, (i === 0 ? receiver : i === 1 ? other : undefined) ?? both))
  })
}

/** Of the receiver and of the first argument. */
const methodSigns: ReadonlyMap<string, readonly [Sign, Sign]> = new Map<string, readonly [Sign, Sign]>([
  ['includes', [positive, both]],
  ['containsAny', [positive, positive]],
  ['containsAll', [positive, negative]],
  ['isEmpty', [negative, both]],
])
