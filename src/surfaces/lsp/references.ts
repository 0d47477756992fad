import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
  type Position,
} from 'vscode-languageserver-protocol'
import type { Analysis, Occurrence, Referent } from '../../assist.ts'
import { isJsonObject } from '../../base/json.ts'
import { locate, locateKey } from '../../base/json-locate.ts'
import type { Span } from '../../index.ts'
import { type Core, locationOf, rangeOf } from './places.ts'

/** Where what stands at a place is declared: in a policy, or in a lock. */
export function definitionsOf(core: Core, name: string, at: Position): readonly Location[] {
  return distinct(
    namedAt(core, name, at).flatMap(({ analysis, referent }) => {
      if (referent.kind === 'file') return [{ file: referent.name, start: 0, end: 0 }]
      const locked = lockedSpan(analysis, referent)
      if (locked !== undefined) return [locked]
      return analysis.occurrences
        .of(referent)
        .filter((one) => one.declaration !== undefined && isAbout(one, referent))
        .map(({ span }) => span)
    }),
  ).map((span) => locationOf(core, span))
}

/** An action is declared by what allows it, on the type that is meant. */
function isAbout({ referent }: Occurrence, asked: Referent): boolean {
  if (referent.kind !== 'action' || asked.kind !== 'action') return true
  return asked.of === undefined || referent.of === asked.of
}

/** In all programs that have what is meant, those of files of facts and the like among them. */
export function referencesOf(core: Core, name: string, at: Position, withDeclarations: boolean): readonly Location[] {
  const all = namedAt(core, name, at).flatMap(({ analysis, referent }) =>
    analysesWith(core, analysis, referent).flatMap(({ occurrences }) => occurrences.of(referent)),
  )
  return distinct(
    all.filter(({ declaration }) => withDeclarations || declaration === undefined).map(({ span }) => span),
  ).map((span) => locationOf(core, span))
}

/** What is known of the programs that have the declarations of something. */
export function analysesWith({ workspace }: Core, analysis: Analysis, referent: Referent): readonly Analysis[] {
  const files = new Set(
    analysis.occurrences
      .of(referent)
      .flatMap(({ span, declaration }) => (declaration === undefined ? [] : [span.file])),
  )
  const programs = [...files].flatMap((file) => workspace.programsWith(file))
  return [...new Set([analysis, ...programs.map((one) => one.analysis)])]
}

export function highlightsOf(core: Core, name: string, at: Position): readonly DocumentHighlight[] {
  const found = namedAt(core, name, at).flatMap(({ analysis, referent }) => analysis.occurrences.of(referent))
  const written = new Set(found.flatMap(({ span, declaration }) => (declaration === undefined ? [] : [keyOf(span)])))
  return distinct(found.map(({ span }) => span).filter(({ file }) => file === name)).map((span) => ({
    range: rangeOf(core, span),
    kind: written.has(keyOf(span)) ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }))
}

function namedAt(
  { workspace }: Core,
  name: string,
  at: Position,
): readonly { readonly analysis: Analysis; readonly referent: Referent }[] {
  const [program] = workspace.programsWith(name)
  if (program === undefined) return []
  const { analysis } = program
  const offset = workspace.lines(name).offsetAt(at)
  return analysis.occurrences.at(name, offset).map(({ referent }) => ({ analysis, referent }))
}

/** Where a lock defines a tool, a prompt or an argument. */
function lockedSpan({ schema, files, occurrences }: Analysis, referent: Referent): Span | undefined {
  if (referent.kind !== 'tool' && referent.kind !== 'prompt' && referent.kind !== 'argument') return undefined
  const server = schema.servers.get(referent.server)
  const written = server?.blocks.find((one) => one.lock !== undefined)?.lock?.span
  const named = written === undefined ? [] : occurrences.at(written.file, written.start)
  const file = named.find((one) => one.referent.kind === 'file')?.referent.name
  const text = file === undefined ? undefined : files.get(file)
  if (file === undefined || text === undefined || server?.lock === undefined) return undefined
  const { name } = referent
  const { tools, prompts } = server.lock
  const properties = tools.map(({ inputSchema }) => inputSchema.properties)
  const range =
    referent.kind === 'argument'
      ? locateKey(text, [
          'tools',
          properties.findIndex((one) => isJsonObject(one) && Object.hasOwn(one, name)),
          'inputSchema',
          'properties',
          name,
        ])
      : referent.kind === 'tool'
        ? locate(text, ['tools', tools.findIndex((one) => one.name === name), 'name'])
        : locate(text, ['prompts', prompts.findIndex((one) => one.name === name), 'name'])
  return range === undefined ? undefined : { file, ...range }
}

function distinct(spans: readonly Span[]): readonly Span[] {
  return [...new Map(spans.map((span) => [keyOf(span), span])).values()]
}

function keyOf({ file, start, end }: Span): string {
  return `${file} ${start} ${end}`
}
