/** Cedar policies, entities and requests as they come, from a seed: mostly sensible, now and then not. */

export interface Random {
  /** A whole number below `n`. */
  readonly below: (n: number) => number
  readonly chance: (percent: number) => boolean
  readonly one: <T>(of: readonly T[]) => T
}

/** mulberry32 */
function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (n: number) => Math.floor(next() * n)
  return {
    below,
    chance: (percent) => below(100) < percent,
    one: (of) => of[below(of.length)] as (typeof of)[number],
  }
}

export interface Uid {
  readonly type: string
  readonly id: string
}

export interface Case {
  readonly policies: string
  readonly entities: readonly unknown[]
  readonly requests: readonly {
    readonly principal: Uid
    readonly action: Uid
    readonly resource: Uid
    readonly context: Readonly<Record<string, unknown>>
  }[]
  readonly schema?: string
}

const ids = ['a', 'b', 'c d', 'ü😀', 'q"x', 'x\\y', 'user@x.y', '{n}', '*'] as const
const types = ['User', 'Group', 'Doc', 'N::Thing'] as const
const actions = ['view', 'edit', 'delete it', 'all'] as const

type Kind = 'long' | 'bool' | 'string' | 'entity' | 'set' | 'record' | 'decimal' | 'ip' | 'datetime' | 'duration'

/** What attributes usually hold. */
const attributes: Readonly<Record<string, Kind>> = {
  n: 'long',
  m: 'long',
  s: 'string',
  'odd name': 'string',
  f: 'bool',
  e: 'entity',
  l: 'set',
  k: 'set',
  r: 'record',
  d: 'decimal',
  ip: 'ip',
  t: 'datetime',
  u: 'duration',
}
const names = Object.keys(attributes)
const kinds = [...new Set(Object.values(attributes))]
const byKind = (kind: Kind) => names.filter((name) => attributes[name] === kind)

/** Attributes of entities and of the context with a schema. */
const schema = `
entity Group in [Group] = { n: Long, s?: String, e: User };
entity User in [Group] = {
  n: Long, m?: Long, s: String, "odd name"?: String, f: Bool, e: User, l: Set<Long>, k: Set<User>, r: { n: Long, s?: String, e: User },
  d: decimal, ip: ipaddr, t: datetime, u?: duration
} tags String;
entity Doc in [Doc, N::Thing] = {
  n: Long, m?: Long, s: String, f: Bool, e?: User, l: Set<Long>, k: Set<User>, r: { n: Long, s?: String, e: User }, d?: decimal, ip: ipaddr,
  t: datetime, u: duration
};
namespace N { entity Thing = { n: Long, f?: Bool }; }
action all;
action view in [all] appliesTo { principal: [User, Group], resource: [Doc, N::Thing], context: { n: Long, s?: String, f: Bool, r: { n: Long } } };
action edit in [all] appliesTo { principal: [User], resource: [Doc], context: { n: Long, e: User, f: Bool, l: Set<Long>, ip: ipaddr, d: decimal } };
action "delete it" appliesTo { principal: [User], resource: [Doc], context: { f: Bool, t?: datetime } };
`

const shapes: Readonly<Record<string, readonly string[]>> = {
  User: ['n', 'm?', 's', 'odd name?', 'f', 'e', 'l', 'k', 'r', 'd', 'ip', 't', 'u?'],
  Group: ['n', 's?', 'e'],
  Doc: ['n', 'm?', 's', 'f', 'e?', 'l', 'k', 'r', 'd?', 'ip', 't', 'u'],
  'N::Thing': ['n', 'f?'],
  view: ['n', 's?', 'f', 'r:n'],
  edit: ['n', 'e', 'f', 'l', 'ip', 'd'],
  'delete it': ['f', 't?'],
  all: [],
}

export function randomCase(seed: number): Case {
  const random = randomFrom(seed)
  const typed = random.chance(35)
  const noise = typed ? random.one([0, 0, 6]) : random.one([2, 8, 20])
  const policies = Array.from({ length: 1 + random.below(4) }, () => policy(random, noise))
  return {
    policies: policies.join('\n'),
    entities: entities(random, typed, noise),
    requests: Array.from({ length: 3 }, () => request(random, typed, noise)),
    ...(typed ? { schema } : {}),
  }
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

function uidText({ type, id }: Uid): string {
  return `${type}::${quoted(id)}`
}

function uid(random: Random, type: string = random.one(types)): Uid {
  return { type, id: random.one(ids) }
}

function action(random: Random): Uid {
  return { type: 'Action', id: random.one(actions) }
}

function policy(random: Random, noise: number): string {
  const effect = random.chance(65) ? 'permit' : 'forbid'
  const principal = scope(random, 'principal', ['User', 'User', 'Group'])
  const resource = scope(random, 'resource', ['Doc', 'Doc', 'N::Thing'])
  const acts = random.one([
    'action',
    'action',
    `action == ${uidText(action(random))}`,
    `action in ${uidText(action(random))}`,
    `action in [${uidText(action(random))}, ${uidText(action(random))}]`,
  ])
  const clauses = Array.from({ length: random.below(3) }, () => {
    const clause = random.chance(70) ? 'when' : 'unless'
    return ` ${clause} { ${expr(random, 'bool', 1 + random.below(4), noise)} }`
  })
  return `${effect} (${principal}, ${acts}, ${resource})${clauses.join('')};`
}

function scope(random: Random, name: string, likely: readonly string[]): string {
  const type = random.one(likely)
  switch (random.below(8)) {
    case 0:
      return `${name} == ${uidText(uid(random, type))}`
    case 1:
      return `${name} in ${uidText(uid(random, random.one(['Group', 'Doc', 'N::Thing'])))}`
    case 2:
      return `${name} is ${type}`
    case 3:
      return `${name} is ${type} in ${uidText(uid(random, random.one(['Group', 'Doc', 'N::Thing'])))}`
    default:
      return name
  }
}

function expr(random: Random, kind: Kind, depth: number, noise: number): string {
  if (random.chance(noise)) return plain(random, random.one(kinds), depth, noise)
  return plain(random, kind, depth, noise)
}

function plain(random: Random, kind: Kind, depth: number, noise: number): string {
  const of = (wanted: Kind) => expr(random, wanted, depth - 1, noise)
  if (depth <= 0 || random.chance(15)) return random.chance(60) ? reading(random, kind, noise) : literal(random, kind)
  if (random.chance(8)) return `(if ${of('bool')} then ${of(kind)} else ${of(kind)})`
  switch (kind) {
    case 'bool':
      return test(random, depth, noise)
    case 'long':
      return random.one([
        () => `(${of('long')} + ${of('long')})`,
        () => `(${of('long')} - ${of('long')})`,
        () => `(${of('long')} * ${of('long')})`,
        () => `-(${of('long')})`,
        () =>
          `${receiver(of('duration'))}.${random.one(['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'])}()`,
        () => reading(random, kind, noise),
      ])()
    case 'set':
      return `[${Array.from({ length: random.below(4) }, () => of(random.one(['long', 'long', 'string', 'entity'] as const))).join(', ')}]`
    case 'record':
      return `{n: ${of('long')}, s: ${of('string')}}`
    case 'datetime':
      return random.one([
        () => `${receiver(of('datetime'))}.offset(${of('duration')})`,
        () => `${receiver(of('datetime'))}.toDate()`,
        () => reading(random, kind, noise),
      ])()
    case 'duration':
      return random.one([
        () => `${receiver(of('datetime'))}.durationSince(${of('datetime')})`,
        () => `${receiver(of('datetime'))}.toTime()`,
        () => reading(random, kind, noise),
      ])()
    default:
      return random.chance(70) ? reading(random, kind, noise) : literal(random, kind)
  }
}

function receiver(text: string): string {
  return /^-|^if /.test(text) ? `(${text})` : text
}

function test(random: Random, depth: number, noise: number): string {
  const of = (wanted: Kind) => expr(random, wanted, depth - 1, noise)
  const name = () => random.one(names)
  return random.one([
    () => `(${of('bool')} && ${of('bool')})`,
    () => `(${of('bool')} && ${of('bool')})`,
    () => `(${of('bool')} || ${of('bool')})`,
    () => `(${of('bool')} || ${of('bool')})`,
    () => `!(${of('bool')})`,
    () => {
      const kind = random.one(kinds)
      return `(${of(kind)} ${random.one(['==', '!='])} ${of(kind)})`
    },
    () => {
      const kind = random.one(['long', 'long', 'datetime', 'duration'] as const)
      return `(${of(kind)} ${random.one(['<', '<=', '>', '>='])} ${of(kind)})`
    },
    () => `(${of('entity')} in ${of('entity')})`,
    () => `(${of('entity')} in [${of('entity')}, ${of('entity')}])`,
    () => `(${of('entity')} in ${of('set')})`,
    () => `(${of('entity')} is ${random.one(types)})`,
    () => `(${of('entity')} is ${random.one(types)} in ${of('entity')})`,
    () => `${receiver(of('set'))}.contains(${of(random.one(['long', 'string', 'entity'] as const))})`,
    () => `${receiver(of('set'))}.${random.one(['containsAll', 'containsAny'])}(${of('set')})`,
    () => `${receiver(of('set'))}.isEmpty()`,
    () => `(${of('string')} like ${random.one(['"a*"', '"*\\*"', '"*x\\\\*"', '"*"', '"*b*"', '""'])})`,
    () => `(${random.one(['principal', 'resource', 'context'])} has ${attributeKey(name())})`,
    () => {
      const root = random.one(['principal', 'resource', 'context'])
      const attribute = name()
      const kind = attributes[attribute] ?? 'long'
      const path = `${root}${step(attribute)}`
      return `(${root} has ${attributeKey(attribute)} && ${path} == ${of(kind)})`
    },
    () => `(${random.one(['principal', 'resource'])} has ${random.one(['r.n', 'e.n', 'r.e.n', 'e.e.s', 'r.zz'])})`,
    () =>
      `${receiver(of('decimal'))}.${random.one(['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'])}(${of('decimal')})`,
    () => `${receiver(of('ip'))}.${random.one(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'])}()`,
    () => `${receiver(of('ip'))}.isInRange(${of('ip')})`,
    () => `(action ${random.one(['==', '!=', 'in'])} ${uidText(action(random))})`,
    () => `(action in [${uidText(action(random))}, ${uidText(action(random))}])`,
    () =>
      `${random.one(['principal', 'resource'])}.hasTag(${random.chance(70) ? quoted(random.one(['a', 'b'])) : of('string')})`,
    () => {
      const root = random.one(['principal', 'resource'])
      const key = quoted(random.one(['a', 'b']))
      return `(${root}.hasTag(${key}) && ${root}.getTag(${key}) == ${of('string')})`
    },
    () => `(principal.getTag("a") == ${of('string')})`,
    () => reading(random, 'bool', noise),
  ])()
}

function attributeKey(name: string): string {
  return /^\w+$/.test(name) ? name : quoted(name)
}

function step(name: string): string {
  return /^\w+$/.test(name) ? `.${name}` : `[${quoted(name)}]`
}

function reading(random: Random, kind: Kind, noise: number): string {
  if (kind === 'entity' && random.chance(45)) return random.one(['principal', 'resource'])
  const name = random.chance(noise) ? random.one(names) : random.one(byKind(kind))
  const root = random.one([
    'principal',
    'resource',
    'context',
    'principal',
    'resource',
    'principal.e',
    'resource.e',
    'resource.r',
  ])
  return `${root}${step(name)}`
}

function literal(random: Random, kind: Kind): string {
  switch (kind) {
    case 'bool':
      return random.one(['true', 'false'])
    case 'long':
      return random.one(['0', '1', '2', '-1', '7', '9007199254740993', '9223372036854775807', '-9223372036854775808'])
    case 'string':
      return random.one(['""', '"a"', '"ab"', '"x\\\\y"', '"a*"', '"ü😀"', '"{n}"'])
    case 'entity':
      return uidText(uid(random))
    case 'set':
      return random.one(['[]', '[1, 2]', '["a"]', '[1, "a"]', '[User::"a"]', '[[1], [2]]', '[{n: 1, s: "a"}]'])
    case 'record':
      return random.one(['{}', '{n: 1, s: "a"}', '{n: 1}', '{n: "a"}'])
    case 'decimal':
      return `decimal(${random.one(['"0.0"', '"1.5"', '"-1.25"', '"922337203685477.5807"', '"1.50"', '"x"'])})`
    case 'ip':
      return `ip(${random.one(['"10.0.0.1"', '"10.0.0.0/8"', '"10.0.0.1/8"', '"127.0.0.1"', '"::1"', '"ff02::1"', '"10.0.0.1/32"', '"224.0.0.1"', '"::ffff:1.2.3.4"', '"1.2.3"'])})`
    case 'datetime':
      return `datetime(${random.one(['"2024-01-01"', '"2024-02-29T23:59:59Z"', '"2024-01-01T00:00:00.123+0130"', '"1969-12-31T23:00:00Z"', '"2023-02-29"', '"2024-1-1"'])})`
    case 'duration':
      return `duration(${random.one(['"1h"', '"-90m"', '"1d2h3m4s5ms"', '"0s"', '"500ms"', '"1w"', '"5d"'])})`
  }
}

function data(random: Random, kind: Kind): unknown {
  switch (kind) {
    case 'bool':
      return random.chance(50)
    case 'long':
      return random.one([0, 1, 2, 7, -1, 9007199254740991, -9007199254740991])
    case 'string':
      return random.one(['', 'a', 'ab', 'x\\y', 'a*', 'ü😀', 'User:a', '{n}'])
    case 'entity':
      return { __entity: uid(random) }
    case 'set':
      return random.one<unknown>([[], [1, 2], ['a', 1], [{ __entity: uid(random) }], [[1], [2]], [{ n: 1, s: 'a' }]])
    case 'record':
      return random.one<unknown>([{}, { n: 1, s: 'a' }, { n: 1, e: { __entity: uid(random) } }, { n: 'a' }])
    case 'decimal':
      return { __extn: { fn: 'decimal', arg: random.one(['0.0', '1.5', '-1.25']) } }
    case 'ip':
      return { __extn: { fn: 'ip', arg: random.one(['10.0.0.1', '10.0.0.0/8', '::1', '127.0.0.1']) } }
    case 'datetime':
      return {
        __extn: { fn: 'datetime', arg: random.one(['2024-01-01', '2024-02-29T23:59:59Z', '1960-05-05T05:05:05.005Z']) },
      }
    case 'duration':
      return { __extn: { fn: 'duration', arg: random.one(['1h', '-90m', '1d2h3m4s5ms', '0s']) } }
  }
}

function conforming(random: Random, name: string): unknown {
  switch (name) {
    case 'e':
      return { __entity: uid(random, 'User') }
    case 'l':
      return random.one([[], [1, 2], [7]])
    case 'k':
      return random.one([[], [{ __entity: uid(random, 'User') }, { __entity: uid(random, 'User') }]])
    case 'r':
      return { n: 1, ...(random.chance(50) ? { s: 'a' } : {}), e: { __entity: uid(random, 'User') } }
    default:
      return data(random, attributes[name] ?? 'long')
  }
}

function shaped(random: Random, shape: readonly string[]): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const field of shape) {
    if (field === 'r:n') found.r = { n: 1 }
    else if (!field.endsWith('?')) found[field] = conforming(random, field)
    else if (random.chance(60)) found[field.slice(0, -1)] = conforming(random, field.slice(0, -1))
  }
  return found
}

function loose(random: Random, noise: number): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const name of names)
    if (random.chance(60))
      found[name] = data(random, random.chance(noise) ? random.one(kinds) : (attributes[name] as Kind))
  return found
}

/** Groups are in later groups only, so that nothing is in itself. */
function entities(random: Random, typed: boolean, noise: number): readonly unknown[] {
  const found: unknown[] = []
  const inside: Readonly<Record<string, readonly string[]>> = {
    User: ['Group'],
    Group: ['Group'],
    Doc: ['Doc', 'N::Thing'],
    'N::Thing': [],
  }
  for (const type of types) {
    for (const [index, id] of ids.entries()) {
      if (random.chance(55)) continue
      const parents = (inside[type] ?? []).flatMap((parent) =>
        ids
          .filter((_, i) => (parent !== type || i > index) && random.chance(25))
          .map((one) => ({ type: parent, id: one })),
      )
      const attrs = typed ? shaped(random, shapes[type] ?? []) : loose(random, noise)
      const tags =
        type === 'User' && random.chance(50) ? { tags: random.one<unknown>([{ a: 'a' }, { a: 'x', b: 'ab' }, {}]) } : {}
      found.push({ uid: { type, id }, attrs, parents, ...tags })
    }
  }
  if (!typed)
    for (const id of ['view', 'edit'])
      found.push({ uid: { type: 'Action', id }, attrs: {}, parents: [{ type: 'Action', id: 'all' }] })
  return found
}

function request(random: Random, typed: boolean, noise: number): Case['requests'][number] {
  if (!typed)
    return {
      principal: uid(random, random.one(['User', 'User', 'Group'])),
      action: action(random),
      resource: uid(random, random.one(['Doc', 'Doc', 'N::Thing'])),
      context: loose(random, noise),
    }
  const id = random.one(['view', 'edit', 'delete it'])
  const principal = uid(random, id === 'view' && random.chance(30) ? 'Group' : 'User')
  const resource = uid(random, id === 'view' && random.chance(30) ? 'N::Thing' : 'Doc')
  return { principal, action: { type: 'Action', id }, resource, context: shaped(random, shapes[id] ?? []) }
}
