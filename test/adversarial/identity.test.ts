import { describe, expect, it } from 'vitest'
import { tool } from '../../src/index.ts'
import { codesOf, engine } from './policy.ts'

const docs = 'actor User\nactor Service\nresource Doc { role reader: User | any User  allow read if reader }'

describe('the anonymous actor', () => {
  it('is matched by no `any User`', () => {
    const asked = engine(docs, 'given Doc:1 { reader: any User }')
    expect(asked.can('User:nobody', 'read', 'Doc:1')).toBe(true)
    expect(asked.authorize(null, 'read', 'Doc:1').reason).toBe('not-permitted')
  })

  it('is no user, and has no attributes', () => {
    const asked = engine(
      'actor User { level: int }  resource Doc { allow read if actor is User  allow peek unless actor.level > 1 }',
      'given Doc:1 { }',
    )
    expect(asked.authorize(null, 'read', 'Doc:1').reason).toBe('not-permitted')
    expect(asked.authorize(null, 'peek', 'Doc:1').reason).toBe('error')
  })

  it.each(['', ':', 'User:', ':ann', 'null', 'anonymous', 'User'])('is not spelled %j', (actor) => {
    const asked = engine('actor User  resource Doc { allow read unless false }', 'given Doc:1 { }')
    expect(asked.can(null, 'read', 'Doc:1')).toBe(true)
    expect(asked.authorize(actor, 'read', 'Doc:1').reason).toBe('error')
  })
})

describe('`any User`', () => {
  it('is exactly of the type', () => {
    expect(engine(docs, 'given Doc:1 { reader: any User }').can('Service:s', 'read', 'Doc:1')).toBe(false)
  })

  it('is not spelled `User:*`', () => {
    const asked = engine(docs)
    asked.facts.load([{ object: 'Doc:1', relation: 'reader', subject: 'User:*' }])
    expect(asked.can('User:ann', 'read', 'Doc:1')).toBe(false)
    expect(asked.can('User:*', 'read', 'Doc:1')).toBe(true)
  })

  it('is not asked with an actor of that name', () => {
    const asked = engine(docs, 'given Doc:1 { reader: User:ann }')
    expect(asked.can('User:*', 'read', 'Doc:1')).toBe(false)
  })
})

describe('the keys of two entities', () => {
  const asked = engine(
    'actor User  virtual resource Repo { role writer: User }\nserver s { allow call push if Repo["{args.owner}/{args.repo}"].writer }',
  )
  asked.facts.load([
    { object: 'Repo:acme/site', relation: 'writer', subject: 'User:ann' },
    { object: { type: 'Repo', id: 'a/b/c' }, relation: 'writer', subject: 'User:ann' },
    { object: { type: 'Repo', id: '../site' }, relation: 'writer', subject: 'User:ann' },
    { object: { type: 'Repo', id: '/site' }, relation: 'writer', subject: 'User:ann' },
  ])
  const push = (owner: unknown, repo: unknown) =>
    asked.authorize('User:ann', 'call', tool('s', 'push', { owner, repo })).reason

  it('made by one template never collide', () => {
    expect(push('acme', 'site')).toBe('granted')
    expect(push('a/b', 'c')).toBe('error')
    expect(push('a', 'b/c')).toBe('error')
  })

  it.each([
    ['..', 'site'],
    ['.', 'site'],
    ['', 'site'],
    ['acme', ''],
    ['acme/', 'site'],
    ['acme', '/site'],
    [['acme'], 'site'],
    [{ toString: () => 'acme' }, 'site'],
    [null, 'site'],
    [1.5, 'site'],
    ['acme\ud800', 'site'],
    ['a'.repeat(2000), 'site'],
  ])('%j and %j make none', (owner, repo) => {
    expect(push(owner, repo)).toBe('error')
  })

  it('are as they are spelled: neither case nor Unicode form is folded', () => {
    expect(push('Acme', 'site')).toBe('not-permitted')
    expect(push('acme ', 'site')).toBe('not-permitted')
    const names = engine(docs, [{ object: 'Doc:1', relation: 'reader', subject: 'User:e\u0301' }])
    expect(names.can('User:e\u0301', 'read', 'Doc:1')).toBe(true)
    expect(names.can('User:é', 'read', 'Doc:1')).toBe(false)
  })

  it('of two types do not collide at the colon', () => {
    const names = engine(docs, [{ object: 'Doc:1', relation: 'reader', subject: { type: 'User', id: 'Service:s' } }])
    expect(names.can('User:Service:s', 'read', 'Doc:1')).toBe(true)
    expect(names.can('Service:s', 'read', 'Doc:1')).toBe(false)
    expect(names.can({ type: 'User', id: 's' }, 'read', 'Doc:1')).toBe(false)
  })
})

describe('an action group', () => {
  const policy = 'actor User  action edit = read, write  resource Doc { role reader: User  allow edit if reader }'

  it('grants what it has, and cannot be asked about itself', () => {
    const asked = engine(policy, 'given Doc:1 { reader: User:ann }')
    expect(asked.can('User:ann', 'write', 'Doc:1')).toBe(true)
    const { reason, errors } = asked.authorize('User:ann', 'edit', 'Doc:1')
    expect(reason).toBe('error')
    expect(errors[0]?.message).toMatch(/`read`.*`write`/)
  })

  it('that denies covers what it has', () => {
    const asked = engine(`${policy} deny edit on Doc if "x" in token.groups`, 'given Doc:1 { reader: User:ann }')
    expect(asked.authorize('User:ann', 'read', 'Doc:1', { token: { groups: ['x'] } }).reason).toBe('forbidden')
    expect(asked.authorize('User:ann', 'write', 'Doc:1', { token: { groups: ['x'] } }).reason).toBe('forbidden')
  })

  it('of everything cannot be granted', () => {
    expect(codesOf('actor User\nresource Doc { allow * if actor is User }')).toEqual(['allow-all'])
  })
})

describe('what comes with a request', () => {
  const policy = `
    actor User { level: int }
    resource Doc { owner: User  role reader: User  contextual role guest: User
      allow read if reader or guest or owner  allow high if actor.level > 3 }`
  const asked = engine(policy, 'given Doc:1 { owner: User:bob } given User:ann { level: 1 }')
  const fact = (relation: string) => ({ facts: [{ object: 'Doc:1', relation, subject: 'User:ann' }] })

  it('counts where it was declared contextual, and is an error elsewhere', () => {
    expect(asked.authorize('User:ann', 'read', 'Doc:1').reason).toBe('not-permitted')
    expect(asked.authorize('User:ann', 'read', 'Doc:1', fact('guest')).reason).toBe('granted')
    expect(asked.authorize('User:ann', 'read', 'Doc:1', fact('reader')).reason).toBe('error')
    expect(asked.authorize('User:ann', 'read', 'Doc:1', fact('owner')).reason).toBe('error')
  })

  it('does not stay', () => {
    asked.authorize('User:ann', 'read', 'Doc:1', fact('guest'))
    expect(asked.authorize('User:ann', 'read', 'Doc:1').reason).toBe('not-permitted')
    asked.authorize({ type: 'User', id: 'ann', level: 9 }, 'high', 'Doc:1')
    expect(asked.authorize('User:ann', 'high', 'Doc:1').reason).toBe('not-permitted')
  })

  it('gives no roles inline', () => {
    const inline = { type: 'Doc', id: '1', reader: 'User:ann' } as const
    expect(asked.authorize('User:ann', 'read', inline).reason).toBe('error')
  })
})

describe('a session', () => {
  const policy = `
    actor User
    server s {
      allow call read, send if actor is User
      label call read as untrusted
      deny call send if "untrusted" in session.labels
    }`
  const send = (env: object) => engine(policy).authorize('User:ann', 'call', tool('s', 'send'), env).reason

  it('that is missing is an error, not an empty one', () => {
    expect(send({ session: { labels: [] } })).toBe('granted')
    expect(send({})).toBe('error')
    expect(send({ session: { labels: ['untrusted'] } })).toBe('forbidden')
  })

  it.each([{}, { labels: 'untrusted' }, { labels: null }, { labels: [1] }, [], 'untrusted'])(
    'that is %j is none',
    (session) => {
      expect(send({ session })).toBe('error')
    },
  )
})
