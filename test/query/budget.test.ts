import { expect, it } from 'vitest'
import { memoryStore } from '../../src/facts/memory.ts'
import { compile, createEngine } from '../../src/index.ts'
import { list } from '../../src/query/list.ts'
import { newPlans } from '../../src/query/plan.ts'
import { who } from '../../src/query/who.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'

const { policy } = compile(`
  actor User in Group
  resource Group in Group
  resource Folder { parent?: Folder  role viewer: User | Group if parent.viewer }
  resource Doc { folder?: Folder  role reader: User | Group | any User  role banned: User
    allow read if reader or folder.viewer  deny read if banned }
`)

const facts = [
  ...Array.from({ length: 40 }, (_, i) => ({ type: 'User', id: `u${i}`, in: `Group:g${i % 4}` })),
  ...Array.from({ length: 4 }, (_, i) => ({ type: 'Group', id: `g${i}`, in: 'Group:all' })),
  ...Array.from({ length: 20 }, (_, i) => ({ type: 'Folder', id: `f${i}`, parent: `Folder:f${(i + 1) % 20}` })),
  ...Array.from({ length: 60 }, (_, i) => ({ type: 'Doc', id: `d${i}`, folder: `Folder:f${i % 20}` })),
  { object: 'Folder:f3', relation: 'viewer', subject: 'Group:all' },
  { object: 'Doc:d1', relation: 'reader', subject: { any: 'User' } },
  ...Array.from({ length: 10 }, (_, i) => ({ object: `Doc:d${i}`, relation: 'banned', subject: `User:u${i}` })),
]

/** The question with every budget, from nothing to enough: what is found is right, and more of it with each. */
function check<T>(
  ask: (most: number) => { complete: boolean; visited: number },
  found: (answer: T) => readonly string[],
) {
  const whole = ask(10_000)
  expect(whole.complete).toBe(true)
  const all = new Set(found(whole as T))
  expect(all.size).toBeGreaterThan(10)
  let sizes: number[] = []
  for (let most = 0; most <= whole.visited; most++) {
    const answer = ask(most)
    for (const one of found(answer as T)) expect(all).toContain(one)
    if (answer.complete) expect(found(answer as T)).toEqual([...all])
    else sizes = [...sizes, found(answer as T).length]
  }
  expect(ask(0).complete).toBe(false)
  expect(Math.max(...sizes)).toBeGreaterThan(0)
}

function parts() {
  if (policy === undefined) throw new Error('a wrong policy')
  const engine = createEngine(policy, { facts })
  const evaluator = createEvaluator(policy.program)
  const store = memoryStore(evaluator.policy.schema)
  store.load(facts)
  return { engine, evaluator, store, plans: newPlans(evaluator.policy) }
}

it('a list that has to end early is not complete, and has nothing wrong in it', () => {
  const { engine, evaluator, store, plans } = parts()
  const env = { now: 0 }
  const can = (resource: string) => engine.can('User:u7', 'read', resource, env)
  const question = { actor: 'User:u7', action: 'read', type: 'Doc', env }
  check<Iterable<string>>(
    (most) => list(question, { evaluator, plans, store, facts: store.snapshot(), can, most }),
    (answer) => [...answer],
  )
})

it.each(['Doc:d1', 'Doc:d2', 'Doc:d50'])(
  'who may, where the search has to end early, is told without a wrong one: %s',
  (resource) => {
    const { engine, evaluator, store, plans } = parts()
    const env = { now: 0 }
    const can = (actor: never) => engine.can(actor, 'read', resource, env)
    const all = Array.from({ length: 41 }, (_, i) => `User:u${i}`)
    const covers = (certain: ReturnType<typeof who>['certain'], actor: string) =>
      certain.some((one) => one === actor || (typeof one === 'object' && one !== null && !one.except.includes(actor)))
    check<ReturnType<typeof who>>(
      (most) =>
        who({ action: 'read', resource, env }, { evaluator, plans, facts: store.snapshot(), can: can as never, most }),
      // Whom everyone stands for, one by one.
      ({ certain }) => all.filter((actor) => covers(certain, actor)),
    )
  },
)
