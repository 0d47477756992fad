import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, createEngine } from '../../src/index.ts'
import { runs } from '../properties/generate/runs.ts'

const roles = ['a', 'b', 'c'] as const
const folders = ['Folder:1', 'Folder:2', 'Folder:3', 'Folder:4'] as const
const users = ['User:ann', 'User:bob'] as const

/** A condition over the roles of the folder and of its parents; `doubtful` is an error, and `mine` a fact. */
const condition: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...roles, ...roles.map((role) => `parent.${role}`), 'seen', 'parent.seen', 'doubtful', 'mine'),
    fc.tuple(tie('any'), tie('any')).map(([x, y]) => `(${x} and ${y})`),
    fc.tuple(tie('any'), tie('any')).map(([x, y]) => `(${x} or ${y})`),
    tie('any').map((x) => `not ${x}`),
    fc.constantFrom(...roles).map((role) => `parent.some(p => not p.${role})`),
  ),
})).any

const policy = fc
  .record({
    roles: fc.array(fc.tuple(condition, fc.option(condition)), { minLength: 3, maxLength: 3 }),
    seen: condition,
    deny: fc.option(condition),
  })
  .map(({ roles: bodies, seen, deny }) => {
    const lines = bodies.map(([holds, except], i) => {
      const name = roles[i]
      return `@recursive role ${name}: User | Folder.${name} if ${holds}${except === null ? '' : ` unless ${except}`}`
    })
    return `
      virtual actor User
      context { flag: boolean }
      virtual resource Folder {
        parent: Folder[]
        role mine: User
        role doubtful if context.flag
        ${lines.join('\n')}
        @recursive allow seen if ${seen}
        ${deny === null ? '' : `@recursive deny seen if ${deny}`}
        ${roles.map((role) => `allow ${role} if ${role}`).join('\n')}
      }`
  })

const facts = fc.array(
  fc.oneof(
    fc.record({
      object: fc.constantFrom(...folders),
      relation: fc.constant('parent'),
      subject: fc.constantFrom(...folders),
    }),
    fc.record({
      object: fc.constantFrom(...folders),
      relation: fc.constantFrom(...roles, 'mine'),
      subject: fc.constantFrom(...users),
    }),
    fc
      .tuple(fc.constantFrom(...folders), fc.constantFrom(...roles), fc.constantFrom(...folders))
      .map(([object, relation, entity]) => ({ object, relation, subject: { entity, role: relation } })),
  ),
  { maxLength: 12 },
)

describe('what may depend on its own opposite', () => {
  it('is the same in compiled code as in the interpreter, errors and rules included, and as what is left of it comes to', () => {
    let denials = 0
    fc.assert(
      fc.property(policy, facts, (text, given) => {
        const checked = compile(text)
        expect(checked.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
        if (checked.policy === undefined) return
        const of = checked.policy
        const engines = (['compiled', 'interpreted'] as const).map((backend) => {
          const engine = createEngine(of, { backend })
          engine.facts.load(given)
          return engine
        })
        for (const user of users)
          for (const folder of folders)
            for (const action of [...roles, 'seen']) {
              const [one, other] = engines.map((engine) => engine.authorize(user, action, folder, { now: 0 }))
              expect(one).toEqual(other)
              if (one?.errors.some(({ code }) => code === 'circular')) denials++
              const about = { actor: user, action, resource: folder }
              const env = { now: 0, context: { flag: true } }
              const [compiled, interpreter] = engines
              if (compiled === undefined || interpreter === undefined) throw new Error('there are two')
              const { residual } = interpreter.partial({ ...about, env: { now: 0 }, unknown: ['context'] })
              const { allowed, reason } = compiled.authorize(user, action, folder, env)
              expect(interpreter.complete(residual, { ...about, env })).toMatchObject({ allowed, reason })
            }
      }),
      runs(20),
    )
    expect(denials).toBeGreaterThan(0)
  })
})
