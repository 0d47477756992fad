import { type BuiltinSignature, builtins } from '../../ir/builtins.ts'
import type { RecordField, Type } from '../../ir/type.ts'
import { alternatives, entityNamesOf, type Shape } from '../../model/shape.ts'
import type { Analysis } from '../analysis.ts'
import { describe, fieldText, signatureText } from '../describe.ts'
import { builtinDocs } from '../keywords.ts'
import { type Completion, ranks } from './completion.ts'
import { called, membersOf } from './names.ts'

/** What may follow the dot behind an expression; of an argument, `server` says whose it is. */
export function membersAfter(analysis: Analysis, shape: Shape, server: string | undefined): readonly Completion[] {
  if (shape.kind === 'unknown' || shape.kind === 'actors') return []
  const types = entityNamesOf(shape)
  return [
    ...once((types ?? []).flatMap((type) => membersOf(analysis, type))),
    ...once(
      alternatives(shape).flatMap((type) =>
        type.kind === 'record' ? type.fields.map((one) => keyOf(analysis, one, server)) : [],
      ),
    ),
    ...(types !== undefined && shape.kind !== 'set' ? [] : builtinsOf(shape)),
  ]
}

function keyOf(analysis: Analysis, field: RecordField, server: string | undefined): Completion {
  const doc =
    server === undefined
      ? builtinDocs[field.name]
      : describe(analysis, { kind: 'argument', server, name: field.name }).doc
  return {
    label: field.name,
    kind: server === undefined ? 'field' : 'argument',
    detail: fieldText(field),
    doc,
    rank: ranks.own,
  }
}

function once(all: readonly Completion[]): readonly Completion[] {
  return [...new Map(all.map((one) => [one.label, one])).values()]
}

function builtinsOf(shape: Type): readonly Completion[] {
  const kinds = new Set(alternatives(shape).map(({ kind }) => (kind === 'literal' ? 'string' : kind)))
  const [kind] = kinds
  if (kinds.size !== 1 || kind === undefined) return []
  const own = builtins.filter(({ receiver }) => receiver === kind).map(builtin)
  return kind === 'set' ? [...own, quantifier('some'), quantifier('every')] : own
}

function builtin(signature: BuiltinSignature): Completion {
  const { name: label, form, params } = signature
  return {
    label,
    kind: form === 'property' ? 'field' : 'method',
    detail: signatureText(signature),
    doc: builtinDocs[label],
    rank: ranks.builtin,
    ...(form === 'property' ? {} : called(label, params.length === 0)),
  }
}

function quantifier(label: 'some' | 'every'): Completion {
  return {
    label,
    kind: 'method',
    detail: `${label}(x => boolean): boolean`,
    doc: builtinDocs[label],
    insert: `${label}(\${1:x} => $2)$0`,
    isSnippet: true,
    rank: ranks.builtin,
  }
}
