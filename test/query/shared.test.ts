import { expect, it } from 'vitest'
import { compile, createEngine } from '../../src/index.ts'

const users = Array.from({ length: 5 }, (_, i) => ({ type: 'User', id: `u${i}`, level: i }))

/** Sixty `let`s, each of which uses the one before twice: as text without them there are more conditions than can ever be looked at. */
function check(name: string, first: string, next: (before: string) => string, condition = 'm60') {
  it(`looks once at what is shared: ${name}`, () => {
    const lets = Array.from({ length: 60 }, (_, i) => `let m${i + 1} = ${next(`m${i}`)}`)
    const { policy, diagnostics } = compile(`
      actor User { level: int }
      resource Doc { allow read if actor is User and ${condition}  deny read if actor is User and not ${condition} }
      context { flag?: boolean }
      let m0 = ${first}
      ${lets.join('\n')}`)
    if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
    const engine = createEngine(policy, { backend: 'interpreted', facts: [...users, { type: 'Doc', id: 'a' }] })
    expect(engine.who('read', 'Doc:a')).toMatchObject({ certain: ['User:u4'], complete: true })
    expect([...engine.list('User:u4', 'read', 'Doc')]).toEqual(['Doc:a'])
  })
}

const high = 'actor is User and actor.level > 3'
check('alternatives', high, (m) => `${m} or ${m}`)
check('choices', high, (m) => `((context.flag ?? true) ? ${m} : ${m})`)
check('values', 'User:u4', (m) => `((context.flag ?? true) ? ${m} : ${m})`, '(m60 == actor)')
check('choices of what is sought', 'actor', (m) => `((context.flag ?? true) ? ${m} : ${m})`, '(m60 in User:u4)')
