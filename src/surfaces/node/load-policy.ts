import { dirname, posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { diagnostic } from '../../base/diagnostic.ts'
import type { SourceFile } from '../../base/source.ts'
import { compile, type Policy } from '../../index.ts'
import { likelyImports, pathIn } from './imports.ts'
import { nameOf, nearFile, realPath } from './paths.ts'
import type { ReadProblem } from './read-text.ts'
import { readText } from './read-text.ts'

export interface LoadedPolicy {
  /** Undefined where any diagnostic is an error. */
  readonly policy?: Policy
  /** As `compile` has them: of a policy without errors they are looked for when this is first read. */
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

/** A path, a `file:` URL, or a text that is in no file. */
export type PolicyEntry = string | URL | SourceFile

/**
 * Reads policy files and what they import, lock files included, and compiles them to one program. Each file is read once,
 * whatever the number of ways that lead to it. Never throws: a file that cannot be read is a diagnostic.
 *
 * @param paths entry files; a `SourceFile` is a text that is in no file, its imports relative to `cwd`
 */
export function loadPolicy(paths: PolicyEntry | readonly PolicyEntry[], options: LoadOptions = {}): LoadedPolicy {
  const cwd = realPath(options.cwd ?? process.cwd())
  const program = newProgram(cwd)
  const problems: Diagnostic[] = []
  for (const entry of isList(paths) ? paths : [paths]) {
    const path = entry instanceof URL ? fileURLToPath(entry) : entry
    const problem = typeof path === 'string' ? program.enter(path) : program.add(path.name, path.text)
    if (problem !== undefined) problems.push(problem)
  }
  for (;;) {
    const compiled = compile(Object.fromEntries(program.texts))
    const read = () => ({
      sources: [...program.texts].flatMap(([name, text]) => (program.aliases.has(name) ? [] : [{ name, text }])),
      files: [...program.files],
    })
    if (compiled.policy !== undefined && problems.length === 0) {
      const { policy } = compiled
      return {
        policy,
        get diagnostics() {
          return compiled.diagnostics
        },
        ...read(),
      }
    }
    const missing = compiled.diagnostics.filter(({ code }) => code === 'missing-file')
    // What was overlooked is read now, and the program compiled again.
    if (missing.map((one) => program.follow(one.span.file, literalOf(one, program.texts))).some(Boolean)) continue
    const diagnostics = compiled.diagnostics.map((one) => {
      return (one.code === 'missing-file' && explained(one, program, cwd)) || one
    })
    return { diagnostics: [...problems, ...diagnostics], ...read() }
  }
}

/** The files of one program as they are found. */
interface Program {
  readonly texts: ReadonlyMap<string, string>
  /** Names in `texts` that lead to a file which has another name there. */
  readonly aliases: ReadonlySet<string>
  readonly files: ReadonlySet<string>
  readonly enter: (path: string) => Diagnostic | undefined
  readonly add: (name: string, text: string) => undefined
  /** Reads what an import or a `from` names; true if that was news. */
  readonly follow: (from: string, literal: string) => boolean
  /** Why a file could not be read, by its absolute path. */
  readonly refused: ReadonlyMap<string, ReadProblem>
}

function newProgram(cwd: string): Program {
  const texts = new Map<string, string>()
  const files = new Set<string>()
  const aliases = new Set<string>()
  const refused = new Map<string, ReadProblem>()
  const add = (name: string, text: string): undefined => {
    texts.set(name, text)
    if (!name.endsWith('.json')) for (const literal of likelyImports(text)) follow(name, literal)
  }
  const enter = (entry: string): Diagnostic | undefined => {
    const path = realPath(resolve(cwd, entry))
    const name = nameOf(path, cwd)
    files.add(path)
    if (texts.has(name)) return undefined
    if (name.endsWith('.json')) return notPolicy(entry)
    const { text, problem } = readText(path)
    return problem === undefined ? add(name, text) : unreadable(entry, path, problem)
  }
  const follow = (from: string, literal: string): boolean => {
    const written = pathIn(literal)
    if (written === undefined) return false
    const asked = resolve(cwd, dirname(from), written)
    // The name under which the compiler looks for it.
    const alias = posix.join(posix.dirname(from), written.replaceAll('\\', '/'))
    if (texts.has(alias) || refused.has(asked)) return false
    const path = realPath(asked)
    const name = nameOf(path, cwd)
    files.add(path)
    if (!texts.has(name)) {
      const { text, problem } = readText(path)
      if (problem !== undefined) refused.set(asked, problem)
      else add(name, text)
    }
    const text = texts.get(name)
    if (text === undefined) return false
    // Another name for a file that is there: a policy must not be in the program twice, a lock may.
    if (alias !== name) {
      aliases.add(alias)
      texts.set(alias, alias.endsWith('.json') ? text : '')
    }
    return true
  }
  return { texts, aliases, files, enter, add, follow, refused }
}

/** `"./x.licet"`, which the span of a missing file covers. */
function literalOf({ span }: Diagnostic, texts: ReadonlyMap<string, string>): string {
  return texts.get(span.file)?.slice(span.start, span.end) ?? ''
}

/** Files are told apart by their names, so that this one would be taken for a lock that nothing uses. */
function notPolicy(entry: string): Diagnostic {
  const span = { file: entry, start: 0, end: 0 }
  return diagnostic('bad-lock', span, `\`${entry}\` is no policy`, { help: 'name the policies that use it' })
}

function unreadable(entry: string, path: string, { code, message }: ReadProblem): Diagnostic {
  const help = message === 'is a directory' ? `name the files in it, such as \`${entry}/*.licet\`` : nearFile(path)
  return diagnostic(code, { file: entry, start: 0, end: 0 }, `\`${entry}\` ${message}`, { help })
}

/** The compiler knows only that a file was not given to it; why it was not is known here. */
function explained(missing: Diagnostic, { texts, refused }: Program, cwd: string): Diagnostic | undefined {
  const written = pathIn(literalOf(missing, texts))
  if (written === undefined) return undefined
  const path = resolve(cwd, dirname(missing.span.file), written)
  const problem = refused.get(path)
  if (problem === undefined) return undefined
  return diagnostic(problem.code, missing.span, `\`${written}\` ${problem.message}`, { help: nearFile(path) })
}

function isList(paths: PolicyEntry | readonly PolicyEntry[]): paths is readonly PolicyEntry[] {
  return Array.isArray(paths)
}
