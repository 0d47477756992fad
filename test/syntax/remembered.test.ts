import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from '../../src/syntax/parse.ts'
import { newRemembered } from '../../src/syntax/recovery/remembered.ts'
import { readCorpus } from '../corpus/read-corpus.ts'

const root = fileURLToPath(new URL('../../examples', import.meta.url))
const examples = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.licet'))
  .map((name) => readFileSync(`${root}/${name}`, 'utf8'))
const corpus = readCorpus('syntax').flatMap(({ cases }) => cases.map(({ text }) => text))

/** Parses texts one after another with one memory, each as if there had been none before. */
function check(texts: readonly string[]): void {
  const memory = newRemembered()
  for (const text of texts) {
    const source = { name: 'policy.licet', text }
    expect(parse(source, memory), text).toEqual(parse(source))
  }
}

describe('a text that is parsed again', () => {
  it('has the tree and the mistakes that it has anyhow', () => check([...corpus, ...examples, ...corpus]))

  it.each([
    ['moved', ['role a: User\nrole b: User', '// more\nrole a: User\nrole b: User', 'role b: User\nrole a: User']],
    ['twice the same', ['role a: User\nrole a: User\nrole a: User']],
    ['with other documentation', ['/// one\nrole a: User', '/// two\nrole a: User', 'role a: User']],
    [
      'on one line, where statements begin anywhere',
      ['role a: User role b: User', 'role a: User role b: User deny x', 'role a:'],
    ],
    [
      'in a layout that misleads',
      ['allow read on Doc if a\nor\nlimit', 'role a: User if x ==\nrole', 'actor User\nin Team'],
    ],
    [
      'with braces that are missing',
      ['resource A {\n  x: int\nrole b: User', 'resource A {\n  x: int\n}\nrole b: User', '}\nrole b: User'],
    ],
  ])('%s', (_, texts) => check(texts))

  it('whatever has been edited', () => {
    const pieces = fc.constantFrom(
      '',
      ' ',
      '\n',
      '{',
      '}',
      '(',
      '"',
      ':',
      ',',
      '///x\n',
      '&&',
      'if ',
      'role ',
      'and ',
      'User:a',
      '}\n',
      '[',
      '1.5',
    )
    const edit = fc.record({ at: fc.nat(), length: fc.nat({ max: 12 }), put: pieces })
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.array(edit, { minLength: 1, maxLength: 8 }), (text, edits) => {
        const texts = [text]
        for (const { at, length, put } of edits) {
          const before = texts.at(-1) ?? ''
          const start = at % (before.length + 1)
          texts.push(before.slice(0, start) + put + before.slice(start + length))
        }
        check(texts)
      }),
      { numRuns: 25 },
    )
  })
})
