import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalUri } from '../../src/ir/canonical-uri.ts'
import { lockedTemplate, mayMeet } from '../../src/ir/template-overlap.ts'
import type { UriTemplate } from '../../src/ir/uri-template.ts'
import { expandTemplate, matchUri, parseUriTemplate, sameShape } from '../../src/ir/uri-template.ts'
import { processorTime } from '../processor-time.ts'

function template(text: string): UriTemplate {
  const { template, reason } = parseUriTemplate(text)
  if (template === undefined) throw new Error(`${text}: ${reason}`)
  return template
}

function match(text: string, uri: string): Record<string, string> | undefined {
  const values = matchUri(template(text), uri)
  return values && Object.fromEntries(values)
}

describe('canonicalUri', () => {
  it.each([
    'repo://acme/site',
    'repo://acme/site/',
    'repo://Acme',
    'file:///srv/a%20b.txt',
    'file:///',
    'urn:isbn:123',
    'mailto:ann@acme.dev',
    "x://a/-._~!$&'()*+,;=:@",
    'x://a/...',
    'x://a/..b',
    'x://a/%C3%BC',
    'x://a?q=a%26b&c=/..',
    'x://a#part',
    'https://acme.dev:8080/x',
  ])('accepts %s', (uri) => expect(canonicalUri(uri)).toBe(true))

  it.each([
    ['', 'nothing'],
    ['repo', 'no scheme'],
    ['Repo://a', 'capital in the scheme'],
    ['repo:', 'nothing after the scheme'],
    ['/srv/a', 'no scheme'],
    ['file:/srv/a', 'another spelling of file:///srv/a'],
    ['file://localhost/srv', 'another spelling of file:///srv'],
    ['http://Acme.dev/', 'capital in a host'],
    ['http://acme.dev:80/', 'default port'],
    ['https://acme.dev:443/', 'default port'],
    ['https://ann@acme.dev/', 'user information'],
    ['x://a/../b', 'dot segments'],
    ['x://a/..', 'dot segments'],
    ['x://a/./b', 'dot segments'],
    ['x://../b', 'dot segments'],
    ['x:..', 'dot segments'],
    ['x://a//b', 'empty segment'],
    ['x://a//', 'empty segment'],
    ['x:////a', 'empty segment'],
    ['x://a/%2e%2e/b', 'encoded dots'],
    ['x://a/%2E/b', 'encoded dot'],
    ['x://a/b%2Fc', 'encoded slash'],
    ['x://a/b%2fc', 'encoded slash'],
    ['x://a/b%5Cc', 'encoded backslash'],
    ['x://a?b%2Fc', 'encoded slash in the query'],
    ['x://a/b\\c', 'backslash'],
    ['x://a/%41', 'encoded letter'],
    ['x://a/%3A', 'encoded colon'],
    ['x://a/%c3%bc', 'lowercase escape'],
    ['x://a/%00', 'encoded control character'],
    ['x://a/%0A', 'encoded control character'],
    ['x://a/%7F', 'encoded control character'],
    ['x://a/%C2%85', 'encoded C1 control character'],
    ['x://a/%E2%80%A8', 'encoded line separator'],
    ['x://a/%252F', 'escaped twice'],
    ['x://a/%', 'malformed escape'],
    ['x://a/%2', 'malformed escape'],
    ['x://a/%zz', 'malformed escape'],
    ['x://a/%C3', 'half a character'],
    ['x://a/%ED%A0%80', 'encoded surrogate'],
    ['x://a/%C0%AF', 'overlong slash'],
    ['x://a b', 'space'],
    ['x://a/b ', 'space'],
    [' x://a', 'space'],
    ['x://a\n', 'line end'],
    ['x://a\u0000', 'control character'],
    ['x://a/ü', 'not ASCII'],
    ['x://a/\ud800', 'lone surrogate'],
    ['x://a/\u202eb', 'reordering character'],
    ['x://a/{b}', 'brace'],
    ['x://a?', 'empty query'],
    ['x://a#', 'empty fragment'],
    ['x://a#b#c', 'two fragments'],
  ])('refuses %j: %s', (uri) => expect(canonicalUri(uri)).toBe(false))

  it('takes linear time', () => {
    for (const long of [
      `x://${'a'.repeat(1e6)} `,
      `x:${'/a'.repeat(5e5)}\\`,
      `x://a?${'%20'.repeat(3e5)}%`,
      'a'.repeat(1e6),
    ]) {
      const start = processorTime()
      expect(canonicalUri(long)).toBe(false)
      expect(processorTime() - start).toBeLessThan(500)
    }
  })
})

describe('parseUriTemplate', () => {
  it.each([
    ['repo://{owner}/{name}/{+path}', ['owner', 'name', 'path']],
    ['repo://{owner}/{name}/contents{/path*}', ['owner', 'name', 'path']],
    ['postgres://{host}/{table}/schema', ['host', 'table']],
    ['x://a/v{n}.json', ['n']],
    ['file://{+path}', ['path']],
    ['x://localhost:{port}/', ['port']],
    ['urn:isbn:{n}', ['n']],
    ['x://a', []],
    ['x://größe/{n}', ['n']],
    ['x://{a}/b?c=d', ['a']],
  ])('reads %s', (text, variables) => expect(template(text).variables).toEqual(variables))

  it.each([
    ['', 'begins with a scheme'],
    ['{scheme}://x', 'begins with a scheme'],
    ['/srv/{x}', 'begins with a scheme'],
    ['File://{x}', 'begins with a scheme'],
    ['x://{a}{b}', 'side by side'],
    ['x://{a}{+b}', 'side by side'],
    ['x://{a}{/b*}', 'side by side'],
    ['x://{a}-{b}', 'one path segment'],
    ['x://{a}-{+b}', 'one path segment'],
    ['x://{+a}/b', 'has to be last'],
    ['x://a{/b*}/c', 'has to be last'],
    ['x://{a}/{a}', 'twice'],
    ['x://{?q}', 'cannot be matched back'],
    ['x://a{&q}', 'cannot be matched back'],
    ['x://a{#q}', 'cannot be matched back'],
    ['x://a{.q}', 'cannot be matched back'],
    ['x://a{;q}', 'cannot be matched back'],
    ['x://a?q={q}', 'in a query'],
    ['x://{a,b}', 'is not'],
    ['x://{a*}', 'is not'],
    ['x://{/a}', 'is not'],
    ['x://{a:3}', 'is not'],
    ['x://{}', 'is not'],
    ['x://{a b}', 'is not'],
    ['x://{1a}', 'is not'],
    ['x://{a', 'never closed'],
    ['x://a}', 'without a `{`'],
    ['x://{a}}', 'without a `{`'],
    ['x://a//{b}', 'no canonical URI'],
    ['x://a/../{b}', 'no canonical URI'],
    ['x://a b/{b}', 'no canonical URI'],
    ['x://%2F/{b}', 'no canonical URI'],
    ['x://%C3%A{b}', 'hexadecimal digits'],
    ['file:/{+b}', 'no canonical URI'],
    ['x://\ud800', 'surrogate'],
  ])('refuses %j: %s', (text, reason) => expect(parseUriTemplate(text).reason).toContain(reason))
})

describe('matchUri', () => {
  it.each([
    ['repo://{owner}/{name}', 'repo://acme/site', { owner: 'acme', name: 'site' }],
    ['repo://{owner}/{name}', 'repo://acme/a%20b', { owner: 'acme', name: 'a b' }],
    ['repo://{owner}/{name}', 'repo://acme', undefined],
    ['repo://{owner}/{name}', 'repo://acme/', undefined],
    ['repo://{owner}/{name}', 'repo://acme/site/', undefined],
    ['repo://{owner}/{name}', 'repo://acme/site/x', undefined],
    ['repo://{owner}/{name}', 'repo://acme/site?ref=x', undefined],
    ['repo://{owner}/{name}', 'repo://acme/site#x', undefined],
    ['repo://{owner}/{name}', 'repo://acme/..', undefined],
    ['repo://{owner}/{name}', 'repo://acme/a%2Fb', undefined],
    ['repo://{owner}/{name}/{+path}', 'repo://acme/site/a/b', { owner: 'acme', name: 'site', path: 'a/b' }],
    ['repo://{owner}/{name}/{+path}', 'repo://acme/site/a/b/', { owner: 'acme', name: 'site', path: 'a/b/' }],
    ['repo://{owner}/{name}/{+path}', 'repo://acme/site/', undefined],
    ['repo://{owner}/{name}/{+path}', 'repo://acme/site/a?b', undefined],
    ['x://c{/path*}', 'x://c/a/b', { path: 'a/b' }],
    ['x://c{/path*}', 'x://c/a', { path: 'a' }],
    ['x://c{/path*}', 'x://c/', undefined],
    ['x://c{/path*}', 'x://c/a/', undefined],
    ['x://c{/path*}', 'x://c', undefined],
    ['x://c{/path*}', 'x://cd', undefined],
    ['file://{+path}', 'file:///srv/a', { path: '/srv/a' }],
    ['file:///{+path}', 'file:///srv/a', { path: 'srv/a' }],
    ['x://a/v{n}.json', 'x://a/v12.json', { n: '12' }],
    ['x://a/v{n}.json', 'x://a/v.json', undefined],
    ['x://a/v{n}.json', 'x://a/v1.json.json', { n: '1.json' }],
    ['x://a/v{n}.json/b', 'x://a/v1.json/b', { n: '1' }],
    ['x://a/v{n}', 'x://a/v..', undefined],
    ['x://a/v{+n}', 'x://a/v../b', undefined],
    ['x://{a}/b?c=d', 'x://1/b?c=d', { a: '1' }],
    ['x://{a}/b?c=d', 'x://1/b', undefined],
    ['x://größe/{n}', 'x://gr%C3%B6%C3%9Fe/%C3%BC', { n: 'ü' }],
    ['x://a', 'x://a', {}],
    ['x://a', 'x://ab', undefined],
    ['x://a/{__proto__}', 'x://a/b', JSON.parse('{"__proto__":"b"}')],
  ])('%s on %s', (text, uri, values) => expect(match(text, uri)).toEqual(values))
})

const names = ['a', 'b', 'c', 'd', 'e', 'f']
const piece = fc.constantFrom('x', 'xx', 'y', '-', '.', 'x.y')
const segment = fc.oneof(
  piece,
  fc.record({ prefix: fc.option(piece, { nil: '' }), suffix: fc.option(piece, { nil: '' }) }),
)
/** Templates of every form, over an alphabet so small that they often match the same URIs. */
const aTemplate = fc
  .tuple(
    fc.array(segment, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '', '/', '/{+z}', '{/z*}', '/x{+z}', '?x'),
  )
  .map(([segments, tail]) => {
    const written = segments.map((s, i) => (typeof s === 'string' ? s : `${s.prefix}{${names[i]}}${s.suffix}`))
    return parseUriTemplate(`x://${written.join('/')}${tail}`).template
  })
  .filter((t) => t !== undefined)
/** A template and a URI that it may match: its variables filled with whatever. */
const filled = fc
  .tuple(
    aTemplate,
    fc.array(fc.constantFrom('x', 'y', 'xx', 'x.y', 'x/y', '-', '.', '..', '?', '%20', '%C3%BC', '%25', '@', ''), {
      minLength: 7,
      maxLength: 7,
    }),
  )
  .map(([t, values]): [UriTemplate, string] => {
    const written = t.parts.map((part, i) => {
      return part.kind === 'literal' ? part.text : `${part.kind === 'segments' ? '/' : ''}${values[i % 7]}`
    })
    return [t, written.join('')]
  })

describe('invariant 17', () => {
  it('a match re-expands to exactly the URI', () => {
    let matched = 0
    fc.assert(
      fc.property(filled, ([t, uri]) => {
        const values = matchUri(t, uri)
        if (values === undefined) return
        matched++
        expect(expandTemplate(t, values)).toBe(uri)
      }),
      { numRuns: 20_000 },
    )
    expect(matched).toBeGreaterThan(5000)
  })

  it('no two bindings give the same URI', () => {
    const value = fc.oneof(
      fc.constantFrom('a', '/', 'a/b', '..', 'ü', ' ', '%', '%2F', '?', '#', '\ud800', '😀', 'a:@'),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(aTemplate, fc.array(value, { minLength: 7, maxLength: 7 }), (t, values) => {
        const binding = new Map(t.variables.map((name, i) => [name, values[i] ?? '']))
        const uri = expandTemplate(t, binding)
        if (uri !== undefined) expect(matchUri(t, uri)).toEqual(binding)
      }),
      { numRuns: 20_000 },
    )
  })

  it('expands what can be matched, and nothing else', () => {
    const t = template('repo://{owner}/{+path}')
    const expand = (owner: string, path: string) =>
      expandTemplate(
        t,
        new Map([
          ['owner', owner],
          ['path', path],
        ]),
      )
    expect(expand('a b', 'x/ü.md')).toBe('repo://a%20b/x/%C3%BC.md')
    expect(expand('ann@acme.dev', 'x')).toBe('repo://ann@acme.dev/x')
    for (const [owner, path] of [
      ['', 'x'],
      ['a/b', 'x'],
      ['..', 'x'],
      ['a', '../x'],
      ['a', ''],
      ['a', 'x//y'],
      ['\ud800', 'x'],
      ['a\n', 'x'],
    ] as const) {
      expect(expand(owner, path)).toBeUndefined()
    }
    expect(expandTemplate(t, new Map())).toBeUndefined()
  })
})

describe('sameShape', () => {
  it.each([
    ['x://{a}/{b}', 'x://{b}/{c}', true],
    ['x://{a}/b', 'x://{a}/c', false],
    ['x://{a}', 'x://{+a}', false],
    ['x://c{/a*}', 'x://c/{+a}', false],
    ['x://{a}', 'x://{a}/b', false],
  ])('%s and %s: %s', (a, b, same) => expect(sameShape(template(a), template(b))).toBe(same))
})

/** Every sequence of one to `longest` of the words. */
function sequences(words: readonly string[], longest: number): string[][] {
  if (longest === 0) return []
  const shorter = sequences(words, longest - 1)
  return [...words.map((word) => [word]), ...shorter.flatMap((sequence) => words.map((word) => [word, ...sequence]))]
}

describe('templates of servers', () => {
  it('outside the subset they lock nothing, and may meet anything', () => {
    const loose = lockedTemplate('x://a{?q}')
    expect(matchUri(loose, 'x://a')).toBeUndefined()
    expect(matchUri(loose, 'x://a?q=1')).toBeUndefined()
    expect(mayMeet(template('y://b'), loose)).toBe(true)
  })

  it.each([
    ['x://{a}', 'x://b', true],
    ['x://{a}', 'x://b/c', false],
    ['x://{a}', 'y://{a}', false],
    ['x://{a}/b', 'x://{a}/c', false],
    ['x://{a}/b', 'x://c/{d}', true],
    ['x://v{a}', 'x://w{a}', false],
    ['x://v{a}', 'x://{a}.json', true],
    ['x://{a}.json', 'x://{a}.txt', false],
    ['x://a/{+b}', 'x://a/b/c/d', true],
    ['x://a/{+b}', 'x://b/c', false],
    ['x://a{/b*}', 'x://a/{c}', true],
    ['x://a{/b*}', 'x://a', false],
    ['repo://{owner}/{name}/{+path}', 'repo://{owner}/{repo}/contents{/path*}', true],
  ])('%s and %s may meet: %s', (a, b, may) => {
    expect(mayMeet(template(a), template(b))).toBe(may)
    expect(mayMeet(template(b), template(a))).toBe(may)
  })

  it('templates that a URI matches both may meet', () => {
    const uris = sequences(['x', 'y', 'xy', 'xyy', 'xxy'], 3).map((segments) => `x://${segments.join('/')}`)
    const forms = sequences(['x', 'xy', '{}', 'x{}', '{}y', 'x{}y'], 2)
      .map((segments) => segments.map((text, i) => text.replace('{}', `{v${i}}`)).join('/'))
      .flatMap((text) =>
        ['', '/{+z}', '{/z*}', '/x{+z}'].map((tail) => parseUriTemplate(`x://${text}${tail}`).template),
      )
      .filter((t) => t !== undefined)
      .map((t) => ({ t, matched: new Set(uris.filter((uri) => matchUri(t, uri))) }))
    const wrong = forms.flatMap((a) =>
      forms
        .filter((b) => !mayMeet(a.t, b.t) && [...a.matched].some((uri) => b.matched.has(uri)))
        .map((b) => `${a.t.text} and ${b.t.text}`),
    )
    expect(forms.length).toBeGreaterThan(100)
    expect(wrong).toEqual([])
  })

  it('nothing throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const { template: t, reason } = parseUriTemplate(`x:${a}`)
        expect(t === undefined).toBe(reason !== undefined)
        if (t) matchUri(t, b)
        canonicalUri(b)
      }),
    )
  })
})
