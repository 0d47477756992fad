import type { Span } from '../../base/source.ts'
import { didYouMean, listed, suggestion } from '../../base/suggest.ts'
import { builtins } from '../../ir/builtins.ts'
import type { Expr as Ir } from '../../ir/expr.ts'
import type { RecordField, Type } from '../../ir/type.ts'
import type { MemberAccess } from '../../syntax/ast.ts'
import type { EntityInfo } from '../schema.ts'
import { alternatives, dynamic, entityNamesOf, entityType, json, set, showShape, string, union } from '../shape.ts'
import type { Checked } from './checked.ts'
import { isPresent, narrowShape, shownPath } from './narrowing.ts'
import { checkedUnknown, checkedValue, fail, type Scope } from './scope.ts'
import { asEntities, present } from './use.ts'

/** `of.name` and `of?.name`: a field, a role or permission, a key, or a property of a built-in type. */
export function checkMember(scope: Scope, expr: MemberAccess): Checked {
  const of = scope.check(scope, expr.of)
  return member(scope, of, expr.name.text, expr.name.span, expr.span, expr.optional)
}

export function member(scope: Scope, of: Checked, name: string, nameSpan: Span, span: Span, chain: boolean): Checked {
  if (of.shape.kind === 'unknown') return checkedUnknown(span)
  if (of.shape.kind === 'actors')
    return fail(
      scope,
      'role-as-value',
      span,
      `\`${of.shape.name}\` is a set of actors: nothing can be read of them`,
      'a path walks stored fields; a role or an action can only end it',
    )
  const types = entityNamesOf(of.shape)
  if (types !== undefined) return entityMember(scope, of, types, name, nameSpan, span, chain)
  const field = of.shape.kind === 'union' ? undefined : keyOf(of.shape, name)
  if (field !== undefined && field !== 'none') {
    noteField(scope, of, field, nameSpan)
    return recordField(scope, of, name, field, span, chain)
  }
  const fields = alternatives(of.shape).map((type) => keyOf(type, name))
  if (fields.every((f) => f !== undefined)) {
    const some = fields.filter((f) => f !== 'none')
    for (const one of some) noteField(scope, of, one, nameSpan)
    if (some.length > 0) return recordField(scope, of, name, mergeFields(some, fields.length), span, chain)
    const known = alternatives(of.shape).flatMap((t) => (t.kind === 'record' ? t.fields.map((f) => f.name) : []))
    if (scope.schema.lenient) return checkedUnknown(span)
    return fail(
      scope,
      'unknown-field',
      nameSpan,
      `${describePath(of)} has no \`${name}\``,
      near(name, known, nameSpan) ?? fieldsListed(known),
    )
  }
  return property(scope, of, name, nameSpan, span)
}

/** What a field that is read was declared as: in a policy, by a lock, or by every token. */
function noteField({ report: { notes }, server }: Scope, { ir }: Checked, field: RecordField, span: Span): void {
  if (notes === undefined) return
  const declared = notes.referentOf(field)
  const { name } = field
  if (declared !== undefined) notes.refer(span, declared)
  else if (ir.kind === 'variable' && ir.name === 'args' && server?.name !== undefined)
    notes.refer(span, { kind: 'argument', server: server.name, name })
  else if (ir.kind === 'variable' && ir.name !== 'args' && ir.name !== 'context')
    notes.refer(span, ir.name === 'token' ? { kind: 'claim', name } : { kind: 'builtin', receiver: ir.name, name })
}

/** A member of each of some entity types: a role or a field, or else an action. */
function noteMember({ schema, report: { notes } }: Scope, types: readonly string[], name: string, span: Span): void {
  if (notes === undefined) return
  for (const of of types) {
    const info = schema.types.get(of)
    if (info?.roles.has(name)) notes.refer(span, { kind: 'role', of, name })
    else if (info?.fields.has(name)) notes.refer(span, { kind: 'field', of, name })
    else if (info?.permissions.has(name)) notes.refer(span, { kind: 'action', of, name })
  }
}

/** What was probably meant, if anything near was. */
function near(name: string, names: readonly string[], span: Ir['at']): ReturnType<typeof suggestion> | undefined {
  const found = suggestion(name, names, span)
  return found.help === undefined ? undefined : found
}

function fieldsListed(names: readonly string[]): string {
  return listed(names) ?? 'it has no fields'
}

function describePath(of: Checked): string {
  return of.path === undefined ? showShape(of.shape) : `\`${shownPath(of.path)}\``
}

/** What a key of a type reads: `none` where the type has no such key, undefined where the type has no keys at all. */
function keyOf(type: Type, name: string): RecordField | 'none' | undefined {
  switch (type.kind) {
    case 'record':
      return type.fields.find((f) => f.name === name) ?? 'none'
    case 'map':
      return { name, type: type.of, optional: true }
    case 'json':
    case 'dynamic':
      return { name, type, optional: false }
    default:
      return undefined
  }
}

/** One field for all alternatives of a union; optional where some do not have it. */
export function mergeFields(fields: readonly RecordField[], of: number): RecordField {
  const [first] = fields
  if (first === undefined) throw new Error('invariant: there is a field to merge')
  if (fields.length === 1 && of === 1) return first
  return {
    name: first.name,
    type: union(fields.map((f) => f.type)),
    optional: fields.length < of || fields.some((f) => f.optional),
  }
}

/** How a key goes on a path: `a.b`, or `a["b c"]`. */
export function pathTo(path: string | undefined, name: string): string | undefined {
  if (path === undefined) return undefined
  return /^[A-Za-z_]\w*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`
}

function recordField(scope: Scope, of: Checked, name: string, field: RecordField, span: Span, chain: boolean): Checked {
  const path = pathTo(of.path, name)
  const shown = path !== undefined && isPresent(scope.narrowing, path)
  const isJson = of.shape.kind === 'json'
  const receiver = chain ? orAbsent(of) : present(scope, of)
  return checkedValue(
    path === undefined ? field.type : narrowShape(scope.narrowing, path, field.type),
    {
      kind: 'field',
      of: receiver,
      name,
      // Which labels a policy has may change while a session lasts; one that it no longer has is no error.
      type: of.ir.kind === 'variable' && of.ir.name === 'session' ? set(string) : field.type,
      optional: field.optional || isJson,
      relation: false,
      chain,
      at: span,
    },
    { optional: (field.optional && !shown) || (chain && of.optional), path },
  )
}

/** The receiver of `?.`, which may be absent, though not what it is itself read of. */
function orAbsent(of: Checked): Ir {
  of.complain?.()
  return of.ir
}

function property(scope: Scope, of: Checked, name: string, nameSpan: Span, span: Span): Checked {
  const kind = of.shape.kind === 'literal' ? 'string' : of.shape.kind
  const all = alternatives(of.shape as Type)
  const receiver = all.every((t) => t.kind === 'literal') ? 'string' : kind
  const found = builtins.find((b) => b.form === 'property' && b.receiver === receiver && b.name === name)
  if (found === undefined) {
    const names = builtins.filter((b) => b.receiver === receiver)
    const method = names.find((b) => b.form === 'method' && b.name === name)
    return fail(
      scope,
      'unknown-field',
      nameSpan,
      `${showShape(of.shape)} has no \`${name}\``,
      method === undefined
        ? didYouMean(
            name,
            names.map((b) => b.name),
          )
        : `it is a method: \`${name}(…)\``,
    )
  }
  scope.report.notes?.refer(nameSpan, { kind: 'builtin', receiver: found.receiver, name })
  const path = pathTo(of.path, name)
  return checkedValue(
    found.result,
    { kind: 'builtin', name, args: [present(scope, of)], at: span },
    { optional: found.optional === true && !(path !== undefined && isPresent(scope.narrowing, path)), path },
  )
}

/** A member of the block's own type by its bare name, undefined where the type has none. */
export function ownMember(scope: Scope, type: string, name: string, span: Span): Checked | undefined {
  const info = scope.schema.types.get(type)
  if (info === undefined) return undefined
  const has = info.fields.has(name) || info.roles.has(name) || info.permissions.has(name)
  if (!has) return info.broken.has(name) ? checkedUnknown(span) : undefined
  const resource = checkedValue(
    entityType(type),
    { kind: 'variable', name: 'resource', at: span },
    { path: 'resource', stored: true },
  )
  return entityMember(scope, resource, scope.resource ?? [type], name, span, span, false)
}

function entityMember(
  scope: Scope,
  of: Checked,
  types: readonly string[],
  name: string,
  nameSpan: Span,
  span: Span,
  chain: boolean,
): Checked {
  noteMember(scope, types, name, nameSpan)
  const one = types.length === 1 ? scope.schema.types.get(types[0] ?? '') : undefined
  if (one !== undefined && !one.broken.has(name)) {
    if (one.roles.has(name)) return relation(of, types, name, false, span)
    const field = one.fields.get(name)
    if (field !== undefined) return entityField(scope, of, field, field.relation, span, chain)
    if (one.permissions.has(name)) return relation(of, types, name, true, span)
  }
  const infos = types.map((type) => scope.schema.types.get(type)).filter((info) => info !== undefined)
  if (infos.length === 0 || infos.some((info) => info.broken.has(name))) return checkedUnknown(span)
  if (infos.every((info) => info.roles.has(name))) return relation(of, types, name, false, span)
  if (infos.every((info) => permits(info, name))) return relation(of, types, name, true, span)
  const fields = infos.map((info) => info.fields.get(name) ?? openField(info, name))
  const found = fields.filter((f) => f !== undefined)
  const relations = found.filter((f) => f.relation).length
  const mixed = found.length < infos.length || (relations > 0 && relations < found.length)
  if (mixed) {
    if (infos.some((info) => info.lenient)) return checkedUnknown(span)
    const narrow = `narrow it first: \`${shownPath(of.path ?? '…')} is ${infos.find((info) => memberNames(info).includes(name))?.name}\``
    const without = infos.find((info, i) => fields[i] === undefined && !memberNames(info).includes(name))
    if (without === undefined)
      return fail(
        scope,
        'type-mismatch',
        nameSpan,
        `\`${name}\` is another kind of member on each of ${showShape(of.shape)}`,
        narrow,
      )
    const names = memberNames(without)
    const elsewhere = types.length > 1 && found.length > 0
    return fail(
      scope,
      'unknown-field',
      nameSpan,
      elsewhere
        ? `\`${without.name}\`, which ${describePath(of)} may be, has no \`${name}\``
        : `\`${without.name}\` has no \`${name}\``,
      near(name, names, nameSpan) ?? (elsewhere ? narrow : listed(names)),
    )
  }
  return entityField(scope, of, mergeFields(found, found.length), relations > 0, span, chain)
}

/** A role or field of the name is what is meant, where there is one. */
function permits({ permissions, roles, fields }: EntityInfo, name: string): boolean {
  return permissions.has(name) && !roles.has(name) && !fields.has(name)
}

function memberNames(info: EntityInfo): readonly string[] {
  return [...info.fields.keys(), ...info.roles.keys(), ...info.permissions]
}

/** An `open` or `dynamic` type admits attributes that it does not declare. */
function openField(info: EntityInfo, name: string) {
  if (info.declaration.dynamic) return { name, type: dynamic, optional: false, relation: false }
  return info.declaration.open ? { name, type: json, optional: true, relation: false } : undefined
}

function relation(of: Checked, types: readonly string[], name: string, permission: boolean, span: Span): Checked {
  const holds = (subject: Ir, at: Span): Ir => ({
    kind: 'holds',
    subject,
    of: asEntities(of),
    types,
    relation: name,
    permission,
    at,
  })
  const shown = of.path === undefined || of.path === 'resource' ? name : `${shownPath(of.path)}.${name}`
  return checkedValue(
    { kind: 'actors', name: shown },
    { kind: 'constant', value: { kind: 'boolean', value: false }, at: span },
    { holds },
  )
}

function entityField(
  scope: Scope,
  of: Checked,
  field: RecordField,
  isRelation: boolean,
  span: Span,
  chain: boolean,
): Checked {
  const path = pathTo(of.path, field.name)
  const shown = path !== undefined && isPresent(scope.narrowing, path)
  const many = of.shape.kind === 'set'
  const element = field.type.kind === 'set' ? field.type.of : field.type
  const type = many ? set(element) : field.type
  const optional = (field.optional && !shown && !many && field.type.kind !== 'set') || (chain && of.optional)
  const entities = (): Ir => ({
    kind: 'entities',
    of: asEntities(of),
    name: field.name,
    optional: field.optional || field.type.kind === 'set',
    at: span,
  })
  // Said only when the field is used as a value: as a step towards a set of actors it needs no guard.
  const complain = chain
    ? of.complain
    : of.optional || of.complain !== undefined
      ? () => void present(scope, of)
      : undefined
  if (!isRelation) complain?.()
  return checkedValue(
    path === undefined || many ? type : narrowShape(scope.narrowing, path, type),
    {
      kind: 'field',
      of: of.ir,
      name: field.name,
      type,
      optional: field.optional,
      relation: isRelation,
      chain,
      at: span,
    },
    {
      optional,
      stored: of.stored,
      path,
      entities: isRelation ? entities : undefined,
      complain: isRelation ? complain : undefined,
    },
  )
}
