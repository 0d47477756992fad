import { describe, expect, it } from 'vitest'
import { codesOf, engine } from './policy.ts'

const types = 'actor User\nactor Agent { trusted: boolean }'
const facts = 'given Agent:bot { trusted: true } given Agent:rogue { trusted: false } given Doc:1 { owner: User:ann }'

function reason(policy: string, agents: readonly string[], action: string, actor = 'User:ann') {
  const env = { agents: agents.map((id) => `Agent:${id}`) }
  return engine(`${types}\n${policy}`, facts).authorize(actor, action, 'Doc:1', env).reason
}

describe('an agent', () => {
  it('does not exceed its user through a permission that is not delegated', () => {
    const policy = `
      resource Doc { role owner: User  allow read if owner  allow publish if read }
      delegate publish on Doc`
    expect(reason(policy, [], 'publish')).toBe('granted')
    expect(reason(policy, ['bot'], 'publish')).toBe('error')
    expect(reason(policy, ['bot'], 'publish', 'User:eve')).toBe('not-permitted')
    expect(reason(`${policy}\ndelegate read on Doc`, ['bot'], 'publish')).toBe('granted')
  })

  it('does not switch a deny off because the permission in it is not delegated', () => {
    const policy = `
      resource Doc {
        role owner: User
        allow read if owner
        allow publish if actor is User
        deny publish if read
      }
      delegate publish on Doc`
    expect(reason(policy, [], 'publish')).toBe('forbidden')
    expect(reason(policy, ['bot'], 'publish')).not.toBe('granted')
    expect(reason(`${policy}\ndelegate read on Doc`, ['bot'], 'publish')).toBe('forbidden')
  })

  it('does not switch a deny off through two permissions', () => {
    const policy = `
      resource Doc {
        role owner: User
        allow read if owner
        allow write if read
        allow publish if actor is User unless write
      }
      delegate publish, write on Doc`
    expect(reason(policy, [], 'publish')).toBe('not-permitted')
    expect(reason(policy, ['bot'], 'publish')).not.toBe('granted')
  })

  const delegated = 'resource Doc { role owner: User  allow read if owner }\ndelegate read on Doc if agent.trusted'

  it('is one of a chain, all of which have to be delegated to', () => {
    expect(reason(delegated, ['bot'], 'read')).toBe('granted')
    expect(reason(delegated, ['bot', 'rogue'], 'read')).toBe('not-delegated')
    expect(reason(delegated, ['rogue', 'bot'], 'read')).toBe('not-delegated')
    expect(reason(delegated, ['bot', 'bot'], 'read')).toBe('granted')
  })

  it('of which nothing is known, or that is no agent, does nothing', () => {
    expect(reason(delegated, ['stranger'], 'read')).toBe('error')
    for (const agents of [
      ['User:ann'],
      ['Agent:'],
      [''],
      ['bot'],
      [null],
      'Agent:bot',
      { 0: 'Agent:bot', length: 1 },
    ]) {
      const env = { agents } as unknown as { agents: readonly string[] }
      expect(engine(`${types}\n${delegated}`, facts).authorize('User:ann', 'read', 'Doc:1', env).reason).toBe('error')
    }
  })

  it('acting for itself has no chain, and gets what it is granted itself', () => {
    expect(reason('resource Doc { role owner: User | Agent  allow read if owner }', [], 'read', 'Agent:bot')).toBe(
      'not-permitted',
    )
    const own = 'resource Doc { role owner: User | Agent  allow read if owner }'
    const asked = engine(`${types}\n${own}`, `${facts} given Doc:2 { owner: Agent:bot }`)
    expect(asked.can('Agent:bot', 'read', 'Doc:2')).toBe(true)
  })

  it('is not mentioned by `allow`, nor by a role', () => {
    expect(codesOf(`${types}\nresource Doc { allow read if agent.trusted }`)).toEqual(['not-available-here'])
    expect(codesOf(`${types}\nresource Doc { role r if agent.trusted  allow read if r }`)).toContain(
      'not-available-here',
    )
  })

  it('is met by a deny that mentions it, and its user alone is not', () => {
    const policy = `${delegated}\ndeny read on Doc if not agent.trusted`
    expect(reason(policy, [], 'read')).toBe('granted')
    expect(reason(policy, ['rogue'], 'read')).toBe('forbidden')
  })
})

describe('an approval', () => {
  const policy = `
    ${types}
    resource Doc { role owner: User  role lead: User | Agent  allow publish if owner and approvedBy(lead)
      allow burn if owner and approvedBy(lead, 2) }
    delegate publish, burn on Doc`
  const people = `${facts} given User:eve { } given Doc:1 { lead: [User:ann, User:bob, User:cat, Agent:bot, Agent:rogue] }`
  const ask = (approvals: readonly string[], agents: readonly string[] = [], action = 'publish') =>
    engine(policy, people).authorize('User:ann', action, 'Doc:1', { approvals, agents }).reason

  it('is not given by the actor', () => {
    expect(ask([])).toBe('not-permitted')
    expect(ask(['User:ann'])).toBe('not-permitted')
    expect(ask(['User:bob'])).toBe('granted')
  })

  it('is not given by the agent that asks for it', () => {
    expect(ask(['Agent:bot'])).toBe('granted')
    expect(ask(['Agent:bot'], ['Agent:bot'])).toBe('not-permitted')
    expect(ask(['Agent:rogue', 'User:ann'], ['Agent:bot', 'Agent:rogue'])).toBe('not-permitted')
  })

  it('is not given by who does not hold the role', () => {
    expect(ask(['User:eve'])).toBe('not-permitted')
  })

  it('is counted once for one person, whatever the spelling of the list', () => {
    expect(ask(['User:bob', 'User:bob'], [], 'burn')).toBe('not-permitted')
    expect(ask(['User:bob', 'User:ann'], [], 'burn')).toBe('not-permitted')
    expect(ask(['User:bob', 'User:cat'], [], 'burn')).toBe('granted')
  })
})

describe('the token of one', () => {
  it('never judges another', () => {
    const bound = 'role engineer if "eng" in token.groups'
    expect(
      codesOf(`actor User\n${bound}\nresource Doc { author: User  allow read if resource.author in engineer }`),
    ).toEqual(['request-bound'])
    expect(codesOf(`actor User\n${bound}\nresource Doc { allow read if approvedBy(engineer) }`)).toEqual([
      'request-bound',
    ])
    expect(
      codesOf('actor User\nresource Doc { role admin: User if "a" in token.groups  allow read if approvedBy(admin) }'),
    ).toEqual(['request-bound'])
    const through =
      'resource Doc { author: User  role strong if acr("aal2")  role r: User if strong  allow read if resource.author in r }'
    expect(codesOf(`actor User\n${through}`)).toContain('request-bound')
  })

  it('is read for the request’s own actor', () => {
    const asked = engine(
      'actor User\nrole engineer if "eng" in token.groups\nresource Doc { allow read if engineer }',
      'given Doc:1 { }',
    )
    expect(asked.can('User:ann', 'read', 'Doc:1', { token: { groups: ['eng'] } })).toBe(true)
    expect(asked.can('User:ann', 'read', 'Doc:1')).toBe(false)
  })
})
