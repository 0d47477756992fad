import type { Span } from '../../base/source.ts'
import type { LetInfo } from '../schema.ts'
import type { Checked } from './checked.ts'
import { fail, type Scope } from './scope.ts'

const deepest = 64

/**
 * The value of a `let`, checked with the `resource`, `args` and `actor` of the place where it is used. Its parameters, if it has
 * any, are bound to what has been checked there.
 */
export function useLet(scope: Scope, info: LetInfo, args: ReadonlyMap<string, Checked>, span: Span): Checked {
  const { declaration } = info
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
  const known = info.params === undefined ? scope.rule.lets.get(info) : undefined
  if (known !== undefined && known.narrowing === scope.narrowing) return known.checked
  const { self: _, server: __, ...rest } = scope
  const inner: Scope = {
    ...rest,
    ...(info.server === undefined ? {} : { server: info.server }),
    locals: args,
    expanding: [...scope.expanding, info],
  }
  const value = scope.check(inner, declaration.value)
  const checked: Checked = {
    ...value,
    span,
    ...(info.params === undefined && value.path === undefined ? { path: declaration.name.text } : {}),
  }
  if (info.params === undefined) scope.rule.lets.set(info, { narrowing: scope.narrowing, checked })
  return checked
}
