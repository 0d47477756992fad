import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ActorInput, compile, createEngine, type Who } from '../../../src/index.ts'
import { importOpenFga } from '../../../src/surfaces/import/openfga/index.ts'
import { runTests } from '../../../src/surfaces/testing/index.ts'
import { runs } from '../../properties/generate/runs.ts'
import { type Definition, type Given, holds, type Relation, type Tuple, type Type } from './evaluator.ts'

const users = ['user:ann', 'user:bob', 'user:čert ů'.replace(' ', '_')]
const objects = ['group:1', 'group:2', 'folder:1', 'folder:2', 'folder:3', 'org:1']
const relations = ['viewer', 'editor', 'blocked', 'any'] as const

const direct = fc.uniqueArray(
  fc.constantFrom(
    'user',
    'user:*',
    'group#member',
    'folder#viewer',
    'folder#blocked',
    'user with below',
    'group#member with below',
  ),
  { minLength: 1, maxLength: 4 },
)

/** What is assigned comes first, if it is there at all: the language has it nowhere else. */
const definition = (assigned: boolean): fc.Arbitrary<Definition> => {
  const leaf: fc.Arbitrary<Definition> = fc.oneof(
    fc.constantFrom(...relations).map((relation): Definition => ({ kind: 'computed', relation })),
    fc.constantFrom(...relations).map((relation): Definition => ({ kind: 'from', relation, tupleset: 'parent' })),
  )
  const operator = fc.constantFrom('or' as const, 'and' as const, 'but not' as const)
  const inner: fc.Arbitrary<Definition> = fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.tuple(operator, leaf, leaf).map(([kind, a, b]): Definition => ({ kind, of: [a, b] })) },
  )
  const first: fc.Arbitrary<Definition> = assigned ? fc.constant<Definition>({ kind: 'direct' }) : inner
  return fc.oneof(
    first,
    fc.tuple(operator, first, inner).map(([kind, a, b]): Definition => ({ kind, of: [a, b] })),
    fc
      .tuple(operator, operator, first, inner, inner)
      .map(([kind, within, a, b, c]): Definition => ({ kind, of: [{ kind: within, of: [a, b] }, c] })),
  )
}

const relation = (name: string): fc.Arbitrary<Relation> =>
  fc.boolean().chain((assigned) =>
    fc.record({
      name: fc.constant(name),
      definition: definition(assigned),
      direct: assigned ? direct : fc.constant([]),
    }),
  )

const types: fc.Arbitrary<readonly Type[]> = fc
  .tuple(
    fc.tuple(...relations.map(relation)),
    fc.subarray(['viewer', 'editor', 'any']),
    fc.constantFrom(['folder', 'org'], ['folder', 'org'], ['folder', 'org', 'folder with below']),
  )
  .map(([own, ofOrg, parents]) => [
    { name: 'user', relations: [] },
    {
      name: 'group',
      relations: [{ name: 'member', definition: { kind: 'direct' }, direct: ['user', 'user:*', 'group#member'] }],
    },
    // Some relations are missing on one of the types that a parent may be.
    {
      name: 'org',
      relations: ofOrg.map((name) => ({ name, definition: { kind: 'direct' }, direct: ['user', 'user with below'] })),
    },
    {
      name: 'folder',
      relations: [{ name: 'parent', definition: { kind: 'direct' }, direct: parents }, ...own],
    },
  ])

/** Mostly what the model allows; the rest has been written for another one. */
const tuplesOf = (model: readonly Type[]): fc.Arbitrary<readonly Tuple[]> => {
  const allowed = objects.flatMap((object) =>
    (model.find(({ name }) => object.startsWith(`${name}:`))?.relations ?? []).flatMap((relation) =>
      relation.direct.flatMap((direct) => {
        const [who = '', condition] = direct.split(' with ')
        const [type = '', role] = who.split('#')
        const ids = who.endsWith(':*') ? [who] : [...users, ...objects].filter((one) => one.startsWith(`${type}:`))
        return ids.map(
          (id): Tuple => ({
            ...{ user: role === undefined ? id : `${id}#${role}`, relation: relation.name, object },
            ...(condition === undefined ? {} : { below: object.endsWith('1') ? 5 : Number.MAX_SAFE_INTEGER }),
          }),
        )
      }),
    ),
  )
  const stale = fc.record({
    user: fc.constantFrom('user:ann', 'folder:1#editor', 'org:1', 'stale:1'),
    relation: fc.constantFrom(...relations, 'parent', 'gone'),
    object: fc.constantFrom(...objects),
  })
  return fc.uniqueArray(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...allowed) }, { weight: 1, arbitrary: stale }),
    {
      ...{ minLength: 4, maxLength: 24 },
      selector: ({ user, relation, object }) => `${user} ${relation} ${object}`,
    },
  )
}

const stores = types.chain((model) => fc.tuple(fc.constant(model), tuplesOf(model)))

function dsl(all: readonly Type[]): string {
  const shown = (of: Definition, assigned: readonly string[], outer: boolean): string => {
    switch (of.kind) {
      case 'direct':
        return `[${assigned.join(', ')}]`
      case 'computed':
        return of.relation
      case 'from':
        return `${of.relation} from ${of.tupleset}`
      default: {
        const text = of.of.map((part) => shown(part, assigned, false)).join(` ${of.kind} `)
        return outer ? text : `(${text})`
      }
    }
  }
  const types = all.map(({ name, relations: own }) => {
    const lines = own.map((one) => `    define ${one.name}: ${shown(one.definition, one.direct, true)}\n`)
    return `type ${name}\n${lines.length === 0 ? '' : `  relations\n${lines.join('')}`}`
  })
  return `model\n  schema 1.1\n${types.join('')}condition below(n: int, most: int) {\n  n < most\n}\n`
}

/** Whether the answer has the actor, who is somebody with a name. */
function isAmong({ certain, conditional, complete }: Who, actor: ActorInput): boolean {
  expect({ conditional, complete }).toEqual({ conditional: [], complete: true })
  return certain.some((one) =>
    one !== null && typeof one === 'object'
      ? `${actor}`.startsWith(`${one.any}:`) && !one.except.includes(`${actor}`)
      : one === actor,
  )
}

describe('a generated model of OpenFGA', () => {
  it('means in Licet what it means, as do its tuples and its tests', () => {
    let asked = 0
    let doubtful = 0
    fc.assert(
      fc.property(stores, fc.constantFrom<Given>(undefined, 1, 6), ([model, tuples], n) => {
        const truth = holds(model, tuples, objects, users, n)
        const context = n === undefined ? {} : { n }
        const store = {
          model: dsl(model),
          tuples: tuples.map(({ below, ...one }) =>
            below === undefined ? one : { ...one, condition: { name: 'below', context: { most: below } } },
          ),
          tests: [
            {
              check: objects.flatMap((object) =>
                users.map((user) => ({ user, object, context, assertions: assertionsOf(object, user) })),
              ),
              list_objects: users.flatMap((user) =>
                relations.map((relation) => ({
                  user,
                  type: 'folder',
                  context,
                  assertions: {
                    [relation]: objects.filter(
                      (object) => object.startsWith('folder') && truth.certain(object, relation, user),
                    ),
                  },
                })),
              ),
            },
          ],
        }
        function assertionsOf(object: string, user: string) {
          const own = model.find(({ name }) => object.startsWith(`${name}:`))?.relations ?? []
          return Object.fromEntries(
            own.filter(({ name }) => name !== 'parent').map(({ name }) => [name, truth.certain(object, name, user)]),
          )
        }
        const text = JSON.stringify(store, (_, value) => value).replaceAll(
          `${Number.MAX_SAFE_INTEGER}`,
          '9007199254740993',
        )
        const { files, remarks } = importOpenFga('store.fga.yaml', () => ({ name: 'store.fga.yaml', text }))
        const told = remarks.filter(({ kind }) => kind === 'untranslated')
        expect({ told, text: files.get('policy.licet') }).toEqual({ told: [], text: files.get('policy.licet') })
        const { policy } = compile(Object.fromEntries(files))
        if (policy === undefined) throw new Error(files.get('policy.licet'))
        const { tests } = runTests(policy)
        expect({ failures: tests.flatMap(({ failures }) => failures), files: [...files.values()] }).toEqual({
          failures: [],
          files: [...files.values()],
        })
        const [compiled, interpreter] = [createEngine(policy), createEngine(policy, { backend: 'interpreted' })]
        const whos = new Map<string, Who>()
        for (const { expectations, inputs } of policy.tests)
          for (const one of expectations) {
            if (one.kind !== 'decision' || one.target.kind !== 'entity') continue
            asked++
            const decision = interpreter.authorize(one.actor, one.action, one.target.entity, {
              now: 0,
              ...Object.fromEntries(inputs),
            })
            if (decision.reason === 'error') doubtful++
            expect(decision.allowed).toBe(one.allowed)
            const [about, env] = [`${one.action} ${one.target.entity}`, { now: 0, ...Object.fromEntries(inputs) }]
            const who = whos.get(about) ?? compiled.who(one.action, one.target.entity, env)
            whos.set(about, who)
            expect(isAmong(who, one.actor)).toBe(one.allowed)
          }
      }),
      runs(40),
    )
    expect(asked).toBeGreaterThan(1000)
    expect(doubtful).toBeGreaterThan(0)
  })
})
