import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { analyse, complete, hoverAt, signaturesAt } from '../../src/assist.ts'
import { codeActionsOf } from '../../src/surfaces/lsp/code-actions.ts'
import { foldingRanges } from '../../src/surfaces/lsp/folding.ts'
import { formattingOf } from '../../src/surfaces/lsp/formatting.ts'
import { semanticTokensOf } from '../../src/surfaces/lsp/semantic-tokens.ts'
import { documentSymbols } from '../../src/surfaces/lsp/symbols.ts'
import { changed, lineIndex } from '../../src/surfaces/lsp/text.ts'
import { coreOn } from './core.ts'

const texts = ['documents', 'mail', 'team-of-agents'].map((name) =>
  readFileSync(new URL(`../../examples/${name}/policy.licet`, import.meta.url), 'utf8'),
)

const pieces = fc.oneof(
  fc.constantFrom('', ' ', '\n', '\r\n', '{', '}', '(', ')', '"', '.', ':', ',', '/', '//', '///', '\\', '𝒳', '|', '@'),
  fc.constantFrom(
    ...'if unless and not in is has actor resource role allow deny server test given expect let any'.split(' '),
  ),
  fc.constantFrom(
    'User:ann',
    'true',
    '5m',
    '1.5',
    'actor.',
    'token.groups',
    'resource X {\n',
    '"{args.',
    'import "./a.licet"',
  ),
)
const edit = fc.record({ at: fc.nat(), length: fc.nat({ max: 30 }), put: pieces })

it('after any edits the state is that of a server that has seen nothing before, and every question has an answer', () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => {
      const { core } = coreOn({ 'policy.licet': `${text.replaceAll('|', '')}|` })
      const name = '/w/policy.licet'
      let plain = core.workspace.text(name) ?? ''
      for (const { at, length, put } of edits) {
        const start = at % (plain.length + 1)
        const end = Math.min(plain.length, start + length)
        const lines = lineIndex(plain)
        const now = changed(plain, [
          { range: { start: lines.positionAt(start), end: lines.positionAt(end) }, text: put },
        ])
        plain = now
        core.workspace.open(name, plain)
        const [program] = core.workspace.programsWith(name)
        const fresh = analyse(program?.analysis.files ?? new Map())
        expect(program?.analysis.diagnostics).toEqual(fresh.diagnostics)
        expect(program?.analysis.policies).toEqual(fresh.policies)
        expect(program?.analysis.program).toEqual(fresh.program)
        expect(program?.analysis.occurrences.in(name)).toEqual(fresh.occurrences.in(name))
        for (const offset of [start, start + put.length, plain.length]) {
          hoverAt(fresh, name, offset)
          signaturesAt(fresh, name, offset)
        }
        complete(fresh, name, start + put.length)
      }
      const all = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } }
      codeActionsOf(core, name, all, [])
      foldingRanges(core, name)
      formattingOf(core, name)
      documentSymbols(core, name)
      semanticTokensOf(core, name)
    }),
    { numRuns: 6 },
  )
})
