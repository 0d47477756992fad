import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { codes, type Diagnostic, type Fix, type SourceFile, type Span } from '../../index.ts'
import { type Place, placesIn } from './diagnostic-json.ts'

/**
 * Diagnostics as a log of the Static Analysis Results Interchange Format, SARIF 2.1.0 (OASIS). Files are named relative to
 * the working directory, which for code scanning has to be the root of the repository.
 */
export function sarifLog(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[], version: string) {
  const placeOf = placesIn(sources)
  const index = new Map(codes.map(({ code }, at) => [code, at]))
  const rules = codes.map(({ code, severity, about }) => ({
    id: code,
    shortDescription: { text: about },
    help: { text: `${about}; docs/diagnostics/${code}.md of the package says more` },
    defaultConfiguration: { level: severity },
  }))
  const results = diagnostics.map(({ code, severity, message, span, help, related = [], fix }) => ({
    ruleId: code,
    ruleIndex: index.get(code),
    level: severity,
    message: { text: help === undefined ? message : `${message} (${help})` },
    locations: [location(span, placeOf)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((one, id) => ({
            id,
            message: { text: one.message },
            ...location(one.span, placeOf),
          })),
        }),
    ...(fix === undefined ? {} : { fixes: [sarifFix(fix, help ?? message, placeOf)] }),
  }))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      { tool: { driver: { name: 'licet', semanticVersion: version, rules } }, columnKind: 'utf16CodeUnits', results },
    ],
  }
}

/** A change that a viewer can offer: SARIF 2.1.0, section 3.55. */
function sarifFix({ edits }: Fix, text: string, placeOf: (span: Span) => Place) {
  const files = [...new Set(edits.map(({ span }) => span.file))]
  return {
    description: { text },
    artifactChanges: files.map((file) => ({
      artifactLocation: { uri: uriOf(file) },
      replacements: edits
        .filter(({ span }) => span.file === file)
        .map((edit) => ({ deletedRegion: regionOf(edit.span, placeOf), insertedContent: { text: edit.text } })),
    })),
  }
}

function location(span: Span, placeOf: (span: Span) => Place) {
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(span.file) }, region: regionOf(span, placeOf) },
  }
}

function regionOf(span: Span, placeOf: (span: Span) => Place) {
  const { start, end } = placeOf(span)
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column }
}

function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : file.split('/').map(encodeURIComponent).join('/')
}
