import { DiagnosticSeverity, DiagnosticTag, type Diagnostic as Shown } from 'vscode-languageserver-protocol'
import type { Code, Diagnostic } from '../../index.ts'
import { type Core, locationOf, rangeOf } from './places.ts'
import type { Program } from './workspace.ts'

/** What has no effect and can be left out. */
const unnecessary: ReadonlySet<Code> = new Set([
  'unused-let',
  'unused-role',
  'unused-import',
  'unreachable-rule',
  'shadowed-allow',
  'deny-never-fires',
  'silences-nothing',
])

/** What is wrong with a text, as the client shows it. `pages` is where each code has a page. */
export function diagnosticsOf(core: Core, name: string, programs: readonly Program[], pages: string): readonly Shown[] {
  return programs
    .filter(({ analysis, guest }) => guest === name || (guest === undefined && analysis.files.has(name)))
    .flatMap(({ analysis }) => analysis.diagnostics.filter(({ span }) => span.file === name))
    .map((one) => shown(core, one, pages))
}

/** Of the program that a text is a part of. */
export function found({ workspace }: Core, name: string): readonly Diagnostic[] {
  const [own] = workspace.programsWith(name)
  return own === undefined ? [] : own.analysis.diagnostics.filter(({ span }) => span.file === name)
}

function shown(core: Core, { code, severity, message, span, help, related }: Diagnostic, pages: string): Shown {
  return {
    range: rangeOf(core, span),
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    codeDescription: { href: `${pages}/${code}.md` },
    source: 'licet',
    message: help === undefined ? message : `${message}\n${help}`,
    ...(unnecessary.has(code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(related === undefined
      ? {}
      : { relatedInformation: related.map((one) => ({ location: locationOf(core, one.span), message: one.message })) }),
  }
}
