import { describe, expect, it } from 'vitest'
import { engine } from './policy.ts'

/** A function that errs, or says what it is told. */
const probes = (answer: boolean | Error) => ({
  probe: (): boolean => {
    if (typeof answer !== 'boolean') throw answer
    return answer
  },
})

function reason(policy: string, answer: boolean | Error, facts = '', action = 'read') {
  return engine(`actor User\nfunction probe(): boolean\n${policy}`, facts, { functions: probes(answer) }).authorize(
    'User:ann',
    action,
    'Doc:1',
  ).reason
}

const error = new Error('the directory is down')
const known = 'given Doc:1 { }'

describe('an error', () => {
  it('under `unless` does not open', () => {
    const policy = 'resource Doc { allow read if actor is User unless probe() }'
    expect(reason(policy, false, known)).toBe('granted')
    expect(reason(policy, error, known)).toBe('error')
  })

  it('in a deny does not lift it', () => {
    const policy = 'resource Doc { allow read if actor is User  deny read if probe() }'
    expect(reason(policy, false, known)).toBe('granted')
    expect(reason(policy, error, known)).toBe('error')
  })

  it('under the `unless` of a deny does not lift it either', () => {
    const policy = 'resource Doc { allow read if actor is User  deny read unless probe() }'
    expect(reason(policy, true, known)).toBe('granted')
    expect(reason(policy, error, known)).toBe('error')
  })

  it('in a role line does not widen access where the role is used negatively', () => {
    const policy = 'resource Doc { role blocked: User if probe()  allow read if actor is User unless blocked }'
    expect(reason(policy, false, known)).toBe('granted')
    expect(reason(policy, error, known)).toBe('error')
  })

  it('in one role line does not hide that another assigns the role', () => {
    const policy = 'resource Doc { role blocked: User if probe()  allow read if actor is User unless blocked }'
    expect(reason(policy, error, 'given Doc:1 { blocked: User:ann }')).toBe('not-permitted')
  })

  it('under two negations is still one', () => {
    const policy = 'resource Doc { allow read if actor is User unless not not not probe() }'
    expect(reason(policy, true, known)).toBe('granted')
    expect(reason(policy, error, known)).toBe('error')
  })

  it('in the condition of `?:` is one, whatever both cases are', () => {
    expect(reason('resource Doc { allow read if (probe() ? true : true) }', error, known)).toBe('error')
    expect(
      reason('resource Doc { allow read if actor is User  deny read if (probe() ? false : false) }', error, known),
    ).toBe('error')
  })

  it('is not taken for absent by `??`', () => {
    const policy = 'function text(): string\nresource Doc { allow read if ((text() ?? "a") == "a") }'
    const erring = {
      ...probes(true),
      text: () => {
        throw error
      },
    }
    const asked = engine(`actor User\nfunction probe(): boolean\n${policy}`, known, { functions: erring })
    expect(asked.authorize('User:ann', 'read', 'Doc:1').reason).toBe('error')
  })

  it('beside what decides does not matter', () => {
    expect(reason('resource Doc { allow read if probe() or actor is User }', error, known)).toBe('granted')
    expect(reason('resource Doc { allow read if probe() and actor is User and false }', error, known)).toBe(
      'not-permitted',
    )
    expect(reason('resource Doc { allow read if actor is User  deny read if probe() and false }', error, known)).toBe(
      'granted',
    )
  })

  it('of a required field that is not set does not open', () => {
    const policy = 'resource Doc { secret: boolean  owner: User  allow read unless secret  allow write unless owner }'
    expect(reason(policy, true, 'given Doc:1 { secret: false, owner: User:bob }')).toBe('granted')
    expect(reason(policy, true, known)).toBe('error')
    expect(reason(policy, true, 'given Doc:1 { secret: false, owner: User:bob }', 'write')).toBe('granted')
    expect(reason(policy, true, known, 'write')).toBe('error')
  })

  it('of one member of a set leaves the set open at both ends', () => {
    const policy = `
      resource Doc {
        reviewers: User[]
        allow some if resource.reviewers.some(r => r.blocked)
        allow every if resource.reviewers.every(r => r.blocked)
        allow none if not resource.reviewers.some(r => r.blocked)
      }`
    const text = `actor User { blocked: boolean }\n${policy}`
    const ask = (facts: string, action: string) => engine(text, facts).authorize('User:ann', action, 'Doc:1').reason
    const open = 'given User:bob { blocked: false } given Doc:1 { reviewers: [User:bob, User:eve] }'
    expect(ask(open, 'some')).toBe('error')
    expect(ask(open, 'none')).toBe('error')
    expect(ask(open, 'every')).toBe('not-permitted')
    expect(ask(open.replace('false', 'true'), 'some')).toBe('granted')
    expect(ask(open.replace('false', 'true'), 'every')).toBe('error')
  })
})

describe('an entity that nobody knows', () => {
  const policy = `
    resource Group { role member: User }
    resource Doc { role blocked: User  allow read if not blocked  allow write if not (actor in Group:secret.member) }`

  it('is not opened by `allow if not blocked`', () => {
    expect(reason(policy, true, known)).toBe('granted')
    expect(reason(policy, true, 'given Doc:2 { }')).toBe('error')
  })

  it('is not opened by a role of something made up', () => {
    expect(reason(policy, true, known, 'write')).toBe('error')
    expect(reason(policy, true, `${known} given Group:secret { member: User:bob }`, 'write')).toBe('granted')
  })

  it('is in nothing, and that is not known either', () => {
    const text =
      'actor User in Group  resource Group  resource Doc { owner: User  allow read unless resource.owner in Group:banned }'
    const ask = (facts: string) => engine(text, facts).authorize('User:ann', 'read', 'Doc:1').reason
    expect(ask('given Doc:1 { owner: User:bob } given Group:banned { }')).toBe('granted')
    expect(ask('given Doc:1 { owner: User:bob } given User:bob in Group:banned')).toBe('not-permitted')
    expect(ask('given Group:banned { }')).toBe('error')
  })

  it('is the request itself, which is known', () => {
    const text = 'actor User { role blocked: User }  resource Doc { allow read unless User:ann.blocked }'
    expect(engine(text, known).authorize('User:ann', 'read', 'Doc:1').reason).toBe('granted')
    expect(engine(text, known).authorize('User:bob', 'read', 'Doc:1').reason).toBe('error')
  })
})
