import { didYouMean, suggestion } from '../../base/suggest.ts'
import type { CarriedCondition, Assignable as IrAssignable } from '../../ir/program.ts'
import type { Assignable, RoleDeclaration } from '../../syntax/ast.ts'
import type { CheckedRole } from '../checked-policy.ts'
import type { Checked } from '../expression/checked.ts'
import { outermostScope } from '../expression/expression.ts'
import { boundIn } from '../expression/lets.ts'
import { unknownType } from '../expression/literals.ts'
import { checkedValue } from '../expression/scope.ts'
import type { Report } from '../report.ts'
import type { Schema } from '../schema.ts'
import { isRecursive } from './annotations.ts'

export function checkRoles(schema: Schema, report: Report): readonly CheckedRole[] {
  const roles = [...schema.roles.values()].map((role) => checkRole(schema, role, undefined, report))
  for (const type of schema.types.values())
    for (const role of type.roles.values()) roles.push(checkRole(schema, role, type.name, report))
  return roles
}

function checkRole(schema: Schema, role: RoleDeclaration, type: string | undefined, report: Report): CheckedRole {
  const scope = outermostScope(schema, report, type === undefined ? {} : { self: type, resource: [type] })
  const assignable = role.assignable.flatMap((one) => checkAssignable(schema, one, report) ?? [])
  if (role.assignable.length === 0 && role.condition.if === undefined)
    report.add('role-without-holders', role.name.span, `nobody can hold \`${role.name.text}\``, {
      help: `say who can be assigned, \`role ${role.name.text}: User\`, or who derives it, \`role ${role.name.text} if …\``,
    })
  const condition = role.condition.if === undefined ? undefined : scope.checkCondition(scope, role.condition.if)
  const except = role.condition.unless === undefined ? undefined : scope.checkCondition(scope, role.condition.unless)
  return {
    ...(type === undefined ? {} : { type }),
    name: role.name.text,
    contextual: role.contextual,
    assignable,
    ...(condition === undefined ? {} : { condition: condition.ir }),
    ...(except === undefined ? {} : { except: except.ir }),
    ...(isRecursive(role) ? { recursive: true } : {}),
    ...(role.doc === undefined ? {} : { doc: role.doc }),
    at: role.span,
  }
}

function checkAssignable(schema: Schema, one: Assignable, report: Report): IrAssignable | undefined {
  const type = one.type.text
  const info = schema.types.get(type)
  if (info === undefined) {
    unknownType({ schema, report }, type, one.type.span)
    return undefined
  }
  const { notes } = report
  notes?.refer(one.type.span, { kind: 'type', name: type })
  if (one.role !== undefined) notes?.refer(one.role.span, { kind: 'role', of: type, name: one.role.text })
  if (one.when !== undefined) notes?.refer(one.when.span, { kind: 'let', name: one.when.text })
  const when = one.when === undefined ? {} : { when: one.when.text }
  if (one.when !== undefined && !isCarriable(schema, one.when.text, report, one.when.span)) return undefined
  if (one.role !== undefined) {
    if (info.roles.has(one.role.text)) return { kind: 'holders', type, role: one.role.text, ...when }
    if (!info.broken.has(one.role.text) && !info.lenient)
      report.add(
        'unknown-role',
        one.role.span,
        `\`${type}\` has no role \`${one.role.text}\``,
        suggestion(one.role.text, info.roles.keys(), one.role.span),
      )
    return undefined
  }
  if (one.any) {
    if (info.declaration.actor) return { kind: 'any', type, ...when }
    report.add('role-without-holders', one.span, `\`${type}\` is no actor type, so \`any ${type}\` is nobody`)
    return undefined
  }
  if (schema.actorContainers.has(type)) return { kind: 'entity', type, ...when }
  if (!schema.lenient && schema.broken.size === 0)
    report.add('role-without-holders', one.span, `no actor is ever a \`${type}\` or in one, so it can hold nothing`, {
      help: `declare it an actor, say \`actor User in ${type}\`, or name the holders of one of its roles: \`${type}.…\``,
    })
  return undefined
}

function isCarriable(schema: Schema, name: string, report: Report, span: Assignable['span']): boolean {
  const found = schema.lets.get(name)
  if (found?.params !== undefined) return true
  if (schema.broken.has(name) || schema.lenient) return false
  report.add(
    'unknown-function',
    span,
    found === undefined ? `there is no \`let\` named \`${name}\`` : `\`${name}\` has no parameters`,
    {
      help:
        didYouMean(
          name,
          [...schema.lets].flatMap(([n, l]) => (l.params === undefined ? [] : [n])),
        ) ?? `a fact carries a \`let\` with parameters: \`let ${name}(…) = …\``,
    },
  )
  return false
}

/** The `let`s that roles say facts may carry: their parameters come from the fact, else from `context`. */
export function checkConditions(
  schema: Schema,
  roles: readonly CheckedRole[],
  report: Report,
): readonly CarriedCondition[] {
  const names = new Set(roles.flatMap((role) => role.assignable.flatMap((one) => one.when ?? [])))
  return [...names].flatMap((name): CarriedCondition[] => {
    const info = schema.lets.get(name)
    if (info?.params === undefined) return []
    schema.usedLets.add(info)
    const locals = new Map<string, Checked>(
      info.params.map((param) => [
        param.name,
        checkedValue(
          param.type,
          { kind: 'local', name: param.name, at: info.declaration.name.span },
          { optional: param.optional, path: `${param.name}#param` },
        ),
      ]),
    )
    const scope = outermostScope(schema, report, { locals, bound: boundIn(info), expanding: [info] })
    return [{ name, params: info.params, body: scope.checkCondition(scope, info.declaration.value).ir }]
  })
}
