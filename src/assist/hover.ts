import type { Span } from '../base/source.ts'
import type { Expr } from '../syntax/ast.ts'
import { lex } from '../syntax/lexer.ts'
import * as t from '../syntax/tokens.ts'
import type { Analysis } from './analysis.ts'
import { type Description, describe, describeAnnotation, shapeText } from './describe.ts'
import { keywordDocs } from './keywords.ts'

export interface Hover {
  readonly span: Span
  /** One for each thing that the name may stand for. */
  readonly about: readonly Description[]
  /** The type of the expression that ends here. */
  readonly type?: string
}

/** What stands at an offset, and of which type it is there. */
export function hoverAt(analysis: Analysis, file: string, offset: number): Hover | undefined {
  const { occurrences } = analysis
  const found = occurrences.at(file, offset)
  const [first] = found
  const at = occurrences.expressionAt(file, first?.span.end ?? offset)
  if (first !== undefined) {
    const type = at !== undefined && isNamedBy(at.expr, first.span) ? shapeText(at.checked.shape) : undefined
    const about = distinct(found.map(({ referent }) => describe(analysis, referent)))
    return { span: first.span, about, ...(type === undefined ? {} : { type }) }
  }
  return wordAt(analysis, file, offset)
}

/** Whether an expression is what a name stands for, or what comes of calling that. */
function isNamedBy(expr: Expr, { start, end }: Span): boolean {
  switch (expr.kind) {
    case 'name':
    case 'member':
    case 'index':
      return expr.span.end === end
    case 'method':
      return expr.name.span.start === start
    case 'call':
      return expr.function.span.start === start
    default:
      return false
  }
}

function distinct(all: readonly Description[]): readonly Description[] {
  return [...new Map(all.map((one) => [`${one.code}\0${one.doc ?? ''}`, one])).values()]
}

/** A word of the language, or an annotation. */
function wordAt({ files }: Analysis, file: string, offset: number): Hover | undefined {
  const { tokens } = lex({ name: file, text: files.get(file) ?? '' })
  const i = tokens.findIndex(({ startOffset, image }) => startOffset <= offset && offset < startOffset + image.length)
  const token = tokens[i]
  if (token === undefined) return undefined
  const { image, startOffset: start } = token
  const span = { file, start, end: start + image.length }
  const annotation = tokens[i - 1]?.tokenType === t.At ? describeAnnotation(image) : undefined
  if (annotation !== undefined) return { span, about: [annotation] }
  if (t.keywordOf(image) === undefined || !Object.hasOwn(keywordDocs, image)) return undefined
  return { span, about: [{ code: image, doc: keywordDocs[image] }] }
}
