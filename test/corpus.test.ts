import { describe, expect, it } from 'vitest'
import { codes } from '../src/base/codes.ts'
import type { Diagnostic } from '../src/base/diagnostic.ts'
import type { SourceFile } from '../src/base/source.ts'
import { compile } from '../src/language.ts'
import { parse } from '../src/syntax/parse.ts'
import { failuresOf, filesOf, found, readCorpus, survivorsIn, uncoveredIn } from './corpus/read-corpus.ts'

/** What finds the diagnostics of the cases in each folder of the corpus. */
const finders: Readonly<Record<string, (source: SourceFile) => readonly Diagnostic[]>> = {
  syntax: (source) => parse(source).diagnostics,
  check: ({ name, text }) => compile(filesOf(name, text)).diagnostics,
  test: ({ name, text }) => failuresOf(filesOf(name, text)),
  cover: ({ name, text }) => uncoveredIn(filesOf(name, text)),
  mutate: ({ name, text }) => survivorsIn(filesOf(name, text)),
}

for (const [folder, find] of Object.entries(finders)) {
  for (const { file, cases } of readCorpus(folder)) {
    describe(`${folder}/${file}`, () => {
      it.each(cases)('$title', ({ text, expected }) => {
        expect(found(find({ name: 'policy.licet', text }), text, expected)).toEqual(expected)
      })
    })
  }
}

it('every code has a case', () => {
  const lines = Object.keys(finders).flatMap((folder) =>
    readCorpus(folder).flatMap(({ cases }) => cases.flatMap(({ expected }) => expected)),
  )
  const covered = new Set(lines.map((line) => line.replace(/^(?:error|warning) /, '').split(' ')[0]))
  expect(codes.filter(({ code }) => !covered.has(code)).map(({ code }) => code)).toEqual([])
})
