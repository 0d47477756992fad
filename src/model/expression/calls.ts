import { didYouMean } from '../../base/suggest.ts'
import { builtins } from '../../ir/builtins.ts'
import type { Expr as Ir } from '../../ir/expr.ts'
import type { RecordField } from '../../ir/type.ts'
import type { Call, Expr } from '../../syntax/ast.ts'
import { printExpression } from '../../syntax/print.ts'
import { boolean, entityNamesOf, showShape } from '../shape.ts'
import type { Checked } from './checked.ts'
import { obtainableNames } from './function-names.ts'
import { useLet } from './lets.ts'
import { checkLiteral } from './literal-arguments.ts'
import { findLet } from './names.ts'
import { checkRecover } from './recover.ts'
import { checkedUnknown, checkedValue, fail, freshLocal, type Scope } from './scope.ts'
import { asEntities, expected, present } from './use.ts'

/** `f(…)`: a `let` with parameters, a host function, a built-in, or a fact that the caller can go and get. */
export function checkCall(scope: Scope, expr: Call): Checked {
  const name = expr.function.text
  const found = findLet(scope, name)
  if (found?.params !== undefined) return callLet(scope, expr, found.params, found)
  const host = scope.schema.functions.get(name)
  const { notes } = scope.report
  if (host !== undefined) {
    notes?.refer(expr.function.span, { kind: 'function', name })
    if (!countFits(scope, expr, host.params)) return checkedUnknown(expr.span)
    const args = host.params.slice(0, expr.args.length).map((param, i) => {
      return argument(scope, scope.check(scope, expr.args[i] as Expr), param)
    })
    return checkedValue(host.result, { kind: 'host-call', function: name, args, at: expr.span })
  }
  const fact = name === 'recover' ? checkRecover : obtainables.get(name)
  if (fact !== undefined) {
    notes?.refer(expr.function.span, { kind: 'builtin', name })
    return fact(scope, expr)
  }
  const builtin = builtins.find((b) => b.form === 'function' && b.name === name)
  if (builtin !== undefined) {
    notes?.refer(expr.function.span, { kind: 'builtin', name })
    if (!countFits(scope, expr, builtin.params)) return checkedUnknown(expr.span)
    const args = builtin.params.map((param, i) => {
      const arg = scope.check(scope, expr.args[i] as Expr)
      const ir =
        typeof param.type === 'string' ? present(scope, arg) : expected(scope, arg, param.type, `\`${param.name}\``)
      checkLiteral(scope, name, ir)
      return ir
    })
    return checkedValue(builtin.result, { kind: 'builtin', name, args, at: expr.span })
  }
  for (const arg of expr.args) scope.check(scope, arg)
  if (scope.schema.broken.has(name) || scope.server?.broken.has(name) || scope.schema.lenient)
    return checkedUnknown(expr.span)
  if (found !== undefined)
    return fail(
      scope,
      'wrong-arguments',
      expr.span,
      `\`${name}\` has no parameters`,
      `write \`${name}\` without parentheses`,
    )
  return fail(
    scope,
    'unknown-function',
    expr.function.span,
    `there is no function \`${name}\``,
    didYouMean(name, [
      ...builtins.filter((b) => b.form === 'function').map((b) => b.name),
      ...obtainableNames,
      'recover',
      ...scope.schema.functions.keys(),
      ...scope.schema.lets.keys(),
      ...(scope.server?.lets.keys() ?? []),
    ]),
  )
}

function callLet(
  scope: Scope,
  expr: Call,
  params: NonNullable<Parameters<typeof useLet>[1]['params']>,
  info: Parameters<typeof useLet>[1],
): Checked {
  if (!countFits(scope, expr, params)) return checkedUnknown(expr.span)
  const args = new Map<string, Checked>()
  params.forEach((param, i) => {
    const given = expr.args[i]
    const at = given?.span ?? expr.span
    if (given === undefined) {
      args.set(param.name, checkedValue(param.type, absent(at), { optional: true }))
      return
    }
    const arg = scope.check(scope, given)
    const ir = argument(scope, arg, param)
    args.set(
      param.name,
      checkedValue(arg.shape.kind === 'actors' || arg.shape.kind === 'unknown' ? arg.shape : param.type, ir, {
        optional: param.optional && arg.optional,
        path: arg.path ?? freshLocal(scope, param.name),
        stored: arg.stored,
        entities: arg.entities,
      }),
    )
  })
  return useLet(scope, info, args, expr.span)
}

/** An argument for a parameter: of its type, and absent only where the parameter may be left out. */
function argument(scope: Scope, arg: Checked, param: RecordField): Ir {
  const mayBeAbsent = param.optional && arg.optional && arg.complain === undefined
  return expected(scope, mayBeAbsent ? { ...arg, optional: false } : arg, param.type, `\`${param.name}\``)
}

/** Nothing: a field that an empty record does not have. */
function absent(at: Ir['at']): Ir {
  const of: Ir = { kind: 'record', entries: [], at }
  return { kind: 'field', of, name: 'none', type: { kind: 'json' }, optional: true, relation: false, chain: false, at }
}

function countFits(
  scope: Scope,
  expr: Call,
  params: readonly { readonly name: string; readonly optional?: boolean }[],
): boolean {
  const least = params.filter((p) => p.optional !== true).length
  const got = expr.args.length
  if (got >= least && got <= params.length) return true
  const wanted = least === params.length ? `${least}` : `${least} to ${params.length}`
  const list = params.map((p) => p.name).join(', ')
  fail(
    scope,
    'wrong-arguments',
    expr.span,
    `\`${expr.function.text}\` takes ${wanted} argument${wanted === '1' ? '' : 's'}, got ${got}`,
    `\`${expr.function.text}(${list})\``,
  )
  return false
}

type CheckFact = (scope: Scope, expr: Call) => Checked

/** The text of an argument that has to be written out in the policy. */
function writtenText(scope: Scope, expr: Call): string | undefined {
  const [arg] = expr.args
  if (expr.args.length === 1 && arg?.kind === 'string' && arg.parts.every((part) => part.kind === 'text'))
    return arg.parts.map((part) => (part.kind === 'text' ? part.value : '')).join('')
  fail(
    scope,
    'wrong-arguments',
    expr.span,
    `\`${expr.function.text}\` takes one string, written out`,
    `such as \`${expr.function.text}("…")\`, so that what is missing can be named`,
  )
  return undefined
}

const obtainables: ReadonlyMap<string, CheckFact> = new Map<(typeof obtainableNames)[number], CheckFact>([
  [
    'scope',
    (scope, expr) => {
      const text = writtenText(scope, expr)
      if (text === undefined) return checkedUnknown(expr.span)
      scope.report.notes?.refer(expr.args[0]?.span ?? expr.span, { kind: 'scope', name: text })
      return checkedValue(boolean, { kind: 'obtainable', fact: { kind: 'scope', scope: text }, at: expr.span })
    },
  ],
  [
    'acr',
    (scope, expr) => {
      const text = writtenText(scope, expr)
      if (text === undefined) return checkedUnknown(expr.span)
      return checkedValue(boolean, { kind: 'obtainable', fact: { kind: 'acr', acr: text }, at: expr.span })
    },
  ],
  [
    'authAge',
    (scope, expr) =>
      fail(scope, 'wrong-arguments', expr.span, '`authAge()` can only be bounded', 'write `authAge() <= 5m`'),
  ],
  [
    'confirmed',
    (scope, expr) => {
      if (!countFits(scope, expr, [])) return checkedUnknown(expr.span)
      return checkedValue(boolean, { kind: 'obtainable', fact: { kind: 'confirmed' }, at: expr.span })
    },
  ],
  ['approvedBy', checkApprovedBy],
])

const mostApprovers = 100

function checkApprovedBy(scope: Scope, expr: Call): Checked {
  const [by, least] = expr.args
  if (!countFits(scope, expr, [{ name: 'set' }, { name: 'n', optional: true }]) || by === undefined)
    return checkedUnknown(expr.span)
  const count = least === undefined ? 1 : least.kind === 'int' ? Number(least.value) : Number.NaN
  if (!(count >= 1 && count <= mostApprovers))
    return fail(
      scope,
      'wrong-arguments',
      least?.span ?? expr.span,
      `the number of approvers is 1 to ${mostApprovers}, written out`,
    )
  const set = scope.check(scope, by)
  if (set.shape.kind === 'unknown') return checkedUnknown(expr.span)
  const local = freshLocal(scope, 'approver')
  const approver: Ir = { kind: 'local', name: local, at: by.span }
  const names = entityNamesOf(set.shape)
  let body: Ir
  if (set.holds !== undefined) body = set.holds(approver, by.span)
  else if (names !== undefined) {
    if (!names.some((name) => scope.schema.actorContainers.has(name)))
      return fail(scope, 'never-true', by.span, `no actor is ever in ${showShape(set.shape)}`)
    body = { kind: 'contained', subject: approver, within: asEntities(set), at: by.span }
  } else return fail(scope, 'type-mismatch', by.span, `${showShape(set.shape)} is no set of actors`)
  return checkedValue(boolean, {
    kind: 'obtainable',
    fact: { kind: 'approved', count, local, body, of: printExpression(by) },
    at: expr.span,
  })
}
