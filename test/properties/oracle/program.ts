import fc from 'fast-check'
import type { AnyFact } from '../generate/facts.ts'
import { now } from '../generate/vocabulary.ts'
import type { Asked, Condition, Line, World } from './oracle.ts'

/** In the order in which they may depend on each other. */
export const order = ['reader', 'writer', 'owning', 'read', 'write'] as const
const roles = ['reader', 'writer', 'owning'] as const
const actions = ['read', 'write'] as const
const users = ['u0', 'u1', 'u2'] as const
const groups = ['g0', 'g1'] as const
const known = ['d0', 'd1', 'd2'] as const
/** Of the last one nothing is known. */
export const docs = [...known, 'd9'] as const

function condition(level: number, negated: boolean, agent: boolean, depth: number): fc.Arbitrary<Condition> {
  const reachable = order.slice(0, negated ? level : level + 1)
  const leaf = fc.oneof(
    fc.constantFrom<Condition>({ kind: 'owner' }, { kind: 'open' }),
    fc.constantFrom(1, 2).map((atLeast): Condition => ({ kind: 'level', atLeast })),
    ...(agent ? [fc.constant<Condition>({ kind: 'trusted' })] : []),
    ...(reachable.length === 0
      ? []
      : [
          {
            weight: 10,
            arbitrary: fc.record({
              kind: fc.constant('holds' as const),
              of: fc.constantFrom('own' as const, 'parent' as const),
              relation: fc.constantFrom(...reachable),
            }),
          },
        ]),
  )
  if (depth === 0) return leaf
  const inner = condition(level, negated, agent, depth - 1)
  const opposite = condition(level, !negated, agent, depth - 1)
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.tuple(inner, inner).map((operands): Condition => ({ kind: 'and', operands })) },
    { weight: 1, arbitrary: fc.tuple(inner, inner).map((operands): Condition => ({ kind: 'or', operands })) },
    { weight: 2, arbitrary: opposite.map((operand): Condition => ({ kind: 'not', operand })) },
  )
}

function line(effect: Line['effect'], relation: (typeof order)[number], agent: boolean): fc.Arbitrary<Line> {
  const level = order.indexOf(relation)
  const negated = effect === 'deny'
  const of = (flipped: boolean, depth: number) => condition(level, negated !== flipped, agent, depth)
  return fc
    .record({
      condition: fc.option(of(false, 2), { nil: undefined, freq: effect === 'delegate' ? 1 : 5 }),
      except: fc.option(of(true, 1), { nil: undefined, freq: 1 }),
    })
    .map(({ condition, except }) => ({
      effect,
      relation,
      agent,
      // A deny that mentions no agent is not about one.
      ...(condition === undefined && !(agent && negated) ? {} : { condition: condition ?? { kind: 'trusted' } }),
      ...(except === undefined ? {} : { except }),
    }))
}

export const program: fc.Arbitrary<readonly Line[]> = fc
  .tuple(
    fc.tuple(...roles.map((role) => line('role', role, false))),
    fc.tuple(...actions.map((action) => line('allow', action, false))),
    fc.array(fc.oneof(...actions.flatMap((action) => [line('allow', action, false), line('deny', action, false)])), {
      maxLength: 3,
    }),
    fc.array(fc.oneof(...actions.map((action) => line('deny', action, true))), { maxLength: 2 }),
    fc.array(fc.oneof(...actions.map((action) => line('delegate', action, true))), { maxLength: 3, size: 'max' }),
  )
  .map((parts) =>
    parts.flat().map((one) => (mentionsAgent(one) || one.effect !== 'deny' ? one : { ...one, agent: false })),
  )

function mentionsAgent({ condition, except }: Line): boolean {
  return JSON.stringify([condition, except]).includes('"trusted"')
}

const option = <T>(arbitrary: fc.Arbitrary<T>, freq = 4) => fc.option(arbitrary, { nil: undefined, freq })
const ended = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true))

function records<T>(ids: readonly string[], fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.tuple(...ids.map((id) => fc.record({ ...fields, id: fc.constant(id) }).map(withoutGaps)))
}

function withoutGaps<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T
}

const assigned = fc.record({
  doc: fc.constantFrom(...known),
  role: fc.constantFrom(...roles),
  subject: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...users, ...groups).map((entity) => ({ entity })) },
    { weight: 4, arbitrary: fc.record({ doc: fc.constantFrom(...known), role: fc.constantFrom(...roles) }) },
    { weight: 1, arbitrary: fc.constant('any' as const) },
  ),
  ended,
})

export const world = fc
  .record({
    users: records(users, { level: option(fc.constantFrom(0, 1, 2)) }),
    agents: records(['a0', 'a1'], { trusted: option(fc.boolean()) }),
    docs: records(known, {
      owner: option(fc.constantFrom(...users)),
      open: option(fc.boolean()),
      parent: option(fc.constantFrom(...known), 8),
    }),
    contained: fc.array(
      fc.record({ inner: fc.constantFrom(...users, ...groups), outer: fc.constantFrom(...groups), ended }),
      { maxLength: 5, size: 'max' },
    ),
    assigned: fc.array(assigned, { maxLength: 8, size: 'max' }),
  })
  // A role is assigned to the holders of none that comes after it: what is negated there would depend on itself.
  .map((all) => ({
    ...all,
    assigned: all.assigned.filter(({ role, subject }) => {
      const of = typeof subject === 'object' && 'role' in subject ? roles.indexOf(subject.role) : 0
      return of <= roles.indexOf(role)
    }),
  })) as fc.Arbitrary<World>

/** Who asks, and through whom. */
export const asking: fc.Arbitrary<Pick<Asked, 'actor' | 'agents'>> = fc.record({
  actor: fc.oneof({ weight: 9, arbitrary: fc.constantFrom<string | null>(...users) }, fc.constant(null)),
  agents: fc.constantFrom<readonly string[]>([], [], ['a0'], ['a0', 'a1']),
})

/** The program in the language. */
export function textOf(lines: readonly Line[]): string {
  const written = lines.map(({ effect, relation, condition, except }) => {
    const holders = roles.slice(0, roles.indexOf(relation as (typeof roles)[number]) + 1).map((role) => `Doc.${role}`)
    const head =
      effect === 'role' ? `role ${relation}: User | Group | any User | ${holders.join(' | ')}` : `${effect} ${relation}`
    return [
      `  ${head}`,
      ...(condition === undefined ? [] : [`if ${show(condition)}`]),
      ...(except === undefined ? [] : [`unless ${show(except)}`]),
    ].join(' ')
  })
  return `actor User in Group { level: int }
actor Agent { level: int  trusted: boolean }
resource Group in Group
resource Doc {
  owner: User
  open: boolean
  parent?: Doc
${written.join('\n')}
}`
}

function show(condition: Condition): string {
  switch (condition.kind) {
    case 'holds':
      return condition.of === 'own' ? condition.relation : `parent.${condition.relation}`
    case 'owner':
    case 'open':
      return condition.kind
    case 'trusted':
      return 'agent.trusted'
    case 'level':
      return `actor.level >= ${condition.atLeast}`
    case 'not':
      return `not ${show(condition.operand)}`
    case 'and':
    case 'or':
      return `(${condition.operands.map(show).join(` ${condition.kind} `)})`
  }
}

/** The world as facts. */
export function factsOf({ users, agents, docs, contained, assigned }: World): readonly AnyFact[] {
  const name = (id: string) => `${id.startsWith('g') ? 'Group' : 'User'}:${id}`
  const until = (ended: boolean) => (ended ? { until: now } : {})
  return [
    ...users.map((user) => ({ type: 'User', ...user })),
    ...agents.map((agent) => ({ type: 'Agent', ...agent })),
    ...groups.map((id) => ({ type: 'Group', id })),
    ...docs.map(({ owner, parent, ...doc }) => ({
      type: 'Doc',
      ...doc,
      ...(owner === undefined ? {} : { owner: name(owner) }),
      ...(parent === undefined ? {} : { parent: `Doc:${parent}` }),
    })),
    ...contained.map(({ inner, outer, ended }) => ({
      object: name(inner),
      relation: 'in',
      subject: name(outer),
      ...until(ended),
    })),
    ...assigned.map(({ doc, role, subject, ended }) => ({
      object: `Doc:${doc}`,
      relation: role,
      subject:
        subject === 'any'
          ? { any: 'User' }
          : 'entity' in subject
            ? name(subject.entity)
            : { entity: `Doc:${subject.doc}`, role: subject.role },
      ...until(ended),
    })),
  ]
}
