import { suggestion } from '../../base/suggest.ts'
import type { RecordField, Type } from '../../ir/type.ts'
import type { Field, Param, TypeExpr } from '../../syntax/ast.ts'
import type { Report } from '../report.ts'
import { entityNamesOf, json, set, union } from '../shape.ts'

export const builtinTypes: ReadonlySet<string> = new Set([
  'string',
  'boolean',
  'int',
  'number',
  'datetime',
  'duration',
  'ip',
  'cidr',
  'path',
  'url',
  'decimal',
  'ipaddr',
  'json',
  'dynamic',
])

export function isBuiltinType(name: string): boolean {
  return builtinTypes.has(name)
}

/** What type names mean: the entity types by name, and which names not to complain about. */
export interface TypeNames {
  readonly entities: ReadonlySet<string>
  readonly silent: (name: string) => boolean
  readonly report: Report
}

export function resolveType(names: TypeNames, expr: TypeExpr): Type {
  switch (expr.kind) {
    case 'type-name':
      return named(names, expr)
    case 'type-literal':
      return { kind: 'literal', value: expr.value }
    case 'type-set': {
      const of = resolveType(names, expr.of)
      if (of.kind === 'set')
        names.report.add('unknown-type', expr.span, 'a set of sets is no type', { help: 'a set of records is' })
      return set(of)
    }
    case 'type-union': {
      const of = expr.of.map((one) => resolveType(names, one))
      const entities = of.filter((type) => entityNamesOf(type) !== undefined).length
      if (entities > 0 && (entities < of.length || of.some((type) => type.kind === 'set')))
        names.report.add('unknown-type', expr.span, 'a union has entity types or other types, not both', {
          help: 'a set of several types is `(A | B)[]`',
        })
      return union(of)
    }
    case 'type-record':
      return { kind: 'record', fields: resolveFields(names, expr.fields) }
    case 'type-map':
      if (expr.key.text !== 'string')
        names.report.add('unknown-type', expr.key.span, 'the keys of a map are strings', { help: 'write `[string]`' })
      return { kind: 'map', of: resolveType(names, expr.of) }
  }
}

function named(names: TypeNames, expr: TypeExpr & { readonly kind: 'type-name' }): Type {
  const { name } = expr
  const { notes } = names.report
  if (builtinTypes.has(name)) {
    notes?.refer(expr.span, { kind: 'builtin-type', name })
    return { kind: name } as Type
  }
  if (names.entities.has(name)) {
    notes?.refer(expr.span, { kind: 'type', name })
    return { kind: 'entity', name }
  }
  if (!names.silent(name))
    names.report.add('unknown-type', expr.span, `there is no type \`${name}\``, {
      help: alias.get(name),
      ...suggestion(name, [...names.entities, ...builtinTypes], expr.span),
    })
  return json
}

const alias: ReadonlyMap<string, string> = new Map([
  ['bool', 'did you mean `boolean`?'],
  ['integer', 'did you mean `int`?'],
  ['long', 'did you mean `int`?'],
  ['float', 'did you mean `number`?'],
  ['double', 'did you mean `number`?'],
  ['date', 'did you mean `datetime`?'],
  ['any', 'did you mean `json`?'],
  ['object', 'did you mean `json`?'],
])

export function resolveFields(names: TypeNames, fields: readonly Field[]): readonly RecordField[] {
  const seen = new Set<string>()
  const resolved: RecordField[] = []
  for (const field of fields) {
    declarable(names.report, field.name.text, field.name.span)
    if (seen.has(field.name.text)) {
      names.report.add('duplicate-name', field.name.span, `\`${field.name.text}\` is declared twice`)
      continue
    }
    seen.add(field.name.text)
    const one = { name: field.name.text, type: resolveType(names, field.type), optional: field.optional }
    resolved.push(one)
    const referent = { kind: 'key', name: one.name, at: field.name.span } as const
    names.report.notes?.field(one, referent)
    names.report.notes?.declare(field.name.span, referent, field)
  }
  return resolved
}

export function resolveParams(names: TypeNames, params: readonly Param[]): readonly RecordField[] {
  const seen = new Set<string>()
  let optional = false
  return params.map((param) => {
    const { text, span } = param.name
    declarable(names.report, text, span)
    if (seen.has(text)) names.report.add('duplicate-name', span, `the parameter \`${text}\` is declared twice`)
    seen.add(text)
    const referent = { kind: 'parameter', name: text, at: span } as const
    names.report.notes?.declare(span, referent, param)
    if (optional && !param.optional)
      names.report.add('wrong-arguments', span, `\`${text}\` is required, but stands behind an optional parameter`)
    optional = param.optional
    const field = { name: text, type: resolveType(names, param.type), optional: param.optional }
    names.report.notes?.field(field, referent)
    return field
  })
}

/** Names that reach into a JavaScript object's prototype are refused wherever a name is declared. */
export function declarable(report: Report, name: string, span: Field['span']): void {
  if (name === '__proto__' || name === 'constructor' || name === 'prototype')
    report.add('undeclarable-name', span, `\`${name}\` cannot be declared`)
}
