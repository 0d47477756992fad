import { describe, expect, it } from 'vitest'
import { applyFixes, compile, type Diagnostic } from '../src/index.ts'
import { parse } from '../src/syntax/parse.ts'
import { filesOf, readCorpus } from './corpus/read-corpus.ts'

type Files = Readonly<Record<string, string>>

const sourcesOf = (files: Files) => Object.entries(files).map(([name, text]) => ({ name, text }))

function apply(files: Files, diagnostics: readonly Diagnostic[]): Files {
  const changed = applyFixes(sourcesOf(files), diagnostics).files.map(({ name, text }) => [name, text])
  return { ...files, ...Object.fromEntries(changed) }
}

/** All that can be fixed, as `licet check --fix` does it. */
function fixed(files: Files): Files {
  for (let now = files, round = 0; round < 20; round++) {
    const next = apply(now, compile(now).diagnostics)
    if (JSON.stringify(next) === JSON.stringify(now)) return now
    now = next
  }
  throw new Error(`no end of fixing ${JSON.stringify(files)}`)
}

function check(text: string, expected: string): void {
  expect(fixed({ 'policy.licet': text })['policy.licet']).toBe(expected)
}

describe('what is fixed', () => {
  it.each([
    [
      'a name with one letter wrong',
      'resource Doc { owner: User  allow read if ownr }',
      'resource Doc { owner: User  allow read if owner }',
    ],
    ['a type', 'resource Doc { owner: Usr  allow read if owner }', 'resource Doc { owner: User  allow read if owner }'],
    [
      'the type of an entity',
      'resource Doc { allow read if actor == Usr:ann }',
      'resource Doc { allow read if actor == User:ann }',
    ],
    [
      'a field',
      'resource Doc { allow read if actor.emial == "x" }',
      'resource Doc { allow read if actor.email == "x" }',
    ],
    [
      'an action',
      'resource Doc { allow read if actor is User  deny raed }',
      'resource Doc { allow read if actor is User  deny read }',
    ],
    [
      'the role of another type',
      'resource T { role boss: User  allow see if boss }\nresource Doc { role a: T.bos  allow read if a }',
      'resource T { role boss: User  allow see if boss }\nresource Doc { role a: T.boss  allow read if a }',
    ],
    [
      'operators of other languages',
      'resource Doc { a: int  allow read if actor is User&&(a===1 || a !== 2); }',
      'resource Doc { a: int  allow read if actor is User and (a==1 or a != 2) }',
    ],
    [
      'quotes',
      "resource Doc { a: string  allow read if a == 'x' }",
      'resource Doc { a: string  allow read if a == "x" }',
    ],
    [
      'comments',
      'resource Doc { allow read if actor is User } # all',
      'resource Doc { allow read if actor is User } // all',
    ],
    [
      'what nothing uses',
      'let a = actor is User\nresource Doc { allow read if actor is User }',
      'resource Doc { allow read if actor is User }',
    ],
    [
      'what silences nothing',
      '// licet-allow broad-allow: meant\nresource Doc { allow read if actor is User }',
      'resource Doc { allow read if actor is User }',
    ],
  ])('%s', (_, before, after) => {
    check(`actor User { email: string }\n${before}\n`, `actor User { email: string }\n${after}\n`)
  })

  it('in several files', () => {
    const files = {
      'a.licet': 'import "./b.licet"\nimport "./b.licet"\nresource Doc { owner: Usr  allow read if owner }\n',
      'b.licet': 'actor User { boss?: Usr }\n',
    }
    expect(fixed(files)).toEqual({
      'a.licet': 'import "./b.licet"\nresource Doc { owner: User  allow read if owner }\n',
      'b.licet': 'actor User { boss?: User }\n',
    })
  })
})

describe('what is not', () => {
  it.each([
    ['a name that two are equally near to', 'resource Doc { tag1: User  tag2: User  allow read if tag3 }'],
    ['a negation that binds otherwise elsewhere', 'resource Doc { a: boolean  allow read if !a }'],
    ['a string that would change', `resource Doc { a: string  allow read if a == '"{x}' }`],
    ['a `let` that is documented', '/// why\nlet a = actor is User\nresource Doc { allow read if actor is User }'],
    ['a rule that changes nothing', 'resource Doc { owner: User  allow read  allow read if owner }'],
    ['a match that grants too much', 'resource Doc { allow read if actor.email.matches(/x/) }'],
  ])('%s', (_, text) => {
    check(`actor User { email: string }\n${text}\n`, `actor User { email: string }\n${text}\n`)
  })
})

describe('in the corpus', () => {
  const cases = ['syntax', 'check'].flatMap((folder) =>
    readCorpus(folder).flatMap(({ cases }) => cases.filter(({ text }) => text.length < 5_000)),
  )
  const of = ({ code, span, message }: Diagnostic) => `${code} ${span.file} ${span.start} ${message}`

  it('each fix does away with what it is about, and no text parses worse', () => {
    const codes = new Set<string>()
    for (const { title, text } of cases) {
      const files = filesOf('policy.licet', text)
      for (const one of compile(files).diagnostics) {
        if (one.fix === undefined) continue
        codes.add(one.code)
        const after = apply(files, [one])
        expect(after, title).not.toEqual(files)
        expect(compile(after).diagnostics.map(of), title).not.toContain(of(one))
        for (const { name, text } of sourcesOf(after)) {
          if (name.endsWith('.json')) continue
          const count = (text: string) => parse({ name, text }).diagnostics.length
          expect(count(text), title).toBeLessThanOrEqual(count(files[name] ?? ''))
        }
      }
    }
    expect([...codes].sort()).toEqual([
      'bad-entity',
      'silences-nothing',
      'syntax',
      'unknown-action',
      'unknown-field',
      'unknown-item',
      'unknown-name',
      'unknown-role',
      'unknown-type',
      'unused-import',
      'unused-let',
    ])
  })

  it('fixing comes to an end', () => {
    for (const { text } of cases) fixed(filesOf('policy.licet', text))
  })
})
