import { describe, expect, it } from 'vitest'
import { compile, createEngine, type EntityInput, type Environment, type FactInput } from '../../src/index.ts'

const schema = `
actor User in Group { team?: Group  teams: Group[]  manager?: User  clearance?: int }
actor Agent { trusted: boolean }
resource Group in Group { role member: User | any User }
resource Folder in Folder { parent?: Folder  public?: boolean  role viewer: User | Group | Group.member  if parent.viewer }
virtual resource Channel { role listener: User }
`

interface Case {
  readonly doc: string
  readonly facts?: readonly (EntityInput | FactInput)[]
  readonly actor?: string | EntityInput | null
  readonly env?: Environment
  readonly given?: string
}

function engineOf({ doc, facts = [], given = '' }: Case, backend: 'compiled' | 'interpreted') {
  const text = `${schema} resource Doc in Folder { ${doc} } ${given}`
  const { policy, diagnostics } = compile(text)
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  return createEngine(policy, { facts, backend })
}

/** What ann may read, of both backends. */
function check(one: Case, expected: readonly string[]) {
  for (const backend of ['compiled', 'interpreted'] as const) {
    const { actor = 'User:ann', env = { now: 0 } } = one
    const found = engineOf(one, backend).list(actor, 'read', 'Doc', env)
    expect([...found], backend).toEqual(expected)
    expect(found, backend).toMatchObject({ complete: true, errors: [] })
  }
}

const ann = 'User:ann'
const in_ = (object: string, subject: string): FactInput => ({ object, relation: 'in', subject })
const fact = (object: string, relation: string, subject: FactInput['subject'], more = {}): FactInput => ({
  object,
  relation,
  subject,
  ...more,
})
const doc = (id: string, fields = {}): EntityInput => ({ type: 'Doc', id, ...fields })

describe('a list has', () => {
  const role = 'role reader: User | Group | any User | Group.member  allow read if reader'
  it.each<[string, Case, readonly string[]]>([
    ['nothing where nothing is', { doc: role }, []],
    [
      'what somebody was assigned to, sorted',
      {
        doc: role,
        facts: [fact('Doc:b', 'reader', ann), fact('Doc:a', 'reader', ann), fact('Doc:c', 'reader', 'User:bob')],
      },
      ['Doc:a', 'Doc:b'],
    ],
    [
      'what a group of a group was assigned to, in circles too',
      {
        doc: role,
        facts: [
          in_(ann, 'Group:a'),
          in_('Group:a', 'Group:b'),
          in_('Group:b', 'Group:a'),
          fact('Doc:a', 'reader', 'Group:b'),
        ],
      },
      ['Doc:a'],
    ],
    ['what everyone of the type was', { doc: role, facts: [fact('Doc:a', 'reader', { any: 'User' })] }, ['Doc:a']],
    [
      'what the holders of a role were',
      {
        doc: role,
        facts: [
          fact('Group:g', 'member', ann),
          fact('Doc:a', 'reader', { entity: 'Group:g', role: 'member' }),
          fact('Doc:b', 'reader', { entity: 'Group:h', role: 'member' }),
        ],
      },
      ['Doc:a'],
    ],
    [
      'nothing that has ended',
      { doc: role, facts: [fact('Doc:a', 'reader', ann, { until: 0 }), fact('Doc:b', 'reader', ann, { until: 1 })] },
      ['Doc:b'],
    ],
    [
      'what lies below, however deep, cycles too',
      {
        doc: 'folder?: Folder  allow read if folder.viewer',
        facts: [
          fact('Folder:top', 'viewer', ann),
          fact('Folder:mid', 'parent', 'Folder:top'),
          fact('Folder:top', 'parent', 'Folder:mid'),
          doc('a', { folder: 'Folder:mid' }),
          doc('b', { folder: 'Folder:other' }),
        ],
      },
      ['Doc:a'],
    ],
    [
      'what a path of several steps leads from',
      {
        doc: 'folder?: Folder  allow read if folder.parent.viewer',
        facts: [
          fact('Folder:top', 'viewer', ann),
          fact('Folder:mid', 'parent', 'Folder:top'),
          doc('a', { folder: 'Folder:mid' }),
        ],
      },
      ['Doc:a'],
    ],
    [
      'what a field names',
      {
        doc: 'owner?: User  editors: User[]  allow read if owner or editors',
        facts: [doc('a', { owner: ann }), doc('b', { editors: ['User:bob', ann] }), doc('c', { owner: 'User:bob' })],
      },
      ['Doc:a', 'Doc:b'],
    ],
    [
      'what a field is compared with',
      {
        doc: 'owner?: User  allow read if actor is User and actor has manager and resource has owner and owner == actor.manager',
        facts: [doc('a', { owner: 'User:eve' }), { type: 'User', id: 'ann', manager: 'User:eve' }],
      },
      ['Doc:a'],
    ],
    [
      'what some member of a field is',
      {
        doc: 'editors: User[]  allow read if editors.some(e => e has manager and e.manager == actor)',
        facts: [
          doc('a', { editors: ['User:bob'] }),
          { type: 'User', id: 'bob', manager: ann },
          doc('b', { editors: [ann] }),
        ],
      },
      ['Doc:a'],
    ],
    [
      'what a field of the actor leads to',
      {
        doc: 'team?: Group  allow read if actor is User and resource has team and actor.teams.includes(team)',
        facts: [
          doc('a', { team: 'Group:g' }),
          doc('b', { team: 'Group:h' }),
          { type: 'User', id: 'ann', teams: ['Group:g'] },
        ],
      },
      ['Doc:a'],
    ],
    [
      'what is contained in something',
      {
        doc: 'allow read if resource in Folder:top',
        facts: [in_('Folder:mid', 'Folder:top'), in_('Doc:a', 'Folder:mid'), doc('b')],
      },
      ['Doc:a'],
    ],
    [
      'what only an attribute tells',
      {
        doc: 'public: boolean  allow read if public',
        facts: [doc('a', { public: true }), doc('b', { public: false })],
      },
      ['Doc:a'],
    ],
    [
      'what a negation leaves, and no error',
      {
        doc: 'secret: boolean  allow read if not secret',
        facts: [doc('a', { secret: false }), doc('b', { secret: true }), doc('c')],
      },
      ['Doc:a'],
    ],
    [
      'nothing that is denied',
      {
        doc: `${role} secret?: boolean  deny read if secret ?? false`,
        facts: [fact('Doc:a', 'reader', ann), fact('Doc:b', 'reader', ann), doc('b', { secret: true })],
      },
      ['Doc:a'],
    ],
    [
      'either side of a choice',
      {
        doc: 'public: boolean  owner?: User  allow read if public ? true : owner',
        facts: [doc('a', { public: true }), doc('b', { public: false, owner: ann }), doc('c', { public: false })],
      },
      ['Doc:a', 'Doc:b'],
    ],
    [
      'everything where something holds of the actor alone',
      {
        doc: 'allow read if actor is User and (actor.clearance ?? 0) > 1',
        facts: [doc('a'), { type: 'User', id: 'ann', clearance: 2 }],
      },
      ['Doc:a'],
    ],
    [
      'what is known, and nothing that only an ended fact mentions',
      {
        doc: 'role reader: User  allow read if actor is User',
        facts: [fact('Doc:a', 'reader', 'User:bob', { until: 0 }), fact('Doc:b', 'reader', 'User:bob', { until: 1 })],
      },
      ['Doc:b'],
    ],
    [
      'what the token of the request opens',
      {
        doc: 'role reader: User  allow read if reader and scope("docs")',
        facts: [fact('Doc:a', 'reader', ann)],
        env: { now: 0, token: { scopes: ['docs'] } },
      },
      ['Doc:a'],
    ],
    [
      'nothing that has still to be got',
      { doc: 'role reader: User  allow read if reader and scope("docs")', facts: [fact('Doc:a', 'reader', ann)] },
      [],
    ],
    [
      'what facts of the request give',
      {
        doc: 'contextual role guest: User | Group  allow read if guest',
        facts: [doc('b')],
        env: { now: 0, facts: [fact('Doc:a', 'guest', ann)] },
      },
      ['Doc:a'],
    ],
    [
      'what the actor, as the request brings it, is in',
      {
        doc: role,
        facts: [in_(ann, 'Group:old'), fact('Doc:a', 'reader', 'Group:new'), fact('Doc:b', 'reader', 'Group:old')],
        actor: { type: 'User', id: 'ann', in: 'Group:new' },
      },
      ['Doc:a'],
    ],
    [
      'what a carried condition lets through',
      {
        doc: 'role reader: User when open  allow read if reader',
        given: 'let open(from: int) = context.hour >= from  context { hour: int }',
        facts: [
          fact('Doc:a', 'reader', ann, { when: { let: 'open', args: { from: 8 } } }),
          fact('Doc:b', 'reader', ann, { when: { let: 'open', args: { from: 9 } } }),
        ],
        env: { now: 0, context: { hour: 8 } },
      },
      ['Doc:a'],
    ],
    [
      'what an agent is trusted with as well',
      {
        doc: `${role} open?: boolean  delegate read if agent.trusted and (resource.open ?? false)`,
        facts: [
          fact('Doc:a', 'reader', ann),
          fact('Doc:b', 'reader', ann),
          doc('a', { open: true }),
          { type: 'Agent', id: 'bot', trusted: true },
        ],
        env: { now: 0, agents: ['Agent:bot'] },
      },
      ['Doc:a'],
    ],
    [
      'what is open to the anonymous',
      { doc: 'public: boolean  allow read if public', facts: [doc('a', { public: true })], actor: null },
      ['Doc:a'],
    ],
    [
      'what a nested permission opens',
      {
        doc: `${role} original?: Doc  allow read if original.read`,
        facts: [fact('Doc:a', 'reader', ann), doc('b', { original: 'Doc:a' }), doc('c', { original: 'Doc:b' })],
      },
      ['Doc:a', 'Doc:b', 'Doc:c'],
    ],
  ])('%s', (_, one, expected) => check(one, expected))
})

describe('of a virtual type, whose entities need no facts, a list', () => {
  const policy = (rule: string) => {
    const { policy } = compile(`actor User  virtual resource Channel { role listener: User  ${rule} }`)
    if (policy === undefined) throw new Error('a wrong policy')
    return createEngine(policy, { facts: [fact('Channel:a', 'listener', ann)] })
  }

  it('is complete where facts lead to its entities', () => {
    const found = policy('allow hear if listener').list(ann, 'hear', 'Channel')
    expect([[...found], found.complete]).toEqual([['Channel:a'], true])
  })

  it('has those that facts mention, and is not complete, where there is no end of them', () => {
    const found = policy('allow hear if true').list(ann, 'hear', 'Channel')
    expect([[...found], found.complete]).toEqual([['Channel:a'], false])
  })

  it('has those that the policy names', () => {
    const found = policy('allow hear if resource == Channel:general').list(ann, 'hear', 'Channel')
    expect([[...found], found.complete]).toEqual([['Channel:general'], true])
  })
})

it('has the actor itself, of whom nothing has to be known', () => {
  const { policy } = compile('actor User { allow greet if true }')
  if (policy === undefined) throw new Error('a wrong policy')
  expect([...createEngine(policy).list('User:new', 'greet', 'User')]).toEqual(['User:new'])
})

describe('a question that is not a right one', () => {
  const engine = engineOf(
    { doc: 'role reader: User  allow read if reader', facts: [fact('Doc:a', 'reader', ann)] },
    'compiled',
  )
  it.each<[string, Parameters<typeof engine.list>, string]>([
    ['of an action', [ann, 'raed', 'Doc'], 'no rule allows an action of this name on an entity; did you mean `read`?'],
    ['of a type', [ann, 'read', 'Dock'], 'there is no type `Dock`'],
    ['of an entity for a type', [ann, 'read', 'Doc:a'], 'there is no type `Doc:a`'],
    ['of somebody who cannot act', ['Doc:a', 'read', 'Doc'], 'which cannot act'],
    [
      'with something else in the environment',
      [ann, 'read', 'Doc', { agnets: [] } as Environment],
      '`env` has no member of this name',
    ],
    ['at no time', [ann, 'read', 'Doc', { now: 'soon' }], '`now` is a Date'],
  ])('is told: %s', (_, asked, message) => {
    const found = engine.list(...asked)
    expect([[...found], found.complete]).toEqual([[], false])
    expect(found.errors[0]?.message).toContain(message)
  })
})

it('of a session is as the facts were when it began, as often as it is asked', () => {
  for (const backend of ['compiled', 'interpreted'] as const) {
    const engine = engineOf(
      { doc: 'role reader: User  allow read if reader', facts: [fact('Doc:a', 'reader', ann)] },
      backend,
    )
    const session = engine.for(ann)
    engine.facts.add(fact('Doc:b', 'reader', ann))
    engine.facts.remove(fact('Doc:a', 'reader', ann))
    expect([...session.list('read', 'Doc')]).toEqual(['Doc:a'])
    expect([...engine.list(ann, 'read', 'Doc')]).toEqual(['Doc:b'])
    const all = session.list('read', 'Doc')
    expect([...all]).toEqual([...all])
  }
})
