import type { TextEdit } from '../base/diagnostic.ts'
import type { Span } from '../base/source.ts'
import { keyOf, type Referent } from '../model/notes.ts'
import type { Analysis } from './analysis.ts'
import type { Occurrence } from './occurrences.ts'
import { sameButNames } from './same-but-names.ts'

export type Renamed =
  | { readonly edits: readonly TextEdit[]; readonly refusal?: undefined }
  /** Why not. */
  | { readonly refusal: string; readonly edits?: undefined }

export type Renameable =
  | { readonly span: Span; readonly name: string; readonly referent: Referent; readonly refusal?: undefined }
  | { readonly refusal: string; readonly referent?: undefined }

/** What would be renamed at an offset, or why it cannot be; undefined where nothing has a name. */
export function renameableAt(analysis: Analysis, file: string, offset: number): Renameable | undefined {
  const [found] = analysis.occurrences.at(file, offset)
  if (found === undefined) return undefined
  const { referent, span } = found
  const all = together(analysis, referent)
  const refusal = all.map((one) => refusalOf(analysis, one)).find((one) => one !== undefined)
  return refusal === undefined ? { span, name: referent.name, referent } : { refusal }
}

/**
 * The edits that give something another name, everywhere in a program; none where it cannot have it. The program means the same
 * afterwards, but for the name: it is checked anew, and compared.
 */
export function rename(
  analysis: Analysis,
  referent: Referent,
  name: string,
  analyse: (files: ReadonlyMap<string, string>) => Analysis,
): Renamed {
  if (!/^[A-Za-z_]\w*$/.test(name)) return { refusal: `\`${name}\` is no name` }
  const all = together(analysis, referent)
  for (const one of all) {
    const refusal = refusalOf(analysis, one)
    if (refusal !== undefined) return { refusal }
  }
  const edits = new Map<string, TextEdit>()
  for (const { span } of all.flatMap((one) => analysis.occurrences.of(one))) {
    const written = (analysis.files.get(span.file) ?? '').slice(span.start, span.end)
    const isQuoted = written === JSON.stringify(referent.name)
    if (!isQuoted && written !== referent.name) return { refusal: `\`${written}\` cannot be written otherwise` }
    edits.set(`${span.file} ${span.start}`, { span, text: isQuoted ? JSON.stringify(name) : name })
  }
  if (name === referent.name) return { edits: [] }
  const found = [...edits.values()]
  const after = analyse(edited(analysis.files, found))
  const wrong = firstNew(analysis, after)
  if (wrong !== undefined) return { refusal: `with that name ${wrong}` }
  const isSame =
    sameButNames(analysis.program, after.program, referent.name, name) &&
    sameButNames(analysis.tests, after.tests, referent.name, name)
  return isSame ? { edits: found } : { refusal: `with the name \`${name}\` the policy would mean something else` }
}

/** All that has to be renamed with something, because one place stands for both. */
function together({ occurrences }: Analysis, referent: Referent): readonly Referent[] {
  const all = new Map([[keyOf(referent), referent]])
  // A Map hands out what is added while it is walked.
  for (const one of all.values())
    for (const { span } of occurrences.of(one))
      for (const other of occurrences.at(span.file, span.start).filter((found) => isSamePlace(found, span)))
        if (!all.has(keyOf(other.referent))) all.set(keyOf(other.referent), other.referent)
  return [...all.values()]
}

function isSamePlace({ span }: Occurrence, { start, end }: Span): boolean {
  return span.start === start && span.end === end
}

function refusalOf({ schema }: Analysis, { kind, name, ...more }: Referent): string | undefined {
  switch (kind) {
    case 'tool':
    case 'prompt':
    case 'resource':
    case 'argument':
      return `\`${name}\` is what the lock calls it`
    case 'server':
      return schema.servers.get(name)?.locked ? `\`${name}\` is what the lock calls it` : undefined
    case 'builtin':
    case 'builtin-type':
    case 'variable':
      return `\`${name}\` is the language's own`
    case 'claim':
      return `\`${name}\` is a claim that every token has`
    case 'mcp-action':
      return `\`${name}\` is an action of the Model Context Protocol`
    case 'scope':
      return `\`${name}\` is what tokens call it`
    case 'entity':
      return `\`${'type' in more ? `${more.type}:` : ''}${name}\` is what requests and stored facts call it`
    case 'file':
      return 'this is the name of a file'
    default:
      return undefined
  }
}

function edited(files: ReadonlyMap<string, string>, edits: readonly TextEdit[]): ReadonlyMap<string, string> {
  const texts = new Map(files)
  for (const { span, text } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
    const before = texts.get(span.file) ?? ''
    texts.set(span.file, before.slice(0, span.start) + text + before.slice(span.end))
  }
  return texts
}

/** The message of a mistake that was not there before, told by how many there are of its code. */
function firstNew(before: Analysis, after: Analysis): string | undefined {
  const left = new Map<string, number>()
  for (const { code } of before.diagnostics) left.set(code, (left.get(code) ?? 0) + 1)
  for (const { code, severity, message } of after.diagnostics) {
    const count = left.get(code) ?? 0
    if (count === 0 && severity === 'error') return message
    left.set(code, count - 1)
  }
  return undefined
}
