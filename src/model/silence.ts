import { type Code, codes } from '../base/codes.ts'
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/source.ts'
import { suggestion } from '../base/suggest.ts'
import type { Policy } from '../syntax/ast.ts'
import { endOf } from '../syntax/grammar/core.ts'
import { lex } from '../syntax/lexer.ts'

/** `// licet-allow CODE, CODE: why`, with the place where it silences warnings. */
interface Allowance {
  readonly span: Span
  readonly codes: readonly { readonly text: string; readonly span: Span }[]
  readonly reason: string
  /** Warnings that begin here are meant. */
  readonly covers: { readonly start: number; readonly end: number }
}

const directive = /\/\/[ \t]*licet-allow\b[^\r\n]*/g
const form = /^\/\/[ \t]*licet-allow[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)[ \t]*:?(.*)$/

/** Looked for when somebody asks, and not by the checker: whether a comment about it is needed is known only then. */
const onDemand = 'surviving-mutant'

/**
 * Diagnostics without the warnings that comments allow. Such a comment is about its line, or, on a line of its own, about the
 * statement or member after it. One that silences nothing, or does not say why, is a warning itself. Errors are never silenced.
 * `about`: where the diagnostics are all of this code, and comments about others are not judged.
 */
export function silence(
  diagnostics: readonly Diagnostic[],
  files: ReadonlyMap<string, string>,
  policies: readonly Policy[],
  about?: Code,
): readonly Diagnostic[] {
  const allowances = policies.flatMap((policy) => allowancesIn(policy, files.get(policy.file) ?? ''))
  if (allowances.length === 0) return diagnostics
  const used = new Set<object>()
  const byFileAndCode = new Map<
    string,
    { readonly one: Allowance['codes'][number]; readonly covers: Allowance['covers'] }[]
  >()
  for (const { reason, codes, covers } of allowances)
    for (const one of reason === '' ? [] : codes) {
      const key = `${one.span.file}\0${one.text}`
      const known = byFileAndCode.get(key)
      if (known === undefined) byFileAndCode.set(key, [{ one, covers }])
      else known.push({ one, covers })
    }
  const kept = diagnostics.filter(({ code, severity, span }) => {
    if (severity !== 'warning') return true
    const found = (byFileAndCode.get(`${span.file}\0${code}`) ?? []).flatMap(({ one, covers }) =>
      covers.start <= span.start && span.start < covers.end ? [one] : [],
    )
    for (const one of found) used.add(one)
    return found.length === 0
  })
  // Where something is in error, not every warning is looked for.
  const isWhole = !diagnostics.some(({ severity }) => severity === 'error')
  const isJudged = (code: string) => (about === undefined ? code !== onDemand : code === about)
  return [...kept, ...allowances.flatMap((one) => problemsOf(one, used, isWhole, isJudged, about === undefined))]
}

function problemsOf(
  { span, codes: named, reason }: Allowance,
  used: ReadonlySet<object>,
  isWhole: boolean,
  isJudged: (code: string) => boolean,
  isFormJudged: boolean,
): Diagnostic[] {
  if (named.length === 0 || reason === '')
    return !isFormJudged
      ? []
      : [
          diagnostic('silences-nothing', span, 'this silences nothing: it does not say which warning, and why', {
            help: '`// licet-allow CODE: why`',
          }),
        ]
  return named.flatMap((one) => {
    if (!warnings.includes(one.text))
      return !isFormJudged
        ? []
        : [
            diagnostic(
              'silences-nothing',
              one.span,
              `there is no warning \`${one.text}\``,
              suggestion(one.text, warnings, one.span),
            ),
          ]
    if (used.has(one) || !isWhole || !isJudged(one.text)) return []
    return [
      diagnostic('silences-nothing', span, `there is no \`${one.text}\` here to silence`, {
        help: 'delete it',
        ...(named.length === 1 ? { fix: { edits: [{ span, text: '' }] } } : {}),
      }),
    ]
  })
}

const warnings: readonly Code[] & { includes(text: string): boolean } = codes.flatMap(({ code, severity }) =>
  severity === 'warning' && !['silences-nothing', 'denied-by-error', 'not-covered'].includes(code) ? [code] : [],
)

function allowancesIn(policy: Policy, text: string): readonly Allowance[] {
  if (!text.includes('licet-allow')) return []
  const { tokens } = lex({ name: policy.file, text })
  let next = 0
  return [...text.matchAll(directive)].flatMap((match) => {
    const start = match.index
    for (let token = tokens[next]; token !== undefined && endOf(token) <= start; token = tokens[next]) next += 1
    const token = tokens[next]
    // Inside a string.
    if (token !== undefined && token.startOffset < start) return []
    const before = tokens[next - 1]
    const isTrailing = before !== undefined && !/[\r\n]/.test(text.slice(endOf(before), start))
    const covers = isTrailing ? lineAround(text, start) : partAt(policy, text, token?.startOffset ?? text.length)
    const comment = match[0].trimEnd()
    return [
      {
        span: { file: policy.file, start, end: start + comment.length },
        covers,
        ...contentsOf(comment, policy.file, start),
      },
    ]
  })
}

function contentsOf(comment: string, file: string, at: number): Pick<Allowance, 'codes' | 'reason'> {
  const parts = form.exec(comment)
  const list = parts?.[1] ?? ''
  const from = at + comment.indexOf(list, comment.indexOf('licet-allow') + 'licet-allow'.length)
  return {
    codes: [...list.matchAll(/[\w-]+/g)].map(({ 0: text, index }) => ({
      text,
      span: { file, start: from + index, end: from + index + text.length },
    })),
    reason: (parts?.[2] ?? '').trim(),
  }
}

/** The statement or member that begins at an offset, else the line. */
function partAt(
  { statements }: Policy,
  text: string,
  offset: number,
): { readonly start: number; readonly end: number } {
  for (const statement of statements) {
    if (statement.span.start === offset) return statement.span
    if (!('members' in statement)) continue
    for (const member of statement.members) if (member.span.start === offset) return member.span
  }
  return lineAround(text, offset)
}

function lineAround(text: string, offset: number): { readonly start: number; readonly end: number } {
  const end = text.indexOf('\n', offset)
  return { start: text.lastIndexOf('\n', offset - 1) + 1, end: end === -1 ? text.length + 1 : end }
}
