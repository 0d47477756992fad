import { describe, expect, it } from 'vitest'
import { prompt, resource, template, tool } from '../../src/index.ts'
import { engine } from './policy.ts'

const lock = JSON.stringify({
  lock: 1,
  server: 's',
  tools: [
    { name: 'get', inputSchema: { type: 'object', properties: { path: { type: 'string' } } } },
    { name: 'put', inputSchema: { type: 'object' } },
  ],
  prompts: [{ name: 'help' }],
  resources: [{ name: 'index', uri: 'repo://index' }],
  resourceTemplates: [
    { name: 'file', uriTemplate: 'repo://{owner}/{name}/{+path}' },
    { name: 'wiki', uriTemplate: 'wiki://{page}' },
  ],
})

const wide = `
  actor User
  virtual resource Repo { role reader: User }
  server s from "./s.lock.json" {
    allow call *
    allow read, subscribe *
    allow get *
  }
  server * { allow call *  allow read *  allow get * }`
const files = (text: string) => ({ 'p.licet': text, 's.lock.json': lock })

describe('an item that the lock does not have', () => {
  const asked = engine(files(wide))
  const reason = (action: string, item: Parameters<typeof asked.authorize>[2]) =>
    asked.authorize('User:ann', action, item).reason

  it('is denied under `allow call *` and `server *`', () => {
    expect(reason('call', tool('s', 'get'))).toBe('granted')
    for (const name of ['pull', 'GET', 'get ', 'get\0', 'ge', '*', '', 'constructor', '__proto__', 'help'])
      expect(reason('call', tool('s', name))).toBe('not-permitted')
    expect(reason('get', prompt('s', 'get'))).toBe('not-permitted')
  })

  it('is not listed either', () => {
    expect(reason('list', tool('s', 'get'))).toBe('granted')
    expect(reason('list', tool('s', 'pull'))).toBe('not-permitted')
    expect(reason('list', template('s', 'repo://{a}/{b}/{+c}'))).toBe('not-permitted')
  })

  it('of a server that no block names is denied, also under `server *`', () => {
    expect(reason('call', tool('t', 'get'))).toBe('not-permitted')
    expect(reason('call', tool('s/get', ''))).toBe('not-permitted')
    expect(reason('call', tool('*', 'get'))).toBe('not-permitted')
  })

  it('is told by the pair of server and name, never by the two joined', () => {
    const two = engine(
      'actor User\nserver a { allow call b_c if actor is User }\nserver a_b { allow call d if actor is User }',
    )
    expect(two.can('User:ann', 'call', tool('a', 'b_c'))).toBe(true)
    expect(two.can('User:ann', 'call', tool('a_b', 'c'))).toBe(false)
    expect(two.can('User:ann', 'call', tool('a', 'd'))).toBe(false)
  })
})

describe('a URI', () => {
  const policy = `
    actor User
    virtual resource Repo { role reader: User }
    server s from "./s.lock.json" {
      allow read "repo://{owner}/{name}/{+path}" if Repo["{owner}/{name}"].reader unless path.startsWith("secret")
      allow read "wiki://{page}" if page == "home"
    }`
  const asked = engine(files(policy), [{ object: 'Repo:acme/site', relation: 'reader', subject: 'User:ann' }])
  const read = (uri: string) => asked.authorize('User:ann', 'read', resource('s', uri)).reason

  it('that matches is judged by its parts', () => {
    expect(read('repo://acme/site/docs/a.md')).toBe('granted')
    expect(read('repo://acme/other/docs/a.md')).toBe('not-permitted')
    expect(read('repo://acme/site/secret/a.md')).toBe('not-permitted')
    expect(read('wiki://home')).toBe('granted')
  })

  it.each([
    ['an encoded slash', 'repo://acme/site%2fdocs/x'],
    ['an encoded slash in capitals', 'repo://acme%2Fsite/docs/x'],
    ['a backslash', 'repo://acme\\site/docs/x'],
    ['an encoded backslash', 'repo://acme/site/docs%5Cx'],
    ['an escape of an escape', 'repo://acme/site/%252e%252e/x'],
    ['dot segments', 'repo://acme/site/docs/../secret/a.md'],
    ['encoded dot segments', 'repo://acme/site/%2e%2e/other/x'],
    ['a leading dot segment', 'repo://./acme/site/x'],
    ['an encoded letter', 'repo://acme/site/%73ecret/a.md'],
    ['an encoded letter in lower case', 'repo://acme/site/%73ecret'],
    ['a scheme in capitals', 'REPO://acme/site/x'],
    ['an empty segment', 'repo://acme//site/x'],
    ['a doubled slash in the rest', 'repo://acme/site//secret'],
    ['a NUL', 'repo://acme/site/a\0b'],
    ['an encoded NUL', 'repo://acme/site/a%00b'],
    ['a line break', 'repo://acme/site/a\nb'],
    ['a space', 'repo://acme/site/a b'],
    ['what is no UTF-8', 'repo://acme/site/%ff'],
    ['a broken escape', 'repo://acme/site/%2'],
    ['half a surrogate pair', 'repo://acme/site/\ud800'],
    ['a letter beyond ASCII', 'repo://acme/site/é'],
    ['a user', 'wiki://user@home'],
    ['a query', 'wiki://home?x'],
    ['a fragment', 'wiki://home#x'],
    ['nothing for a variable', 'repo://acme//x'],
    ['nothing at the end', 'repo://acme/site/'],
    ['a trailing slash', 'wiki://home/'],
  ])('with %s is denied', (_, uri) => {
    expect(read(uri)).not.toBe('granted')
  })

  it('with a wild escape is denied under `read *` too', () => {
    const open = engine(files(wide))
    expect(open.can('User:ann', 'read', resource('s', 'repo://acme/site/x'))).toBe(true)
    expect(open.can('User:ann', 'read', resource('s', 'repo://acme/site/../../x'))).toBe(false)
    expect(open.can('User:ann', 'read', resource('s', 'repo://acme/site/%2e%2e/x'))).toBe(false)
    expect(open.can('User:ann', 'read', resource('s', 'file:///etc/passwd'))).toBe(false)
  })
})

describe('annotations', () => {
  it('are those of the lock, whatever the request says', () => {
    const text =
      'actor User\nserver s from "./s.lock.json" { allow call * if actor is User  deny call * if tool.destructive }'
    const lying = {
      ...tool('s', 'put'),
      tool: { destructive: false },
      readOnly: true,
      annotations: { destructiveHint: false },
    }
    expect(engine(files(text)).authorize('User:ann', 'call', lying as ReturnType<typeof tool>).reason).toBe('forbidden')
  })
})
