import { assertNever } from '../base/assert-never.ts'
import type { Expr, VariableName } from './expr.ts'
import type { Program } from './program.ts'

/** Hands out the direct parts of an expression. */
function eachChild(expr: Expr, take: (child: Expr) => void): void {
  switch (expr.kind) {
    case 'constant':
    case 'variable':
    case 'local':
      break
    case 'set':
      expr.elements.forEach(take)
      break
    case 'record':
      for (const { value } of expr.entries) take(value)
      break
    case 'field':
    case 'entities':
    case 'has':
    case 'is':
      take(expr.of)
      break
    case 'index':
      take(expr.of)
      take(expr.key)
      break
    case 'construct':
    case 'interpolate':
      for (const part of expr.parts) if (typeof part !== 'string') take(part)
      break
    case 'builtin':
    case 'host-call':
      expr.args.forEach(take)
      break
    case 'and':
    case 'or':
      expr.operands.forEach(take)
      break
    case 'not':
    case 'recover':
    case 'negate':
      take(expr.operand)
      break
    case 'compare':
    case 'arithmetic':
    case 'coalesce':
      take(expr.left)
      take(expr.right)
      break
    case 'holds':
      take(expr.subject)
      if (expr.of !== undefined) take(expr.of)
      break
    case 'contained':
      take(expr.subject)
      take(expr.within)
      break
    case 'element':
      take(expr.value)
      take(expr.of)
      break
    case 'conditional':
      take(expr.condition)
      take(expr.then)
      take(expr.else)
      break
    case 'some':
    case 'every':
      take(expr.of)
      take(expr.body)
      break
    case 'obtainable':
      if (expr.fact.kind === 'approved') take(expr.fact.body)
      break
    default:
      assertNever(expr)
  }
}

/** The direct parts of an expression. */
export function children(expr: Expr): readonly Expr[] {
  const all: Expr[] = []
  eachChild(expr, (child) => all.push(child))
  return all
}

/** How many nodes are sooner looked through than looked up. */
const few = 24

/** Every node once, however often it is shared. */
export function nodes(root: Expr): readonly Expr[] {
  const found: Expr[] = []
  const open: Expr[] = [root]
  let seen: Set<Expr> | undefined
  const take = (child: Expr): void => {
    open.push(child)
  }
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen === undefined && found.length === few) seen = new Set(found)
    if (seen?.has(next) ?? found.includes(next)) continue
    seen?.add(next)
    found.push(next)
    eachChild(next, take)
  }
  return found
}

/** Looks at every node of the expressions of a program until one is found; at a shared one seldom more than once. */
export function someNode(program: Program, is: (node: Expr) => boolean): boolean {
  const open: Expr[] = []
  const push = (child: Expr): void => {
    open.push(child)
  }
  const within = (root: Expr | undefined): boolean => {
    if (root === undefined) return false
    push(root)
    let looked = 0
    let seen: Set<Expr> | undefined
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (looked++ >= few) {
        seen ??= new Set()
        if (seen.has(next)) continue
        seen.add(next)
      }
      if (is(next)) return true
      eachChild(next, push)
    }
    return false
  }
  return (
    program.rules.some(({ condition, limit }) => within(condition) || within(limit?.by)) ||
    program.roles.some(({ condition, except }) => within(condition) || within(except)) ||
    program.conditions.some(({ body }) => within(body))
  )
}

export function mentions(root: Expr, variable: VariableName): boolean {
  return nodes(root).some((node) => node.kind === 'variable' && node.name === variable)
}

/** The inputs of a request that an expression may read; a name bound in it may be a variable of a URI, or a parameter that the context has. */
export function inputsRead(root: Expr): readonly VariableName[] {
  const read = new Set<VariableName>()
  for (const node of nodes(root)) {
    if (node.kind === 'variable') read.add(node.name)
    if (node.kind === 'local') read.add('uri').add('context')
  }
  return [...read].sort()
}
