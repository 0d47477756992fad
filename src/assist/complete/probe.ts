import { parse } from '../../syntax/parse.ts'
import { children, type SyntaxNode } from '../../syntax/walk.ts'
import type { Analysis } from '../analysis.ts'
import type { Cursor } from '../cursor.ts'
import type { NotedExpression } from '../occurrences.ts'

/** A name that nobody writes. */
const name = 'licet_probe_'

/**
 * The expression in which a cursor stands, as the checker sees it, with the word there replaced by a name that means nothing. What
 * stands behind it is left out where the text does not parse with it. `of`: the value
 * before the dot, or before `has`, where there is one.
 */
export function probe(
  { files }: Pick<Analysis, 'files'>,
  file: string,
  cursor: Cursor,
  analyse: (files: ReadonlyMap<string, string>) => Analysis,
): { readonly at: NotedExpression; readonly of: NotedExpression | undefined } | undefined {
  for (const text of probes(cursor)) {
    if (!isRead(file, text)) continue
    const { occurrences } = analyse(new Map([...files, [file, text]]))
    const start = text.indexOf(name)
    const at = occurrences.expressionAt(file, start + name.length)
    if (at === undefined) continue
    const { expr } = at
    if (expr.kind === 'has') return { at, of: occurrences.expressionAt(file, expr.of.span.end) }
    const isMember = text[start - 1] === '.'
    const of = isMember ? occurrences.expressionAt(file, start - (text[start - 2] === '?' ? 2 : 1)) : undefined
    return { at, of }
  }
  return undefined
}

function* probes(cursor: Cursor): Iterable<string> {
  const { text, start, end, last } = cursor
  if (cursor.string !== undefined) {
    const from = openBrace(cursor)
    if (from === undefined) return
    const written = text.slice(0, cursor.offset).replace(/\w*$/, '')
    const rest = /^\w*\}[^"\n]*"/.exec(text.slice(cursor.offset))?.[0]
    if (rest !== undefined) yield `${written}${name}${text.slice(cursor.offset).replace(/^\w*/, '')}`
    yield `${written}${name}}"${closing(cursor)}${text.slice(last)}`
    return
  }
  yield text.slice(0, start) + name + text.slice(end)
  yield `${text.slice(0, start)}${name}${closing(cursor)}${text.slice(last)}`
}

/** Where the `{` of the path begins in which the cursor stands, within a text. */
export function openBrace({ text, offset, string }: Cursor): number | undefined {
  if (string === undefined) return undefined
  const written = text.slice(string.startOffset, offset)
  const open = /(?<!\\)\{[\w.]*$/.exec(written)
  return open === null ? undefined : string.startOffset + open.index
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** What closes the brackets of the statement that are open before the cursor. */
function closing({ before }: Cursor): string {
  const open: string[] = []
  for (const { image } of before) {
    const closer = Object.hasOwn(closers, image) ? closers[image] : undefined
    if (closer !== undefined) open.push(closer)
    else if (image === open.at(-1)) open.pop()
  }
  return open.reverse().join('')
}

/** Whether the probe stands in something that parses. */
function isRead(file: string, text: string): boolean {
  const offset = text.indexOf(name)
  let node: SyntaxNode | undefined = parse({ name: file, text }).policy
  for (let inner: SyntaxNode | undefined = node; inner !== undefined; ) {
    node = inner
    inner = children(inner).find((one) => one.kind !== 'policy' && one.span.start <= offset && offset < one.span.end)
  }
  return node !== undefined && node.kind !== 'broken' && node.kind !== 'policy'
}
