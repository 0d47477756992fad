import { suggestion } from '../../base/suggest.ts'
import type { EntityDeclaration, Field, Name, RoleDeclaration, Rule } from '../../syntax/ast.ts'
import type { Report } from '../report.ts'
import type { EntityInfo, FieldInfo } from '../schema.ts'
import { entityNamesOf } from '../shape.ts'
import type { Actions } from './actions.ts'
import { declarable, resolveType, type TypeNames } from './types.ts'

export function declareEntities(
  declarations: readonly EntityDeclaration[],
  { permissions, derived }: Pick<Actions, 'permissions' | 'derived'>,
  names: TypeNames,
  report: Report,
): ReadonlyMap<string, EntityInfo> {
  const types = new Map<string, EntityInfo>()
  for (const declaration of declarations) {
    for (const container of declaration.containers)
      if (names.entities.has(container.text))
        report.notes?.refer(container.span, { kind: 'type', name: container.text })
      else if (!names.silent(container.text))
        report.add(
          'unknown-type',
          container.span,
          `there is no type \`${container.text}\``,
          suggestion(container.text, names.entities, container.span),
        )
    const name = declaration.name.text
    report.notes?.declare(declaration.name.span, { kind: 'type', name }, declaration)
    types.set(name, entityInfo(declaration, permissions(name), derived(name), names, report))
  }
  return types
}

function entityInfo(
  declaration: EntityDeclaration,
  permissions: ReadonlySet<string>,
  derived: ReadonlySet<string>,
  names: TypeNames,
  report: Report,
): EntityInfo {
  const fields = new Map<string, FieldInfo>()
  const roles = new Map<string, RoleDeclaration>()
  const rules: Rule[] = []
  const broken = new Set<string>()
  let lenient = false
  const first = new Map<string, Name>()
  const once = (name: Name): boolean => {
    declarable(report, name.text, name.span)
    const before = first.get(name.text)
    if (before === undefined) {
      first.set(name.text, name)
      return true
    }
    report.add('duplicate-name', name.span, `\`${declaration.name.text}\` has two members named \`${name.text}\``, {
      related: [{ span: before.span, message: 'first here' }],
    })
    return false
  }
  const of = declaration.name.text
  for (const member of declaration.members) {
    if (member.kind === 'field' || member.kind === 'role')
      report.notes?.declare(member.name.span, { kind: member.kind, of, name: member.name.text }, member)
    switch (member.kind) {
      case 'field':
        if (once(member.name)) fields.set(member.name.text, fieldInfo(member, names))
        break
      case 'role':
        if (once(member.name)) roles.set(member.name.text, member)
        break
      case 'rule':
        rules.push(member)
        break
      case 'broken':
        if (member.name !== undefined) broken.add(member.name)
        else if (member.keyword === undefined || member.keyword === 'role') lenient = true
        break
    }
  }
  for (const permission of derived) {
    const member = first.get(permission)
    if (member !== undefined)
      report.add(
        'duplicate-name',
        member.span,
        `\`${permission}\` is a ${roles.has(permission) ? 'role' : 'field'} and an action of \`${declaration.name.text}\``,
        {
          help: `a path that ends in it could mean either: rename one, or let \`allow ${permission} if ${permission}\` be all that grants it`,
        },
      )
  }
  // A rule that did not parse may have been the one `allow` of its action.
  if (declaration.members.some((m) => m.kind === 'broken' && m.keyword === 'allow')) lenient = true
  return { name: declaration.name.text, declaration, fields, roles, permissions, rules, broken, lenient }
}

function fieldInfo(field: Field, names: TypeNames): FieldInfo {
  const type = resolveType(names, field.type)
  return {
    name: field.name.text,
    type,
    optional: field.optional,
    contextual: field.contextual,
    relation: entityNamesOf(type) !== undefined,
    declaration: field,
  }
}
