import fc from 'fast-check'
import type { EntityInput, FactInput } from '../../../src/index.ts'
import { agents, docs, folders, groups, now, numbers, users, words } from './vocabulary.ts'

export type AnyFact = FactInput | EntityInput

export interface FactSet {
  readonly entities: readonly EntityInput[]
  readonly facts: readonly FactInput[]
}

const name = (type: string, ids: readonly string[]) => fc.constantFrom(...ids.map((id) => `${type}:${id}`))
// The first of each are met more often, so that facts meet questions.
const user = name('User', ['u0', 'u0', ...users])
const group = name('Group', groups)
const folder = name('Folder', ['f0', ...folders])
const doc = name('Doc', ['d0', 'd0', ...docs])
const level = fc.constantFrom(...numbers)
const often = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 8 })
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>

const records: readonly (readonly [string, readonly string[], Fields])[] = [
  [
    'User',
    users,
    {
      level: often(level),
      suspended: often(fc.boolean()),
      nick: sometimes(fc.constantFrom(...words)),
      manager: sometimes(user),
      in: sometimes(fc.uniqueArray(group, { maxLength: 2 })),
    },
  ],
  ['Service', ['s0'], { level: often(level), suspended: often(fc.boolean()), in: sometimes(fc.tuple(group)) }],
  [
    'Agent',
    agents,
    {
      level: often(level),
      suspended: often(fc.boolean()),
      trusted: often(fc.boolean()),
      vendor: sometimes(fc.constantFrom('v', 'w')),
    },
  ],
  ['Group', groups, { chair: sometimes(user), in: sometimes(fc.tuple(group)) }],
  ['Folder', folders, { parent: sometimes(folder), owner: often(user), shared: often(fc.boolean()) }],
  [
    'Doc',
    docs,
    {
      folder: often(folder),
      owner: often(user),
      editors: often(fc.uniqueArray(user, { maxLength: 2 })),
      tags: often(fc.uniqueArray(fc.constantFrom(...words), { maxLength: 2 })),
      size: often(level),
      status: often(fc.constantFrom('draft', 'final')),
      secret: sometimes(fc.boolean()),
      extra: sometimes(fc.constantFrom({ n: 1 }, { n: 'x' }, { n: 3 }, {}, 'text')),
    },
  ],
]

/** Each entity mostly has a record, and mostly all that it needs. */
const entities: fc.Arbitrary<readonly EntityInput[]> = fc
  .tuple(
    ...records.flatMap(([type, ids, fields]) =>
      ids.map((id) =>
        often(
          fc.record(fields).map((values) => {
            const given = Object.entries(values).filter(([, value]) => value !== undefined)
            return { type, id, ...Object.fromEntries(given) }
          }),
        ),
      ),
    ),
  )
  .map((all) => all.filter((one) => one !== undefined))

const until = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 3, arbitrary: fc.constantFrom(now - 86_400_000, now) },
  { weight: 1, arbitrary: fc.constantFrom(now + 1, now + 86_400_000) },
)
const when = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  fc.constantFrom({ let: 'shallow', args: { max: 1 } }, { let: 'shallow', args: {} }),
)

type Subject = FactInput['subject']

const holders = (entity: fc.Arbitrary<string>, role: string): fc.Arbitrary<Subject> =>
  entity.map((of) => ({ entity: of, role }))

const roleFacts: readonly (readonly [fc.Arbitrary<string | undefined>, string, readonly fc.Arbitrary<Subject>[]])[] = [
  [group, 'member', [user, user, group, holders(group, 'member'), fc.constant({ any: 'User' })]],
  [folder, 'keeper', [user, user, group, holders(group, 'member'), holders(folder, 'keeper')]],
  [folder, 'viewer', [user, group, holders(folder, 'viewer'), holders(folder, 'keeper'), fc.constant({ any: 'User' })]],
  [doc, 'keeper', [user, user, group, holders(folder, 'keeper'), holders(doc, 'keeper')]],
  [doc, 'viewer', [user, user, group, holders(folder, 'viewer'), holders(doc, 'viewer'), fc.constant({ any: 'User' })]],
  [doc, 'author', [user, group]],
  [fc.constant(undefined), 'staff', [user, group, holders(group, 'member')]],
  [fc.constant(undefined), 'vip', [user, group]],
  [fc.constantFrom('Repo:d0/a', 'Repo:f0/d0', 'Repo:d1/ab'), 'writer', [user, group]],
]

const roleFact: fc.Arbitrary<FactInput> = fc.oneof(
  ...roleFacts.map(([object, relation, subjects]) =>
    fc.record({ object, subject: fc.oneof(...subjects), until, when }).map(({ object, subject, until, when }) => ({
      ...(object === undefined ? {} : { object }),
      relation,
      subject,
      ...(until === undefined ? {} : { until }),
      // Only a plain user's assignment carries a condition here.
      ...(when === undefined || typeof subject !== 'string' || !subject.startsWith('User') ? {} : { when }),
    })),
  ),
)

/** Links that end, or that make cycles: of entities that may have no record. */
const linkFact: fc.Arbitrary<FactInput> = fc
  .oneof(
    fc.record({ object: user, relation: fc.constant('in'), subject: group, until }),
    fc.record({ object: group, relation: fc.constant('in'), subject: group, until }),
    fc.record({ object: folder, relation: fc.constant('parent'), subject: folder, until }),
    fc.record({ object: doc, relation: fc.constant('folder'), subject: folder, until }),
    fc.record({ object: user, relation: fc.constant('manager'), subject: user, until }),
  )
  .map(({ until, ...fact }) => (until === undefined ? fact : { ...fact, until }))

/** What a policy does not allow of these is refused at the door: policies differ in who can be assigned. */
export const factSet: fc.Arbitrary<FactSet> = fc
  .tuple(
    entities,
    fc.array(roleFact, { minLength: 6, maxLength: 16, size: 'max' }),
    fc.array(linkFact, { maxLength: 5, size: 'max' }),
  )
  .map(([entities, roles, links]) => ({ entities, facts: [...roles, ...withoutConflicts(entities, links)] }))

/** Of two entities where one can be, the first one given would stay: facts whose order does not matter have no such pair. */
function withoutConflicts(entities: readonly EntityInput[], links: readonly FactInput[]): readonly FactInput[] {
  const taken = new Set(
    entities.flatMap((entity) =>
      single.filter((name) => name in entity).map((name) => `${entity.type}:${entity.id} ${name}`),
    ),
  )
  return links.filter(({ object, relation }) => {
    if (!single.includes(relation)) return true
    const place = `${object} ${relation}`
    const isFree = !taken.has(place)
    taken.add(place)
    return isFree
  })
}

const single: readonly string[] = ['parent', 'folder', 'manager']
