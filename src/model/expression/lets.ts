import type { Span } from '../../base/source.ts'
import type { Referent } from '../notes.ts'
import type { Report } from '../report.ts'
import type { LetInfo } from '../schema.ts'
import type { Checked } from './checked.ts'
import { narrowShape } from './narrowing.ts'
import { fail, type Scope } from './scope.ts'

const deepest = 64

/** The name of a `let` where it is used: a call begins with it. */
function nameAt({ file, start }: Span, name: string): Span {
  return { file, start, end: start + name.length }
}

export function referentOf({ declaration, server }: LetInfo): Referent {
  return { kind: 'let', name: declaration.name.text, ...(server === undefined ? {} : { server: server.name ?? '*' }) }
}

/** What the names of its parameters stand for. */
export function boundIn({ declaration: { params = [] } }: LetInfo): Scope['bound'] {
  return params.map(({ name }) => ({ kind: 'parameter', name: name.text, at: name.span }))
}

/** What is wrong inside a `let` is told with the place that uses it so. */
function usedAt(report: Report, span: Span): Report {
  return {
    diagnostics: report.diagnostics,
    notes: report.notes,
    add: (code, at, message, more) =>
      report.add(code, at, message, { ...more, related: [...(more?.related ?? []), { span, message: 'used here' }] }),
  }
}

/**
 * The value of a `let`, checked with the `resource`, `args` and `actor` of the place where it is used. Its parameters, if it has
 * any, are bound to what has been checked there.
 */
export function useLet(scope: Scope, info: LetInfo, args: ReadonlyMap<string, Checked>, span: Span): Checked {
  const { declaration } = info
  scope.schema.usedLets.add(info)
  scope.report.notes?.refer(nameAt(span, declaration.name.text), referentOf(info))
  if (scope.expanding.includes(info))
    return fail(
      scope,
      'let-cycle',
      declaration.name.span,
      `\`${declaration.name.text}\` uses itself`,
      'a role may be recursive, a `let` may not',
    )
  if (scope.expanding.length >= deepest)
    return fail(scope, 'too-large', span, `more than ${deepest} \`let\`s use one another`)
  const known = info.params === undefined ? scope.rule.lets?.get(info) : undefined
  if (known !== undefined && known.narrowing === scope.narrowing && known.quantified === scope.quantified)
    return { ...known.checked, span }
  const inner: Scope = {
    ...scope,
    report: usedAt(scope.report, span),
    self: undefined,
    server: info.server,
    locals: args,
    bound: boundIn(info),
    expanding: [...scope.expanding, info],
  }
  const value = scope.check(inner, declaration.value)
  if (info.params !== undefined) return { ...value, span }
  const path = value.path ?? `${declaration.name.text}#let`
  const checked: Checked = { ...value, span, path, shape: narrowShape(scope.narrowing, path, value.shape) }
  scope.rule.lets ??= new Map()
  scope.rule.lets.set(info, { narrowing: scope.narrowing, quantified: scope.quantified, checked })
  return checked
}
