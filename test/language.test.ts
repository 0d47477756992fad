import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '../src/language.ts'

/** The codes that compiling gives, in the order of the text. */
function codesOf(files: string | Readonly<Record<string, string>>): readonly string[] {
  return compile(files).diagnostics.map(({ code }) => code)
}

const lock = JSON.stringify({
  lock: 1,
  server: 'notes',
  tools: [
    { name: 'add', inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } },
  ],
})

describe('a program of several files', () => {
  it('shares its names, whatever imports what', () => {
    const people = 'import "./main.licet"\nactor User'
    const main = 'import "./people.licet"\nresource Doc { role owner: User  allow read if owner }'
    expect(codesOf({ 'main.licet': main, 'people.licet': people })).toEqual([])
  })

  it('finds files relative to the one that names them', () => {
    const server = 'server notes from "../locks/notes.lock.json" { allow call add if actor is User }'
    expect(codesOf({ 'a/main.licet': `actor User\n${server}`, 'locks/notes.lock.json': lock })).toEqual([])
    expect(codesOf({ 'main.licet': `actor User\n${server}`, 'locks/notes.lock.json': lock })).toEqual(['missing-file'])
  })

  it('says a clash once, with both places', () => {
    const { diagnostics } = compile({ 'a.licet': 'actor User', 'b.licet': 'actor User' })
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]).toMatchObject({
      code: 'duplicate-name',
      span: { file: 'b.licet' },
      related: [{ span: { file: 'a.licet' } }],
    })
  })

  it('refuses the lock of another server', () => {
    const text = 'actor User\nserver mail from "./notes.lock.json" { }'
    expect(codesOf({ 'p.licet': text, 'notes.lock.json': lock })).toEqual(['bad-lock'])
  })

  it('knows one lock by any path to it', () => {
    const files = {
      'a.licet': 'actor User\nserver notes from "./locks/n.lock.json" { allow call add if actor is User }',
      'more/b.licet': 'server notes from "../locks/n.lock.json" { limit call add to 3 per 1m }',
    }
    expect(codesOf({ ...files, 'locks/n.lock.json': lock })).toEqual([])
    const other = { 'locks/n.lock.json': lock, 'locks/m.lock.json': lock }
    expect(codesOf({ ...files, 'c.licet': 'server notes from "./locks/m.lock.json" { }', ...other })).toEqual([
      'duplicate-name',
    ])
  })

  it('shows a mistake in a `let` with the place that uses it', () => {
    const text = 'actor User\ncontext { s?: string }\nlet a = context.s == "x"\nresource Doc { allow read if a }'
    expect(compile(text).diagnostics).toMatchObject([
      { code: 'maybe-absent', related: [{ span: { start: text.lastIndexOf('a }') }, message: 'used here' }] },
    ])
  })

  it('refuses scopes without end', () => {
    const scopes = Array.from({ length: 2000 }, (_, i) => `scope "s${i}" includes "s${i + 1}"`)
    expect(codesOf(scopes.join('\n'))).toEqual(['too-large'])
    expect(codesOf(scopes.slice(0, 500).join('\n'))).toEqual([])
  })

  it('tells where a lock is wrong', () => {
    const text = 'actor User\nserver notes from "./notes.lock.json" { }'
    const { diagnostics } = compile({ 'p.licet': text, 'notes.lock.json': '{ "lock": 1, "server": 5 }' })
    expect(diagnostics[0]).toMatchObject({ code: 'bad-lock', span: { file: 'notes.lock.json', start: 23 } })
  })
})

describe('arguments are typed by the lock', () => {
  const check = (rule: string) =>
    codesOf({ 'p.licet': `actor User\nserver notes from "./n.lock.json" { ${rule} }`, 'n.lock.json': lock })

  it.each([
    ['a tool that is there', 'allow call add if args.text == "x"', []],
    ['a tool that is not', 'allow call ad if actor is User', ['unknown-item']],
    ['a pattern that none matches', 'allow call "x*" if actor is User', ['unknown-item']],
    ['an argument that is not there', 'allow call add if args.txt == "x"', ['unknown-field']],
    ['an argument of another type', 'allow call add if args.text == 5', ['never-true']],
    ['arguments of a prompt that nobody has', 'allow get hello if actor is User', ['unknown-item']],
  ])('%s', (_, rule, expected) => {
    expect(check(rule)).toEqual(expected)
  })
})

describe('compiling', () => {
  it('gives a policy exactly where nothing is an error', () => {
    expect(compile('actor User').policy).toBeDefined()
    expect(compile('actor User\nserver s { allow call x if actor is User }').policy).toBeDefined()
    expect(compile('actor User in Nowhere').policy).toBeUndefined()
  })

  it('looks for warnings when they are read, and once', () => {
    const unused = 'actor User resource Doc { allow read if true } let never = true'
    const compiled = compile(unused)
    expect(Object.getOwnPropertyDescriptor(compiled, 'diagnostics')?.get).toBeTypeOf('function')
    expect(compiled.diagnostics.map(({ code }) => code)).toEqual(['unused-let'])
    expect(compiled.diagnostics).toBe(compiled.diagnostics)
    expect({ ...compile(unused) }.diagnostics).toEqual(compiled.diagnostics)
  })

  it('tells warnings beside errors in facts', () => {
    const wrong = 'actor User resource Doc { allow read if true } let never = true given Doc:d { owner: User:u }'
    expect(codesOf(wrong)).toEqual(['unused-let', 'unknown-field'])
  })

  it('names rules by scope, head and ordinal, never by line', () => {
    const text = `
actor User
resource Repo {
  allow read, write if actor is User
  allow read if actor is User
  deny * if actor is User
  @id("mine") allow delete if actor is User
}
deny read on Repo if actor is User
server notes from "./n.lock.json" { allow call add if actor is User  limit call * to 3 per 1m }`
    const { policy } = compile({ 'p.licet': text, 'n.lock.json': lock })
    expect(policy?.program.rules.map(({ id }) => id)).toEqual([
      'Repo.read+#1',
      'Repo.read#1',
      'Repo.deny:*#1',
      'mine',
      'deny:read:Repo#1',
      'notes.call:add#1',
      'notes.limit:call:*#1',
    ])
  })

  it('makes a program that is JSON', () => {
    const text = 'actor User { n: int }\nresource Doc { allow read if actor.n == 9223372036854775807 }'
    const program = compile(text).policy?.program
    expect(JSON.parse(JSON.stringify(program))).toEqual(program)
  })

  it('stays bounded where lets double at each step', () => {
    const lets = Array.from({ length: 40 }, (_, i) => `let f${i + 1}(x: boolean) = f${i}(x) and f${i}(x)`)
    const text = `actor User { b: boolean }\nlet f0(x: boolean) = x\n${lets.join('\n')}\nresource Doc { allow read if f40(actor.b) }`
    expect(codesOf(text)).toEqual(['too-large'])
  })

  it('takes a chain of a hundred thousand roles', () => {
    const roles = Array.from({ length: 100_000 }, (_, i) => `role r${i + 1} if r${i}`)
    expect(codesOf(`actor User\nrole r0: User\n${roles.join('\n')}`)).toEqual([])
  })

  it('never throws, whatever the text', () => {
    const words = fc.constantFrom(
      ...'actor resource role allow deny delegate if unless and or not in has is User Doc owner read : { } ( ) [ ] , . | "x" 5 1m => ? ?? == < + - * test expect given can cannot on server let function scope includes context token any'.split(
        ' ',
      ),
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (soup) => {
        const { policy, diagnostics } = compile(soup.join(' '))
        expect(policy === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
      }),
      { numRuns: 500 },
    )
  })
})
