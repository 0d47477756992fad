import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source.ts'
import { didYouMean } from '../base/suggest.ts'
import type { Lock } from '../lock/format.ts'
import { readLock } from '../lock/read-lock.ts'
import type { Import, Policy, Server, Text } from '../syntax/ast.ts'
import { parse } from '../syntax/parse.ts'
import type { Notes } from './notes.ts'
import { report as newReport } from './report.ts'

/** The files of one program, each parsed once, and the locks that its server blocks name. */
export interface Files {
  readonly policies: readonly Policy[]
  /** Every import was found: a name that is not declared is a mistake. */
  readonly complete: boolean
  readonly lockOf: (server: Server) => Lock | undefined
  readonly imports: readonly ImportedFile[]
  readonly diagnostics: readonly Diagnostic[]
}

/** An import that was found. */
export interface ImportedFile {
  readonly statement: Import
  /** The file that says it. */
  readonly from: string
  readonly policy: Policy
  readonly text: string
  /** The texts of all files but the imported one. */
  readonly others: readonly string[]
}

/** How a text is parsed: as `parse` does it, or what has the same result. */
export type Parse = (source: SourceFile) => {
  readonly policy: Policy
  readonly diagnostics: readonly Diagnostic[]
}

/** Parses every file that is not a lock; imports and locks are looked up among the names given. */
export function resolveFiles(files: ReadonlyMap<string, string>, notes?: Notes, parsed: Parse = parse): Files {
  const report = newReport()
  const names = new Map([...files.keys()].map((name) => [normal(name), name]))
  const diagnostics: Diagnostic[] = []
  const find = (from: string, path: Text, what: string): string | undefined => {
    const found = names.get(normal(`${directory(from)}${path.value}`))
    if (found === undefined)
      report.add('missing-file', path.span, `the ${what} \`${path.value}\` was not found`, {
        help: didYouMean(path.value, files.keys()),
      })
    else notes?.refer(path.span, { kind: 'file', name: found })
    return found
  }
  const policies: Policy[] = []
  for (const [name, text] of files) {
    if (name.endsWith('.json')) continue
    const { policy, diagnostics: mistakes } = parsed({ name, text })
    policies.push(policy)
    diagnostics.push(...mistakes)
  }
  const locks = new Map<string, Lock | undefined>()
  const read = (name: string): Lock | undefined => {
    if (locks.has(name)) return locks.get(name)
    const { lock, diagnostics: problems } = readLock({ name, text: files.get(name) ?? '' })
    diagnostics.push(...problems)
    locks.set(name, lock)
    return lock
  }
  const lockOf = new Map<Server, Lock>()
  let complete = true
  const imports: ImportedFile[] = []
  const byName = new Map(policies.map((policy) => [policy.file, policy]))
  for (const policy of policies)
    for (const statement of policy.statements) {
      if (statement.kind === 'import') {
        const found = find(policy.file, statement.path, 'file')
        const imported = found === undefined ? undefined : byName.get(found)
        if (found === undefined) complete = false
        else if (imported !== undefined)
          imports.push({
            statement,
            from: policy.file,
            policy: imported,
            text: files.get(found) ?? '',
            others: textsBut(files, found),
          })
      }
      if (statement.kind !== 'server' || statement.lock === undefined) continue
      const name = find(policy.file, statement.lock, 'lock file')
      const lock = name === undefined ? undefined : read(name)
      if (lock === undefined) continue
      if (statement.name !== undefined && lock.server !== statement.name.text)
        report.add(
          'bad-lock',
          statement.lock.span,
          `this is the lock of \`${lock.server}\`, not of \`${statement.name.text}\``,
        )
      else lockOf.set(statement, lock)
    }
  return {
    policies,
    complete,
    lockOf: (server) => lockOf.get(server),
    imports,
    diagnostics: [...diagnostics, ...report.diagnostics],
  }
}

function textsBut(files: ReadonlyMap<string, string>, name: string): readonly string[] {
  return [...files].flatMap(([other, text]) => (other === name || other.endsWith('.json') ? [] : [text]))
}

function directory(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1)
}

/** A path without `.` and `..` segments, as far as they can be resolved. */
function normal(path: string): string {
  const kept: string[] = []
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    if (segment === '.' || (segment === '' && kept.length > 0)) continue
    if (segment === '..' && kept.length > 0 && kept.at(-1) !== '..' && kept.at(-1) !== '') kept.pop()
    else kept.push(segment)
  }
  return kept.join('/')
}
