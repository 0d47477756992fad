import type { Import, Policy, Statement } from '../../syntax/ast.ts'
import type { ImportedFile } from '../files.ts'
import type { Report } from '../report.ts'

/**
 * An import of the file itself, of one that is imported already, of one without statements, or of one that only declares names of
 * which no other file has a word. A file with types, rules, facts or tests is used by being there: requests and facts speak of types.
 * An empty text may stand for a file that has another name.
 */
export function unusedImport(imports: readonly ImportedFile[], report: Report): void {
  const seen = new Set<string>()
  for (const { statement, from, policy, text, others } of imports) {
    const key = `${from}\0${policy.file}`
    const problem = seen.has(key) ? 'is imported already' : problemOf(from, policy, text, others)
    seen.add(key)
    if (problem !== undefined)
      report.add('unused-import', statement.path.span, `\`${statement.path.value}\` ${problem}`, {
        help: 'delete it',
        ...fixOf(statement),
      })
  }
}

function problemOf(
  from: string,
  { file, statements }: Policy,
  text: string,
  others: readonly string[],
): string | undefined {
  if (file === from) return 'is this file'
  const own = statements.filter(({ kind }) => kind !== 'edition')
  if (own.length === 0) return text === '' ? undefined : 'declares nothing'
  const names = own.map(nameOf)
  if (names.some((name) => name === undefined)) return undefined
  const isUsed = names.some((name) => others.some((text) => new RegExp(`\\b${name}\\b`).test(text)))
  return isUsed ? undefined : 'declares nothing that is used elsewhere'
}

/** What a statement declares, if that is all it does. */
function nameOf(statement: Statement): string | undefined {
  switch (statement.kind) {
    case 'let':
    case 'function':
    case 'action-group':
    case 'role':
      return statement.name.text
    default:
      return undefined
  }
}

function fixOf({ doc, span }: Import) {
  return doc === undefined ? { fix: { edits: [{ span, text: '' }] } } : {}
}
