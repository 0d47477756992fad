import { resolve } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { diagnostic } from '../../base/diagnostic.ts'
import type { JsonValue } from '../../base/json.ts'
import { isArray, parseJson } from '../../base/json.ts'
import { locate, locateKey } from '../../base/json-locate.ts'
import type { SourceFile, Span } from '../../base/source.ts'
import { createEngine, type EntityInput, type FactInput, type Policy } from '../../index.ts'
import type { LoadOptions } from './load-policy.ts'
import { nameOf, nearFile } from './paths.ts'
import { maxFileBytes, readText } from './read-text.ts'

export interface LoadedFacts {
  /** Empty where any diagnostic is an error. */
  readonly facts: readonly (FactInput | EntityInput)[]
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: readonly SourceFile[]
  /** Absolute paths of the files named, those that could not be read included. */
  readonly files: readonly string[]
}

/** A fact, and where its text stands; `path` is a part of it such as `attributes.email`. */
interface Written {
  readonly input: FactInput | EntityInput
  readonly at: (path?: string) => Span
}

const limits = { size: maxFileBytes, nodes: 2_000_000, depth: 64, bigints: true }
const maxDiagnostics = 50

/**
 * Reads files of facts and checks them against a policy, all together. A name that ends in `.json` is an array of facts
 * and entities in the form of `engine.facts.load`; anything else is `given` statements. Never throws.
 *
 * @param paths files; a `SourceFile` is a text that is in no file
 */
export function loadFacts(
  policy: Policy,
  paths: string | SourceFile | readonly (string | SourceFile)[],
  options: LoadOptions = {},
): LoadedFacts {
  const cwd = options.cwd ?? process.cwd()
  const sources: SourceFile[] = []
  const files: string[] = []
  const diagnostics: Diagnostic[] = []
  const written: Written[] = []
  for (const entry of Array.isArray(paths) ? paths : [paths]) {
    const source = typeof entry === 'string' ? read(entry) : entry
    if (source === undefined) continue
    sources.push(source)
    const parsed = source.name.endsWith('.json') ? readJson(source) : readGiven(policy, source)
    diagnostics.push(...parsed.diagnostics)
    written.push(...parsed.written)
  }
  if (!diagnostics.some(isError)) diagnostics.push(...check(policy, written))
  const facts = diagnostics.some(isError) ? [] : written.map(({ input }) => input)
  return { facts, diagnostics, sources, files }

  function read(entry: string): SourceFile | undefined {
    const path = resolve(cwd, entry)
    files.push(path)
    const { text, problem } = readText(path)
    if (problem === undefined) return { name: nameOf(path, cwd), text }
    const span = { file: entry, start: 0, end: 0 }
    diagnostics.push(diagnostic(problem.code, span, `\`${entry}\` ${problem.message}`, { help: nearFile(path) }))
    return undefined
  }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}

interface Parsed {
  readonly written: readonly Written[]
  readonly diagnostics: readonly Diagnostic[]
}

function readGiven(policy: Policy, { name, text }: SourceFile): Parsed {
  const { facts, diagnostics } = policy.parseFacts(text, name)
  const at = () => ({ file: name, start: 0, end: 0 })
  return { written: facts.map((input) => ({ input, at })), diagnostics }
}

function readJson({ name, text }: SourceFile): Parsed {
  const refuse = (start: number, end: number, message: string, help?: string): Parsed => ({
    written: [],
    diagnostics: [diagnostic('bad-fact', { file: name, start, end }, message, { help })],
  })
  const { value, error } = parseJson(text, limits)
  if (error !== undefined) {
    const start = Math.min(error.offset, text.length)
    return refuse(start, Math.min(start + 1, text.length), error.message)
  }
  const whole = locate(text, []) ?? { start: 0, end: 0 }
  if (!isArray(value)) {
    return refuse(
      whole.start,
      whole.start + 1,
      'a file of facts is an array',
      'such as `[{ "type": "User", "id": "ann" }]`',
    )
  }
  const spanOf = (index: number, path: string | undefined): Span => {
    const steps = [index, ...(path === undefined ? [] : path.split('.'))]
    const range = locate(text, steps) ?? locateKey(text, steps) ?? locate(text, [index]) ?? whole
    return { file: name, ...range }
  }
  // What an element has to be is for the door to say that every fact goes through.
  const written = value.map((input: JsonValue, index): Written => {
    return { input: input as unknown as FactInput, at: (path) => spanOf(index, path) }
  })
  return { written, diagnostics: [] }
}

/** Loads the facts into an engine that nobody asks, for what it refuses. */
function check(policy: Policy, written: readonly Written[]): readonly Diagnostic[] {
  const functions = Object.fromEntries(policy.program.functions.map(({ name }) => [name, () => undefined]))
  const refused = createEngine(policy, { functions }).facts.load(written.map(({ input }) => input))
  return refused.slice(0, maxDiagnostics).flatMap(({ index, path, code, message, help }) => {
    const span = written[index]?.at(path)
    return span === undefined ? [] : [diagnostic(code, span, message, { help })]
  })
}
