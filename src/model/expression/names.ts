import { suggestion } from '../../base/suggest.ts'
import type { Expr as Ir, VariableName } from '../../ir/expr.ts'
import type { NameRef } from '../../syntax/ast.ts'
import type { LetInfo } from '../schema.ts'
import type { Checked } from './checked.ts'
import { callOf } from './function-names.ts'
import { useLet } from './lets.ts'
import { ownMember } from './members.ts'
import { narrowShape } from './narrowing.ts'
import { checkedUnknown, checkedValue, fail, type Scope } from './scope.ts'
import { checkVariable, variableNames } from './variables.ts'

/**
 * A bare name: template and lambda variables and parameters, then `let`s, then the block's own members, then global roles,
 * then the variables of the request. A member that shares its name with something outside is ambiguous.
 */
export function checkName(scope: Scope, expr: NameRef): Checked {
  const { name, span } = expr
  const local = scope.locals.get(name)
  const { notes } = scope.report
  if (local !== undefined) {
    const referent = notes === undefined ? undefined : scope.bound.findLast((one) => one.name === name)
    if (referent !== undefined) notes?.refer(span, referent)
    const shape = local.path === undefined ? local.shape : narrowShape(scope.narrowing, local.path, local.shape)
    return { ...local, shape, ir: { ...local.ir, at: span } as Ir, span }
  }
  const found = findLet(scope, name)
  const role = scope.schema.roles.get(name)
  const member = scope.self === undefined ? undefined : ownMember(scope, scope.self, name, span)
  if (member !== undefined) {
    const outer =
      found !== undefined
        ? 'a `let`'
        : role !== undefined
          ? 'a global role'
          : variableNames.has(name)
            ? 'a variable'
            : undefined
    if (outer === undefined) return member
    return fail(
      scope,
      'ambiguous-name',
      span,
      `\`${name}\` is a member of \`${scope.self}\` and ${outer}`,
      // In the block what is before the dot would be ambiguous, too.
      name === 'resource'
        ? `rename the member, or write the rule outside of the block: \`allow … on ${scope.self} if resource.resource …\``
        : `write \`resource.${name}\` for the member, or rename one`,
    )
  }
  if (found !== undefined) {
    if (found.params !== undefined)
      return fail(scope, 'wrong-arguments', span, `\`${name}\` has parameters`, `call it: \`${name}(…)\``)
    return useLet(scope, found, new Map(), span)
  }
  if (role !== undefined) {
    notes?.refer(span, { kind: 'role', name })
    return globalRole(name, span)
  }
  if (variableNames.has(name)) {
    notes?.refer(span, { kind: 'variable', name })
    return checkVariable(scope, name as VariableName, span)
  }
  if (scope.schema.broken.has(name) || scope.server?.broken.has(name) || scope.schema.lenient)
    return checkedUnknown(span)
  const call = scope.schema.functions.has(name) ? `${name}(…)` : callOf(name)
  if (call !== undefined)
    return fail(scope, 'wrong-arguments', span, `\`${name}\` is a function`, `call it: \`${call}\``)
  if (name === 'anonymous')
    return fail(
      scope,
      'unknown-name',
      span,
      '`anonymous` is no value',
      'write `not (actor is User)` for who has not signed in',
    )
  if (scope.items?.unbound.has(name))
    return fail(
      scope,
      'not-available-here',
      span,
      `\`${name}\` has a value only where every action of a rule is \`read\` or \`subscribe\``,
    )
  return fail(
    scope,
    'unknown-name',
    span,
    `nothing is named \`${name}\` here`,
    variableMeant(name) ?? suggestion(name, namesInScope(scope), span),
  )
}

export function findLet(scope: Scope, name: string): LetInfo | undefined {
  return scope.server?.lets.get(name) ?? scope.schema.lets.get(name)
}

/** What other policy languages call the variables. */
const otherNames: ReadonlyMap<string, VariableName> = new Map([
  ['user', 'actor'],
  ['principal', 'actor'],
  ['subject', 'actor'],
  ['self', 'resource'],
  ['this', 'resource'],
  ['object', 'resource'],
  ['input', 'args'],
  ['arguments', 'args'],
  ['params', 'args'],
])

function variableMeant(name: string): string | undefined {
  const meant = otherNames.get(name)
  return meant === undefined ? undefined : `did you mean \`${meant}\`?`
}

function globalRole(name: string, span: NameRef['span']): Checked {
  const holds = (subject: Ir, at: NameRef['span']): Ir => ({
    kind: 'holds',
    subject,
    types: [],
    relation: name,
    permission: false,
    at,
  })
  return checkedValue(
    { kind: 'actors', name },
    { kind: 'constant', value: { kind: 'boolean', value: false }, at: span },
    { holds },
  )
}

function* namesInScope(scope: Scope): Iterable<string> {
  yield* scope.locals.keys()
  if (scope.server !== undefined) yield* scope.server.lets.keys()
  yield* scope.schema.lets.keys()
  const own = scope.self === undefined ? undefined : scope.schema.types.get(scope.self)
  if (own !== undefined) {
    yield* own.fields.keys()
    yield* own.roles.keys()
    yield* own.permissions
  }
  yield* scope.schema.roles.keys()
  yield* variableNames
}
