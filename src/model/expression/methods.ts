import { didYouMean } from '../../base/suggest.ts'
import { type BuiltinSignature, builtins } from '../../ir/builtins.ts'
import type { Type } from '../../ir/type.ts'
import type { Lambda, MethodCall } from '../../syntax/ast.ts'
import { declarable } from '../declare/types.ts'
import {
  alternatives,
  boolean,
  elementOf,
  hasDynamic,
  isAll,
  isOpen,
  overlaps,
  type Shape,
  set,
  showShape,
} from '../shape.ts'
import type { Checked } from './checked.ts'
import { checkWritten } from './literal-arguments.ts'
import { regexLiteral } from './literals.ts'
import { impossibleElement, nearestLiteral } from './membership.ts'
import { checkedUnknown, checkedValue, fail, freshLocal, type Scope } from './scope.ts'
import { expected, present } from './use.ts'

/** What other languages call a method that is called otherwise here. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['contains', 'includes'],
  ['has', 'includes'],
  ['size', 'length'],
  ['count', 'length'],
  ['lower', 'toLowerCase'],
  ['test', 'matches'],
  ['match', 'matches'],
])

/** `of.name(…)`: a pure method of a string, a set or a datetime, or a quantifier over a set. */
export function checkMethod(scope: Scope, expr: MethodCall): Checked {
  const of = scope.check(scope, expr.of)
  const name = expr.name.text
  if (of.shape.kind === 'actors')
    return fail(
      scope,
      'role-as-value',
      expr.span,
      `\`${of.shape.name}\` is a set of actors that can only be asked for membership`,
      `\`actor in ${of.shape.name}\``,
    )
  const receiver = present(scope, of)
  const kind = receiverKind(of.shape)
  if (name === 'some' || name === 'every') return checkQuantifier(scope, expr, of, name)
  for (const arg of expr.args)
    if (arg.kind === 'lambda')
      return fail(scope, 'wrong-arguments', arg.span, `\`${name}\` takes no function`, '`some` and `every` do')
  const args = (expr.args as readonly Exclude<(typeof expr.args)[number], Lambda>[]).map((arg) => ({
    checked: arg.kind === 'regex' && name === 'matches' ? regexLiteral(arg) : scope.check(scope, arg),
    written: arg.kind === 'string' || arg.kind === 'regex',
  }))
  if (of.shape.kind === 'unknown') return checkedUnknown(expr.span)
  const named = builtins.filter((b) => b.form === 'method' && b.name === name)
  const found =
    kind === 'json'
      ? named[0]
      : named.find((b) => (kind === 'dynamic' ? b.receiver !== 'string' || b.name === 'like' : b.receiver === kind))
  if (found === undefined) {
    const own = builtins.filter((b) => b.receiver === kind)
    const methods = [...own.map((b) => b.name), ...(kind === 'set' ? ['some', 'every'] : [])]
    const property = own.find((b) => b.form === 'property' && b.name === name)
    const counterpart = elsewhere.get(name)
    return fail(
      scope,
      'unknown-function',
      expr.name.span,
      `${showShape(of.shape)} has no method \`${name}\``,
      property === undefined
        ? (didYouMean(counterpart !== undefined && methods.includes(counterpart) ? counterpart : name, methods) ??
            (named[0]?.receiver === undefined ? undefined : `a ${named[0].receiver} has`))
        : `it is a property: \`.${name}\``,
    )
  }
  scope.report.notes?.refer(expr.name.span, { kind: 'builtin', receiver: found.receiver, name })
  if (args.length !== found.params.length)
    return fail(
      scope,
      'wrong-arguments',
      expr.span,
      `\`${name}\` takes ${found.params.length} argument${found.params.length === 1 ? '' : 's'}, got ${args.length}`,
    )
  const irs = found.params.map((param, i) => {
    const arg = args[i]
    if (arg === undefined) throw new Error('invariant: the number of arguments was checked')
    const compared = typeof param.type === 'string' || (kind === 'json' && named.length > 1)
    const ir = compared
      ? present(scope, arg.checked)
      : expected(scope, arg.checked, param.type as Type, `\`${param.name}\``)
    if (param.type === 'element') comparable(scope, arg.checked, elementOf(of.shape), arg.checked.shape)
    if (param.type === 'receiver') comparableSet(scope, arg.checked, elementOf(of.shape))
    if (param.literal !== undefined && arg.checked.shape.kind !== 'unknown')
      checkWritten(scope, param.literal, ir, arg.written)
    return ir
  })
  const comparesAnything = hasDynamic(of.shape) || args.some(({ checked }) => hasDynamic(checked.shape))
  const builtin = (comparesAnything ? acrossKinds.get(name) : undefined) ?? name
  return checkedValue(found.result, { kind: 'builtin', name: builtin, args: [receiver, ...irs], at: expr.span })
}

/** What the methods of sets are where members of any kind are compared. */
const acrossKinds: ReadonlyMap<string, string> = new Map([
  ['includes', 'includesSame'],
  ['containsAll', 'containsAllSame'],
  ['containsAny', 'containsAnySame'],
])

/** A set that is compared with another of such elements. */
function comparableSet(scope: Scope, arg: Checked, element: Type): void {
  const { shape } = arg
  if (!isAll(shape, 'set')) {
    if (shape.kind !== 'actors')
      fail(scope, 'type-mismatch', arg.span, `expected ${showShape(set(element))}, not ${showShape(shape)}`)
    return
  }
  comparable(
    scope,
    arg,
    element,
    (arg.ir.kind === 'set' && impossibleElement(elementOf(shape), element)) || elementOf(shape),
  )
}

/** Whether what is looked for can be among the elements of a set. */
function comparable(scope: Scope, arg: Checked, element: Type, wanted: Shape): void {
  if (wanted.kind === 'actors' || overlaps(wanted, element)) return
  const help = nearestLiteral(wanted, element)
  fail(scope, 'never-true', arg.span, `${showShape(wanted)} is never among ${showShape(set(element))}`, help)
}

function receiverKind(shape: Shape): BuiltinSignature['receiver'] | 'json' | 'dynamic' {
  if (shape.kind === 'unknown' || shape.kind === 'actors') return undefined
  const kinds = new Set(alternatives(shape).map((t) => (t.kind === 'literal' ? 'string' : t.kind)))
  const [only] = kinds
  if (kinds.size !== 1) return undefined
  return only !== undefined && isReceiver(only) ? only : undefined
}

function isReceiver(kind: Type['kind']): kind is NonNullable<ReturnType<typeof receiverKind>> {
  return kind === 'json' || kind === 'dynamic' || builtins.some(({ receiver }) => receiver === kind)
}

function checkQuantifier(scope: Scope, expr: MethodCall, of: Checked, kind: 'some' | 'every'): Checked {
  const [lambda] = expr.args
  if (expr.args.length !== 1 || lambda?.kind !== 'lambda')
    return fail(scope, 'wrong-arguments', expr.span, `\`${kind}\` takes one function`, `\`.${kind}(x => …)\``)
  if (scope.quantified)
    return fail(scope, 'wrong-arguments', expr.span, 'quantifiers do not nest', 'one deep keeps a policy analysable')
  if (of.shape.kind !== 'unknown' && receiverKind(of.shape) !== 'set' && !isOpen(of.shape))
    return fail(scope, 'type-mismatch', of.span, `${showShape(of.shape)} is no set`)
  const name = freshLocal(scope, `each ${lambda.param.text}`)
  const element = checkedValue(
    of.shape.kind === 'unknown' ? of.shape : elementOf(of.shape),
    { kind: 'local', name, at: lambda.param.span },
    { path: name.slice('each '.length) },
  )
  declarable(scope.report, lambda.param.text, lambda.param.span)
  const locals = new Map([...scope.locals, [lambda.param.text, element]])
  const variable = { kind: 'local', name: lambda.param.text, at: lambda.param.span } as const
  scope.report.notes?.refer(expr.name.span, { kind: 'builtin', receiver: 'set', name: kind })
  scope.report.notes?.declare(lambda.param.span, variable, lambda)
  const bound = [...scope.bound, variable]
  const body = scope.checkCondition({ ...scope, quantified: true, locals, bound }, lambda.body)
  return checkedValue(boolean, { kind, of: of.ir, local: name, body: body.ir, at: expr.span })
}
