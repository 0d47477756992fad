import { expect, it } from 'vitest'
import { compile, createEngine, type Environment, type ResourceInput, tool } from '../../src/index.ts'

const { policy } = compile(`
  actor User
  actor Agent { trusted: boolean }
  resource Doc {
    role owner: User
    role reader: User if owner
    allow read if reader
    allow write, delete if owner
    allow sign if owner and confirmed()
    deny delete if context.frozen
    delegate read if agent.trusted
  }
  resource Folder { allow open if true }
  context { frozen: boolean }
  server desk { allow call put if args.id == "a" }
  given Doc:a { owner: User:ann, reader: User:bob }  given Agent:bot { trusted: true }
`)

/** The same asked of the engine and of a session of it. */
function check(actor: string | null, resource: ResourceInput, env: Environment, expected: readonly string[]) {
  if (policy === undefined) throw new Error('a wrong policy')
  for (const backend of ['compiled', 'interpreted'] as const) {
    const engine = createEngine(policy, { backend })
    expect(engine.actions(actor, resource, env)).toEqual(expected)
    expect(engine.for(actor, env).actions(resource)).toEqual(expected)
  }
}

const env = { context: { frozen: false } }

it.each<[string, string | null, ResourceInput, Environment, readonly string[]]>([
  ['all that is allowed, sorted', 'User:ann', 'Doc:a', env, ['delete', 'read', 'write']],
  ['nothing that is denied', 'User:ann', 'Doc:a', { context: { frozen: true } }, ['read', 'write']],
  ['nothing that an error stands in the way of', 'User:ann', 'Doc:a', {}, ['read', 'write']],
  ['what has been confirmed', 'User:ann', 'Doc:a', { ...env, confirmed: true }, ['delete', 'read', 'sign', 'write']],
  ['what an agent is trusted with', 'User:ann', 'Doc:a', { ...env, agents: ['Agent:bot'] }, ['read']],
  ['what belongs to somebody else', 'User:bob', 'Doc:a', env, ['read']],
  ['none of another type', 'User:ann', 'Folder:f', env, ['open']],
  ['nothing on what nobody knows', 'User:ann', 'Doc:zz', env, []],
  ['nothing for the anonymous', null, 'Doc:a', env, []],
  ['what the protocol has for a tool', 'User:ann', tool('desk', 'put', { id: 'a' }), env, ['call', 'list']],
  [
    'a tool that is listed, and not to be called like this',
    'User:ann',
    tool('desk', 'put', { id: 'b' }),
    env,
    ['list'],
  ],
  ['nothing of what is no resource', 'User:ann', 'nonsense', env, []],
])('the actions are %s', (_, ...asked) => check(...asked))
