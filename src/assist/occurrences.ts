import type { Span } from '../base/source.ts'
import type { RecordField } from '../ir/type.ts'
import type { Checked } from '../model/expression/checked.ts'
import type { Scope } from '../model/expression/scope.ts'
import { type Declaration, keyOf, type Notes, type Referent } from '../model/notes.ts'
import type { Expr } from '../syntax/ast.ts'

/** A place in a text that stands for something. */
export interface Occurrence {
  readonly span: Span
  readonly referent: Referent
  /** All of the declaration, where this is its name. */
  readonly declaration?: Declaration | undefined
}

/** An expression with what it could have named and what came of it, where it was looked at first. */
export interface NotedExpression {
  readonly expr: Expr
  readonly scope: Scope
  readonly checked: Checked
}

/** What the checker found names to stand for, by place and by what they stand for. */
export interface Occurrences {
  /** Those at an offset, which may lie at an end of them, the shortest alone. */
  at(file: string, offset: number): readonly Occurrence[]
  /** In the order in which they were found. */
  of(referent: Referent): readonly Occurrence[]
  in(file: string): readonly Occurrence[]
  all(): Iterable<Occurrence>
  /** The innermost expression at an offset. */
  expressionAt(file: string, offset: number): NotedExpression | undefined
}

/** One that may turn out to be a declaration later. */
type Noted = { -readonly [K in keyof Occurrence]: Occurrence[K] }

/** Notes of one run of the checker, and what can be asked of them afterwards. */
export function gatherOccurrences(): { readonly notes: Notes; readonly occurrences: Occurrences } {
  const found: Noted[] = []
  const byKey = new Map<string, Map<number, Noted>>()
  const files = new Map<string, number>()
  const fields = new Map<RecordField, Referent>()
  const expressions = new Map<Expr, NotedExpression>()
  let sorted: ReadonlyMap<string, readonly Occurrence[]> | undefined
  /** A number, because there are very many of them; a text has at most 16 MiB. */
  const placeOf = ({ file, start }: Span): number => {
    const number = files.get(file) ?? files.size
    files.set(file, number)
    return number * 2 ** 25 + start
  }
  const note = (span: Span, referent: Referent, declaration?: Declaration): void => {
    if (span.file === '') return
    sorted = undefined
    const key = keyOf(referent)
    const same = byKey.get(key) ?? new Map<number, Noted>()
    byKey.set(key, same)
    const place = placeOf(span)
    const known = same.get(place)
    if (known !== undefined) {
      if (declaration !== undefined && known.declaration === undefined)
        Object.assign(known, { span, referent, declaration })
      return
    }
    const one: Noted = { span, referent, declaration }
    same.set(place, one)
    found.push(one)
  }
  const notes: Notes = {
    refer: (span, referent) => note(span, referent),
    declare: (span, referent, declaration) => note(span, referent, declaration),
    field: (field, referent) => void fields.set(field, referent),
    referentOf: (field) => fields.get(field),
    expression: (scope, expr, checked) => {
      if (!expressions.has(expr)) expressions.set(expr, { scope, expr, checked })
    },
  }
  const inFile = (file: string): readonly Occurrence[] => {
    sorted ??= grouped(found)
    return sorted.get(file) ?? []
  }
  return {
    notes,
    occurrences: {
      at: (file, offset) => {
        const touched = inFile(file).filter(({ span }) => span.start <= offset && offset <= span.end)
        const lengths = touched.map(({ span }) => span.end - span.start)
        const shortest = Math.min(...lengths)
        // Between two names it is the one that begins here.
        const own = touched.filter((_, i) => lengths[i] === shortest)
        const last = own.at(-1)
        return own.filter(({ span }) => span.start === last?.span.start)
      },
      of: (referent) => [...(byKey.get(keyOf(referent))?.values() ?? [])],
      in: inFile,
      all: () => found,
      expressionAt: (file, offset) => {
        let inner: NotedExpression | undefined
        for (const one of expressions.values()) {
          const { span } = one.expr
          if (span.file !== file || offset < span.start || span.end < offset) continue
          if (inner === undefined || span.end - span.start <= inner.expr.span.end - inner.expr.span.start) inner = one
        }
        return inner
      },
    },
  }
}

function grouped(all: Iterable<Occurrence>): ReadonlyMap<string, readonly Occurrence[]> {
  const byFile = new Map<string, Occurrence[]>()
  for (const one of all) {
    const same = byFile.get(one.span.file)
    if (same === undefined) byFile.set(one.span.file, [one])
    else same.push(one)
  }
  for (const same of byFile.values()) same.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
  return byFile
}
