import type { EntityInput, FactInput } from '../../../../src/index.ts'
import type { Draw } from '../drawn.ts'
import { day, ids, type Kind, now, type TypeName, typeNames, types, words } from './world.ts'

/** Of entities that come and go, and leave their places to others. */
const spare = ['n0', 'n1', 'n2']

/** Of a type and any id of it, the first ones more often, so that facts meet questions. */
export function entityOf(draw: Draw, type: TypeName): string {
  const known = ids[type]
  return `${type}:${draw.chance(40) ? known[0] : draw.chance(4) ? draw.of(spare) : draw.of(known)}`
}

export function anEntity(draw: Draw, of: readonly TypeName[]): string {
  return entityOf(draw, draw.of(of))
}

const wrong = [null, '5', [7], {}, true, 1.5, 2 ** 60, -1, 'nonsense', [], '']

function attributeValue(draw: Draw, kind: Kind): unknown {
  switch (kind) {
    case 'int':
      return draw.int(4)
    case 'number':
      return draw.of([0.5, 1.5, 1000])
    case 'boolean':
      return draw.chance(50)
    case 'string':
      return draw.of(words)
    case 'datetime':
      return draw.of(['2026-01-01T11:30:00Z', '2025-06-01T00:00:00+02:00', '2026-01-01T12:00:00Z'])
    case 'duration':
      return draw.of(['2h', '5m'])
    case 'strings':
      return draw.some(words)
    case 'ints':
      return draw.some([0, 1, 2, 3])
    case 'json':
      return draw.of<unknown>([{ n: 1 }, { n: 'x' }, { n: 3 }, {}, 'text', [1]])
    case 'map':
      return draw.of([{ a: 2 }, { b: 1 }, {}, { a: 0, ab: 3 }])
    case 'record':
      return draw.of([{ a: 1 }, { a: 2, b: 'a' }, { a: 3, b: 'b' }])
    case 'decimal':
      return draw.of(['0.0', '1.5', '-2.25'])
    case 'ipaddr':
      return draw.of(['10.1.2.3', '10.0.0.0/8', '::1'])
    case 'dynamic':
      return draw.of<unknown>(anything)
    case 'ip':
      return draw.of(['10.1.2.3', '192.168.0.1'])
  }
}

/** Of every kind that `dynamic` can be. */
export const anything: readonly unknown[] = [
  1,
  'a',
  true,
  [1, 'a'],
  { n: 1 },
  { n: 'a', who: { $entity: 'User:u0' } },
  { $entity: 'User:u0' },
  { $entity: 'Doc:d0' },
  [{ $entity: 'User:u0' }, { $entity: 'Team:t0' }],
  { $decimal: '1.5' },
  { $ipaddr: '10.0.0.1' },
  { $datetime: '2026-01-01T11:30:00Z' },
  { $duration: '-5m' },
]

/** Claims any length at no cost. */
const longest: readonly unknown[] = new Array(100_001)

/** What is larger than it may be where it is looked at: it never decides, and is never recovered from. */
export const tooLarge: readonly unknown[] = [longest, [longest, 'a'], [null, longest], { n: longest, who: longest }]

/** Attributes and links of an entity, mostly all that it needs; `spoilt`: some of the wrong kind. */
export function recordOf(draw: Draw, type: TypeName, id: string, spoilt = 0): EntityInput {
  const { links, attributes } = types[type]
  const values: Record<string, unknown> = {}
  for (const { name, kind, optional } of attributes) {
    if (!draw.chance(optional ? 55 : 90)) continue
    values[name] = draw.chance(spoilt) ? draw.of<unknown>(wrong) : attributeValue(draw, kind)
  }
  for (const { name, to, many, optional } of links) {
    if (!draw.chance(optional ? 60 : 90)) continue
    values[name] = many ? [...new Set(draw.times(0, 2, () => anEntity(draw, to)))] : anEntity(draw, to)
  }
  const containers = / in (.*)/.exec(types[type].head)?.[1]?.split(' | ') as TypeName[] | undefined
  if (containers !== undefined && draw.chance(45)) values.in = [anEntity(draw, containers)]
  if (type === 'Repo' && draw.chance(70)) values[draw.of(['what', 'owner'])] = draw.of<unknown>(anything)
  if (type === 'Agent' && draw.chance(8)) values.mood = draw.of<unknown>(anything)
  if (type === 'Thing') values[draw.of(['colour', 'anything', 'constructor'])] = draw.of<unknown>(['red', 1, { n: 1 }])
  return { type, id, ...values }
}

const ends = [undefined, undefined, undefined, undefined, now - day, now, now, now + 1, now + day]
const conditions: Readonly<Record<string, readonly NonNullable<FactInput['when']>[]>> = {
  shallow: [{ let: 'shallow', args: { max: 1 } }, { let: 'shallow', args: {} }, { let: 'shallow' }],
  early: [
    { let: 'early', args: { before: '2026-01-02T00:00:00Z' } },
    { let: 'early', args: { before: '2026-01-01T12:00:00Z', kind: 'b' } },
  ],
  kept: [
    { let: 'kept', args: { d: 'Doc:d0' } },
    { let: 'kept', args: { d: 'Doc:d1', least: 2 } },
    { let: 'kept', args: { d: 'Doc:d9' } },
  ],
  byOwner: [
    { let: 'byOwner', args: { n: 1 } },
    { let: 'byOwner', args: { n: 0 } },
  ],
}

/** What a policy says can be assigned: `Doc.keeper: User | Team.member when shallow`. */
export interface Assignment {
  /** None of a global role. */
  readonly type?: TypeName
  readonly role: string
  readonly to: readonly string[]
}

/** A role's or a link's; some are refused at the door, since the policy does not allow them. */
function factOf(draw: Draw, assignments: readonly Assignment[]): FactInput {
  const until = draw.of(ends)
  const ending = until === undefined ? {} : { until }
  if (draw.chance(25)) {
    const type = draw.of(['User', 'Team', 'Folder', 'Doc', 'Org'] as const)
    const { name, to } = draw.of([...types[type].links, { name: 'in', to: containersOf(type) }])
    return {
      object: entityOf(draw, type),
      relation: name,
      subject: anEntity(draw, to.length === 0 ? ['Team'] : to),
      ...ending,
    }
  }
  const { type, role: relation, to } = draw.of(assignments)
  const [, any, subjectType = 'User', role, condition = ''] =
    /^(any )?(\w+)(?:\.(\w+))?(?: when (\w+))?$/.exec(draw.chance(95) ? draw.of(to) : 'Team.member') ?? []
  const subject: FactInput['subject'] =
    any !== undefined
      ? { any: subjectType }
      : role !== undefined
        ? { entity: entityOf(draw, subjectType as TypeName), role }
        : entityOf(draw, subjectType as TypeName)
  const carried = conditions[condition]
  return {
    ...(type === undefined ? {} : { object: entityOf(draw, type) }),
    relation,
    subject,
    ...ending,
    ...(carried === undefined ? {} : { when: draw.of(carried) }),
  }
}

function containersOf(type: TypeName): readonly TypeName[] {
  return (/ in (.*)/.exec(types[type].head)?.[1]?.split(' | ') ?? []) as TypeName[]
}

export function factSet(draw: Draw, assignments: readonly Assignment[]): readonly (EntityInput | FactInput)[] {
  const records = typeNames.flatMap((type) =>
    ids[type].flatMap((id) => (draw.chance(88) ? [recordOf(draw, type, id)] : [])),
  )
  return [...records, ...draw.times(14, 30, () => factOf(draw, assignments))]
}

/** A change of the facts. */
export type Write =
  | { readonly do: 'add' | 'remove'; readonly fact: FactInput }
  | { readonly do: 'put'; readonly entity: EntityInput }
  | { readonly do: 'delete'; readonly name: string }

export function writeOf(
  draw: Draw,
  there: readonly (EntityInput | FactInput)[],
  assignments: readonly Assignment[],
): Write {
  const kind = draw.int(10)
  const facts = there.filter((one): one is FactInput => 'relation' in one)
  if (kind < 4) return { do: 'add', fact: factOf(draw, assignments) }
  if (kind < 6 && facts.length > 0) {
    const { until, when, ...fact } = draw.of(facts)
    return {
      do: 'remove',
      fact: draw.chance(50)
        ? fact
        : { ...fact, ...(until === undefined ? {} : { until }), ...(when === undefined ? {} : { when }) },
    }
  }
  const type = draw.of(typeNames)
  if (kind < 8) {
    const entity = recordOf(draw, type, draw.of([...ids[type], ...spare]))
    const name = draw.of([...types[type].attributes, ...types[type].links].map((one) => one.name).concat('in'))
    return { do: 'put', entity: draw.chance(30) ? { ...entity, [name]: null } : entity }
  }
  return { do: 'delete', name: entityOf(draw, type) }
}
