import { builtins } from '../../ir/builtins.ts'
import type { VariableName } from '../../ir/expr.ts'
import { referentOf } from '../../model/expression/lets.ts'
import type { Scope } from '../../model/expression/scope.ts'
import { variableNames, variableShape } from '../../model/expression/variables.ts'
import type { Analysis } from '../analysis.ts'
import { builtinText, describe, fieldText, obtainable, shapeText } from '../describe.ts'
import { builtinDocs, variableDocs } from '../keywords.ts'
import { type Completion, ranks } from './completion.ts'

/** Called with arguments, the cursor between the parentheses. */
export function called(name: string, takesNone: boolean): Pick<Completion, 'insert' | 'isSnippet'> {
  return takesNone ? { insert: `${name}()` } : { insert: `${name}($1)$0`, isSnippet: true }
}

/** What an expression may begin with where it stands. */
export function namesIn(analysis: Analysis, scope: Scope): readonly Completion[] {
  const { schema } = scope
  const own = scope.self === undefined ? undefined : schema.types.get(scope.self)
  const lets = [...schema.lets.values(), ...(scope.server?.lets.values() ?? [])]
  return [
    ...[...scope.locals].map(([label, { shape }]): Completion => {
      return { label, kind: 'variable', detail: shapeText(shape), rank: ranks.own }
    }),
    ...lets.flatMap((info): readonly Completion[] => {
      if (scope.expanding.includes(info)) return []
      const { code, doc } = describe(analysis, referentOf(info))
      const { name, params } = info.declaration
      return [
        {
          label: name.text,
          kind: 'let',
          detail: code,
          doc,
          rank: ranks.declared,
          ...(params === undefined ? {} : called(name.text, params.length === 0)),
        },
      ]
    }),
    ...(own === undefined ? [] : membersOf(analysis, own.name)),
    ...[...schema.roles.keys()].map((label): Completion => {
      const { code, doc } = describe(analysis, { kind: 'role', name: label })
      return { label, kind: 'role', detail: code, doc, rank: ranks.declared }
    }),
    ...[...variableNames].flatMap((label): readonly Completion[] => {
      const shape = variableShape(scope, label as VariableName)
      if (typeof shape === 'string') return []
      return [{ label, kind: 'variable', detail: shapeText(shape), doc: variableDocs[label], rank: ranks.builtin }]
    }),
    ...[...schema.types.keys()].map((label): Completion => {
      const { code, doc } = describe(analysis, { kind: 'type', name: label })
      return {
        label,
        kind: 'type',
        detail: code,
        doc,
        insert: `${label}["$1"]$0`,
        isSnippet: true,
        rank: ranks.declared,
      }
    }),
    ...[...schema.functions].map(([label, { params }]): Completion => {
      const { code, doc } = describe(analysis, { kind: 'function', name: label })
      return { label, kind: 'function', detail: code, doc, rank: ranks.declared, ...called(label, params.length === 0) }
    }),
    ...builtins.flatMap(({ name, form }) => (form === 'function' ? [builtinFunction(name)] : [])),
    ...Object.keys(obtainable).map(builtinFunction),
  ]
}

function builtinFunction(label: string): Completion {
  const takesNone = label === 'confirmed' || label === 'authAge'
  return {
    label,
    kind: 'function',
    detail: builtinText(label, undefined),
    doc: builtinDocs[label],
    rank: ranks.builtin,
    ...called(label, takesNone),
  }
}

/** The fields, roles and actions of an entity type. */
export function membersOf(analysis: Analysis, of: string): readonly Completion[] {
  const info = analysis.schema.types.get(of)
  if (info === undefined) return []
  const docOf = (kind: 'field' | 'role', name: string) => describe(analysis, { kind, of, name })
  return [
    ...[...info.fields.values()].map((field): Completion => {
      return {
        label: field.name,
        kind: 'field',
        detail: fieldText(field),
        doc: docOf('field', field.name).doc,
        rank: ranks.own,
      }
    }),
    ...[...info.roles.keys()].map((label): Completion => {
      const { code, doc } = docOf('role', label)
      return { label, kind: 'role', detail: code, doc, rank: ranks.own }
    }),
    ...[...info.permissions]
      .filter((label) => !info.roles.has(label) && !info.fields.has(label))
      .map((label): Completion => {
        const { code, doc } = describe(analysis, { kind: 'action', of, name: label })
        return { label, kind: 'action', detail: code, doc, rank: ranks.own }
      }),
  ]
}
