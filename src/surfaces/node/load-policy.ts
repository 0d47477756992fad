import { dirname, resolve } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { diagnostic } from '../../base/diagnostic.ts'
import { parseJson } from '../../base/json.ts'
import type { SourceFile } from '../../base/source.ts'
import { compile, type Policy } from '../../language.ts'
import { nameOf, nearFile, realPath } from './paths.ts'
import type { ReadProblem } from './read-text.ts'
import { readText } from './read-text.ts'

export interface LoadedPolicy {
  /** Undefined where any diagnostic is an error. */
  readonly policy?: Policy
  readonly diagnostics: readonly Diagnostic[]
  /** What was read, under the names that diagnostics use. */
  readonly sources: readonly SourceFile[]
  /** Absolute paths of all files that the result depends on, those that could not be read included. */
  readonly files: readonly string[]
}

export interface LoadOptions {
  /** What relative paths start from, and what names in diagnostics are relative to; the working directory by default. */
  readonly cwd?: string
}

/**
 * Reads policy files and what they import, lock files included, and compiles them to one program. Each file is read once,
 * whatever the number of ways that lead to it. Never throws: a file that cannot be read is a diagnostic.
 *
 * @param paths entry files; a `SourceFile` is a text that is in no file, its imports relative to `cwd`
 */
export function loadPolicy(
  paths: string | SourceFile | readonly (string | SourceFile)[],
  options: LoadOptions = {},
): LoadedPolicy {
  const cwd = realPath(options.cwd ?? process.cwd())
  const entries: readonly (string | SourceFile)[] = Array.isArray(paths) ? paths : [paths]
  const files = new Set<string>()
  const texts = new Map<string, string>()
  const problems: Diagnostic[] = []
  for (const entry of entries) {
    if (typeof entry !== 'string') texts.set(entry.name, entry.text)
    else readEntry(entry)
  }

  function readEntry(entry: string): void {
    const path = realPath(resolve(cwd, entry))
    const name = nameOf(path, cwd)
    files.add(path)
    if (texts.has(name)) return
    const { text, problem } = readText(path)
    if (problem === undefined) texts.set(name, text)
    else problems.push(unreadable(entry, path, problem))
  }

  // The compiler says which files it misses; each round gives it those, until nothing new can be read.
  const refused = new Map<string, Diagnostic>()
  for (;;) {
    const compiled = compile(Object.fromEntries(texts))
    const missing = compiled.diagnostics.filter(isMissing).filter((missed) => !refused.has(placeOf(missed)))
    let found = false
    for (const missed of missing) found = readImport(missed) || found
    if (found) continue
    const diagnostics = compiled.diagnostics.map((one) => (isMissing(one) && refused.get(placeOf(one))) || one)
    const sources = [...texts].map(([name, text]) => ({ name, text }))
    const all = [...problems, ...diagnostics]
    const policy = problems.length === 0 ? compiled.policy : undefined
    return { ...(policy === undefined ? {} : { policy }), diagnostics: all, sources, files: [...files] }
  }

  function readImport(missed: Diagnostic): boolean {
    const from = missed.span.file
    const written = importPath(texts.get(from)?.slice(missed.span.start, missed.span.end) ?? '')
    if (written === undefined) {
      refused.set(placeOf(missed), missed)
      return false
    }
    const asked = resolve(cwd, dirname(from), written)
    const path = realPath(asked)
    files.add(path)
    const alias = nameOf(asked, cwd)
    const name = nameOf(path, cwd)
    const { text, problem } = texts.has(name) ? { text: texts.get(name) } : readText(path)
    if (text === undefined) {
      refused.set(placeOf(missed), problem === undefined ? missed : importProblem(missed, written, asked, problem))
      return false
    }
    if (texts.has(alias)) {
      refused.set(placeOf(missed), missed)
      return false
    }
    texts.set(name, text)
    // Another name for a file that is there: a policy must not be in the program twice, a lock may.
    if (alias !== name) texts.set(alias, alias.endsWith('.json') ? text : '')
    return true
  }
}

function isMissing({ code }: Diagnostic): boolean {
  return code === 'missing-file'
}

function placeOf({ span }: Diagnostic): string {
  return `${span.start} ${span.file}`
}

/** The path in `import "./x.licet"`, which the span of a missing file covers. */
function importPath(literal: string): string | undefined {
  // Escapes that JSON does not have are in no path that anyone writes.
  const { value } = parseJson(literal)
  return typeof value === 'string' ? value : undefined
}

function unreadable(entry: string, path: string, { code, message }: ReadProblem): Diagnostic {
  const help = message === 'is a directory' ? `name the files in it, such as \`${entry}/*.licet\`` : nearFile(path)
  return diagnostic(code, { file: entry, start: 0, end: 0 }, `\`${entry}\` ${message}`, { help })
}

function importProblem(missed: Diagnostic, written: string, path: string, { code, message }: ReadProblem): Diagnostic {
  return diagnostic(code, missed.span, `\`${written}\` ${message}`, { help: nearFile(path) })
}
