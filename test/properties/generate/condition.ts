import fc from 'fast-check'
import { agents, groups, type Level, labels, levels, numbers, users, words } from './vocabulary.ts'

/** Which way a condition counts where it stands: what a grant asks for, what a prohibition asks for, or either. */
export type Sign = '+' | '-' | 'both'

/** Where a condition stands, and so what it may say. */
export interface Place {
  readonly block: 'Doc' | 'Folder' | 'Group' | 'either' | 'file' | 'item'
  /** Of the body that it is part of. */
  readonly level: Level
  readonly sign: Sign
  readonly agent: boolean
  /** `token`, obtainable facts and labels: not in bodies that are asked about somebody else. */
  readonly bound: boolean
  /** Obtainable facts at positive sign, labels at negative sign: not in what is nested at any sign. */
  readonly session: boolean
  /** Permissions only where they help. */
  readonly positive: boolean
  /** Much depends on what the caller can get. */
  readonly asking: boolean
  /** What leads back to itself through a negation is marked as meant. */
  readonly recursive: boolean
  /** With what recovers from errors. */
  readonly recovers: boolean
  /** In an item: the arguments and template variables there are. */
  readonly items: readonly string[]
}

const oneOf = (choices: readonly string[]) => fc.constantFrom(...choices)
const number = fc.constantFrom(...numbers)
const word = fc.constantFrom(...words)
const order = oneOf(['<', '<=', '>', '>=', '=='])
const user = fc.constantFrom(...users)
const group = fc.constantFrom(...groups)

function filled(template: string, ...parts: readonly fc.Arbitrary<string | number>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((values) => {
    let next = 0
    return template.replace(/%/g, () => String(values[next++]))
  })
}

const aboutActor = [
  // `== true` keeps what it shows from narrowing the type of what stands beside it, where it may be asked again.
  oneOf(['(actor is User) == true', 'actor.suspended', 'senior', 'actor == User:u0', 'true', 'false']),
  filled('actor.level % %', order, number),
  filled('over(%)', number),
  filled('actor in Group:%', group),
  oneOf([
    '(actor is User and actor has nick and actor.nick.startsWith("a")) == true',
    '(actor is User ? actor.nick ?? "none" : "none") == "ab"',
  ]),
]

const aboutQuestion = [
  filled('context.depth % %', order, number),
  filled('probe(%)', number),
  filled('count(%) % %', number, order, number),
  oneOf([
    '(context.flag ?? false)',
    'context.mode == "fast"',
    '(context has address and context.address in cidr("10.0.0.0/8"))',
    'now < datetime("2026-01-01T12:00:00Z")',
    'now.hourIn("Europe/Berlin") < 12',
    '(context.mode == "fast" ? context.depth : 1) < 2',
  ]),
]

const recovering = [
  filled('recover(context.loose == %, false)', number),
  filled('recover(context.loose % %, false)', order, number),
  filled('recover(context.depth % % and context.loose == 1, false)', order, number),
  filled('recover(context.depth % % or context.loose == 1, false)', order, number),
  filled('recover(not (context.loose == %), false)', number),
  oneOf([
    'recover(context.loose == 1 ? context.depth > 1 : actor.suspended, false)',
    'recover(actor.suspended ? context.loose == 1 : context.loose != 1, false)',
    'recover(now < datetime("2026-01-01T12:00:00Z") and not (context.loose == 1), false)',
  ]),
]

const recoveringItem = [
  oneOf([
    'recover(args.id == "d0" and context.loose == 1, false)',
    'recover(context.loose != 1 or args.id == "d1", false)',
    'recover(not (args.id == "d0"), false)',
  ]),
]

const aboutToken = [
  filled('"%" in token.groups', word),
  filled('token.rank % %', order, number),
  oneOf([
    '(token.dept ?? "none") == "a"',
    '(token has dept and token.dept == "a")',
    'token.roles.some(r => r == "ab")',
  ]),
]

const obtainable = [
  oneOf(['scope("write")', 'scope("read")', 'acr("aal2")', 'authAge() <= 5m', 'confirmed()']),
  filled('approvedBy(Group:%.member)', group),
  oneOf([
    '(scope("write") and scope("read"))',
    '(acr("aal2") and (scope("admin") or confirmed()))',
    '(scope("read") or (scope("write") and authAge() <= 15m))',
  ]),
]

const aboutAgent = [
  oneOf(['agent.trusted', '(agent.vendor ?? "none") == "v"', 'agent.suspended']),
  filled('agent.level % %', order, number),
  filled('agent == Agent:%', fc.constantFrom(...agents)),
]

const aboutLabels = [
  filled('"%" in session.labels', fc.constantFrom(...labels)),
  oneOf(['session.labels.containsAny(["untrusted", "private"])', 'session.labels.some(l => l == "private")']),
]

const attributes: Readonly<Record<Place['block'], readonly fc.Arbitrary<string>[]>> = {
  Doc: [
    filled('size % %', order, number),
    filled('size + 9223372036854775805 > %', number),
    filled('size * 2 - % < 3', number),
    filled('"%" in tags', word),
    filled('tags.some(t => t == "%")', word),
    filled('tags.every(t => t.startsWith("%"))', word),
    filled('tags.containsAll(["%", "a"])', word),
    filled('owner.level % %', order, number),
    filled('editors.some(e => e.level > %)', number),
    filled('editors.every(e => e.level > %)', number),
    filled('owner == User:%', user),
    filled('(extra?.n ?? %) < 2', number),
    oneOf([
      '(secret ?? false)',
      '(resource has secret and secret)',
      'status == "final"',
      'tags.isEmpty()',
      'tags.length > 1',
      '(folder?.shared ?? true)',
      '(resource has extra and extra has n and extra.n < 2)',
    ]),
    oneOf(['owner', 'editors', 'folder.owner', 'owner.manager', 'actor in editors']),
  ],
  Folder: [
    filled('owner.level % %', order, number),
    filled('owner == User:%', user),
    oneOf(['shared', '(parent?.shared ?? false)', 'owner', 'parent.owner', 'owner == actor']),
  ],
  Group: [oneOf(['chair', 'chair.manager', '(chair?.level ?? 0) > 1'])],
  either: [
    filled('resource.owner.level % %', order, number),
    oneOf([
      'resource.owner',
      'resource.owner == actor',
      '(resource is Doc) == true',
      '(resource is Doc and resource.size > 1) == true',
    ]),
  ],
  file: [],
  item: [],
}

/** Roles and permissions that may be asked for at a level, and what the sets hold for somebody else. */
const relations: Readonly<Record<Place['block'], readonly (readonly [number, readonly string[]])[]>> = {
  Doc: [
    [
      levels.keeper,
      [
        'keeper',
        'guest',
        'folder.keeper',
        'owner.superior',
        'owner in keeper',
        'editors.some(e => e in folder.keeper)',
      ],
    ],
    [levels.keeper, ['staff', 'Group:g0.member', 'owner in folder.keeper']],
    [levels.viewer, ['viewer', 'folder.viewer', 'vip']],
    [levels.view, ['view', 'folder.view']],
    [levels.author, ['author']],
    [levels.edit, ['edit', 'folder.edit']],
  ],
  Folder: [
    [
      levels.keeper,
      ['keeper', 'parent.keeper', 'owner.superior', 'owner in parent.keeper', 'staff', 'Group:g1.member'],
    ],
    [levels.viewer, ['viewer', 'parent.viewer', 'vip']],
    [levels.view, ['view', 'parent.view']],
    [levels.edit, ['edit', 'parent.edit']],
  ],
  Group: [[levels.keeper, ['member', 'staff']]],
  either: [
    [levels.keeper, ['resource.keeper', 'staff', 'Folder:f0.keeper']],
    [levels.viewer, ['resource.viewer', 'vip']],
    [levels.view, ['resource.view']],
    [levels.edit, ['resource.edit']],
  ],
  file: [
    [levels.keeper, ['staff', 'Group:g0.member', 'Folder:f0.keeper']],
    [levels.viewer, ['vip', 'Folder:f1.viewer']],
  ],
  item: [
    [levels.keeper, ['staff', 'Folder:f0.keeper']],
    [levels.viewer, ['vip', 'Doc:d0.viewer']],
    [levels.view, ['Doc:d1.view']],
  ],
}

const permissions = /\.?\b(?:view|edit)\b/

function relationsAt({ block, level, sign, positive, recursive, items }: Place): readonly string[] {
  const reaches = (of: number) => (sign === '+' || (recursive && sign === '-') ? of <= level : of < level)
  const named = relations[block].filter(([of]) => reaches(of)).flatMap(([, names]) => names)
  const constructed = items.flatMap((item) => constructors[item] ?? [])
  return [...named, ...constructed].filter((name) => {
    // What carries obtainable facts and labels is nested only where it helps.
    if (/\bedit\b/.test(name) && sign !== '+') return false
    return !(positive && permissions.test(name) && sign !== '+')
  })
}

const constructors: Readonly<Record<string, readonly string[]>> = {
  'args.id': ['Doc[args.id].view', 'Doc[args.id].keeper', 'Doc["{args.id}"].edit', 'Doc[args.id].viewer'],
  'args has id': ['(args has id and Doc[args.id].view)', '(args has id and Doc[args.id].viewer)'],
  'args.body': ['Repo["{args.id}/{args.body}"].writer'],
  id: ['Doc[id].view', 'Doc[id].viewer', 'Doc["{id}"].edit'],
  folder: ['Folder[folder].keeper', 'Folder[folder].view', 'Repo["{folder}/{id}"].writer'],
}

const aboutArguments: Readonly<Record<string, readonly fc.Arbitrary<string>[]>> = {
  'args.id': [
    oneOf(['args.id == "d0"', 'args.id.startsWith("d")', 'args.id.like("d*")', 'path(args.id) in path("/srv")']),
  ],
  'args has id': [oneOf(['(args has id and args.id == "d0")', '(args has limit and args.limit > 2)'])],
  'args.body': [oneOf(['args.body.includes("a")', '(args.force ?? false)', '(args.tags ?? []).every(t => t == "a")'])],
  'args.limit': [filled('(args.limit ?? 1) % %', order, number), filled('(args has limit and args.limit > %)', number)],
  'args.query': [oneOf(['args.query.includes("a")', 'args.query.length < 3'])],
  id: [oneOf(['id == "d0"', 'id.startsWith("d")'])],
  path: [oneOf(['path("/{path}") in path("/srv")', 'path.endsWith(".md")'])],
  tool: [oneOf(['tool.destructive', 'tool.readOnly', 'tool.openWorld'])],
  prompt: [oneOf(['(args.tone ?? "a") == "a"'])],
  uri: [oneOf(['uri.startsWith("doc:")'])],
}

function leaf(place: Place): fc.Arbitrary<string> {
  const { block, sign, agent, bound, session, items, asking, recovers } = place
  const names = relationsAt(place)
  return fc.oneof(
    { weight: block === 'file' ? 2 : 1, arbitrary: fc.oneof(...aboutActor) },
    { weight: 2, arbitrary: fc.oneof(...aboutQuestion) },
    ...(attributes[block].length === 0 ? [] : [{ weight: 3, arbitrary: fc.oneof(...attributes[block]) }]),
    ...(names.length === 0 ? [] : [{ weight: 10, arbitrary: fc.constantFrom(...names) }]),
    ...(recovers ? [{ weight: 4, arbitrary: fc.oneof(...recovering) }] : []),
    ...(recovers && items.includes('args.id') ? [{ weight: 4, arbitrary: fc.oneof(...recoveringItem) }] : []),
    ...(bound ? [{ weight: 1, arbitrary: fc.oneof(...aboutToken) }] : []),
    ...(session && sign === '+' ? [{ weight: asking ? 20 : 2, arbitrary: fc.oneof(...obtainable) }] : []),
    ...(session && sign === '-' ? [{ weight: 2, arbitrary: fc.oneof(...aboutLabels) }] : []),
    ...(agent ? [{ weight: 4, arbitrary: fc.oneof(...aboutAgent) }] : []),
    ...items.flatMap((item) => {
      const about = aboutArguments[item]
      return about === undefined ? [] : [{ weight: 2, arbitrary: fc.oneof(...about) }]
    }),
  )
}

function opposite(sign: Sign): Sign {
  return sign === 'both' ? 'both' : sign === '+' ? '-' : '+'
}

/** One for every place and depth: there are few places, and each is asked for often. */
const made = new Map<string, fc.Arbitrary<string>>()

export function condition(place: Place, depth = 2): fc.Arbitrary<string> {
  const key = JSON.stringify([place, depth])
  const known = made.get(key)
  if (known !== undefined) return known
  const arbitrary = depth === 0 ? leaf(place) : composite(place, depth)
  made.set(key, arbitrary)
  return arbitrary
}

function composite(place: Place, depth: number): fc.Arbitrary<string> {
  const inner = condition(place, depth - 1)
  const negated = condition({ ...place, sign: opposite(place.sign) }, depth - 1)
  const either = condition({ ...place, sign: 'both' }, depth - 1)
  return fc.oneof(
    { weight: 6, arbitrary: leaf(place) },
    { weight: 2, arbitrary: fc.tuple(inner, inner).map(([a, b]) => `(${a} and ${b})`) },
    { weight: 2, arbitrary: fc.tuple(inner, inner).map(([a, b]) => `(${a} or ${b})`) },
    { weight: 3, arbitrary: negated.map((a) => `not ${a}`) },
    { weight: 1, arbitrary: fc.tuple(either, inner, inner).map(([c, a, b]) => `(${c} ? ${a} : ${b})`) },
  )
}
