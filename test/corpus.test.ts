import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../src/base/diagnostic.ts'
import type { SourceFile } from '../src/base/source.ts'
import { parse } from '../src/syntax/parse.ts'
import { found, readCorpus } from './corpus/read-corpus.ts'

/** What finds the diagnostics of the cases in each folder of the corpus. */
const finders: Readonly<Record<string, (source: SourceFile) => readonly Diagnostic[]>> = {
  syntax: (source) => parse(source).diagnostics,
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
