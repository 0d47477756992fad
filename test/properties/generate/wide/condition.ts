import type { Draw } from '../drawn.ts'
import { either, flipped, mayAsk, memberOf, path, relationsOf, type Site } from './site.ts'
// biome-ignore lint/suspicious/noImportCycles: a value may hang on a condition, and a condition compares values
import { entities, first, int, ofKind, string, strings, truth } from './values.ts'
import { globals, ids, numbers, type TypeName, types, words } from './world.ts'

/** Conditions as text, of so many levels of `and`, `or`, `not` and `?:`. */
export function condition(draw: Draw, site: Site, depth = 2): string {
  const kind = depth === 0 ? 0 : draw.int(16)
  const inner = (at = site) => condition(draw, at, depth - 1)
  if (kind < 6) return leaf(draw, site, depth)
  if (kind < 9) return `(${inner()} and ${inner()})`
  if (kind < 11) return `(${inner()} or ${inner()})`
  if (kind < 14) return `not ${atom(inner(flipped(site)))}`
  if (kind < 15) return `(${inner(either(site))} ? ${inner()} : ${inner()})`
  return `(${draw.times(2, 4, () => inner()).join(draw.of([' and ', ' or ']))})`
}

/** `not` takes more than it seems to. */
const atom = (text: string) => (text.startsWith('(') ? text : `(${text})`)

const order = ['<', '<=', '>', '>=', '==', '!=']

function leaf(draw: Draw, site: Site, depth: number): string {
  const kinds: (readonly [number, () => string | undefined])[] = [
    [14, () => holds(draw, site)],
    [3, () => holdsGlobally(draw, site)],
    [3, () => stored(draw, site)],
    [3, () => contained(draw, site)],
    [2, () => holdsForOther(draw, site)],
    [3, () => quantified(draw, site, depth)],
    [4, () => compared(draw, site)],
    [2, () => ofActor(draw, site)],
    [2, () => ofSet(draw, site)],
    [1, () => ofString(draw, site)],
    [2, () => present(draw, site)],
    [2, () => narrowed(draw, site)],
    [2, () => truth(draw, site)],
    [2, () => lets(draw, site)],
    [1, () => ofTime(draw, site)],
    [1, () => ofJson(draw, site)],
    [2, () => ofAnything(draw, site)],
    [1, () => host(draw)],
    [site.isRule ? 1 : 0, () => 'action.startsWith("v")'],
    [site.rank >= 5 && site.sign === '+' ? 3 : 0, () => obtainable(draw, site)],
    [site.rank >= 5 && site.sign === '-' && site.isRule ? 3 : 0, () => labelled(draw)],
    [site.rank >= 2 ? 2 : 0, () => ofToken(draw, site)],
    [site.agent ? 6 : 0, () => ofAgent(draw, site)],
    [site.items.length > 0 ? 5 : 0, () => ofItem(draw, site)],
  ]
  const weighted = kinds.flatMap(([weight, make]) => Array<() => string | undefined>(weight).fill(make))
  return first(draw, weighted, draw.of(['true', 'false']))
}

function holds(draw: Draw, site: Site): string | undefined {
  const from = path(draw, site, 2)
  const names = relationsOf(site, from.to)
  if (names.length === 0) return undefined
  const asked = memberOf(site, from, draw.of(names).name)
  return draw.chance(15) ? `(actor in ${asked})` : asked
}

function holdsGlobally(draw: Draw, site: Site): string | undefined {
  const names = globals.filter((one) => mayAsk(site, one, false))
  return names.length === 0 ? undefined : draw.of(names).name
}

/** Roles of somebody else than the actor: only what does not hang on the caller's token. */
function holdsForOther(draw: Draw, site: Site): string | undefined {
  const who = entities(draw, site)
  const of = path(draw, site, 1)
  const names = relationsOf(site, of.to, true)
  if (names.length === 0 || who.many || who.loose) return undefined
  if (!who.to.every((type) => ['User', 'Bot', 'Agent', 'Team'].includes(type))) return undefined
  return `(${who.text} in ${memberOf(site, of, draw.of(names).name)})`
}

function stored(draw: Draw, site: Site): string | undefined {
  const to = path(draw, site, 3)
  if (!to.own || to.steps === 0 || !to.to.every((type) => ['User', 'Bot', 'Team'].includes(type))) return undefined
  return draw.chance(30) ? `(actor in ${to.text})` : to.text
}

function contained(draw: Draw, site: Site): string | undefined {
  return first(
    draw,
    [
      () => `(actor in Team:${draw.of(ids.Team)})`,
      () => `(actor in ${draw.of(['Org:o0', 'Org:o1'])})`,
      () => (site.resource.includes('Doc') && site.bare ? `(resource in Folder:${draw.of(ids.Folder)})` : undefined),
      () => (site.resource.includes('Doc') && site.bare ? '(resource in folder)' : undefined),
      () =>
        site.resource.length === 1 &&
        site.bare &&
        site.resource[0] !== 'Thing' &&
        types[site.resource[0] as TypeName].links.some(({ name, optional }) => name === 'owner' && !optional)
          ? `(owner in Team:${draw.of(ids.Team)})`
          : undefined,
      () => (site.agent ? `(agent in Team:${draw.of(ids.Team)})` : undefined),
      () => `(actor in [User:u0, User:${draw.of(ids.User)}])`,
    ],
    'false',
  )
}

/** `some` and `every` over entities, texts or numbers. */
function quantified(draw: Draw, site: Site, depth: number): string | undefined {
  const kind = draw.of(['some', 'every'] as const)
  const name = `v${site.locals.length}`
  if (site.locals.length > 0) return undefined
  if (draw.chance(35)) {
    const inner = { ...site, locals: [...site.locals, { name, type: 'string' as const }] }
    return `${strings(draw, site)}.${kind}(${name} => ${condition(draw, inner, Math.min(depth, 1))})`
  }
  const of = path(draw, site, 3)
  const [type, ...others] = of.to
  if (!of.many || type === undefined || others.length > 0) return undefined
  const inner = { ...site, locals: [...site.locals, { name, type }] }
  return `${of.text}.${kind}(${name} => ${condition(draw, inner, Math.min(depth, 1))})`
}

function compared(draw: Draw, site: Site): string | undefined {
  return first(
    draw,
    [
      () => `(${int(draw, site)} ${draw.of(order)} ${int(draw, site)})`,
      () => `(${int(draw, site, 2)} ${draw.of(order)} ${draw.of(numbers)})`,
      () => `(${string(draw, site)} ${draw.of(['==', '!='])} "${draw.of(words)}")`,
      () => {
        const number = ofKind(draw, site, 'number', '1.5')
        return number && `(${number} * 2.0 ${draw.of(order)} ${draw.of(['1.5', '0.5', '1000.0'])})`
      },
      () => {
        const [a, b] = [path(draw, site, 2, true), path(draw, site, 2, true)]
        if (a.many || b.many || !a.to.some((type) => b.to.includes(type))) return undefined
        if (a.loose) return undefined
        return b.loose ? `((${b.text} ?? ${a.text}) == ${a.text})` : `(${a.text} ${draw.of(['==', '!='])} ${b.text})`
      },
    ],
    'true',
  )
}

function ofActor(draw: Draw, site: Site): string {
  const narrow = draw.of(site.actors)
  const known = types[narrow].attributes.filter(({ kind, optional }) => kind === 'int' && !optional)
  return first(
    draw,
    [
      () => `(actor is ${narrow})`,
      () =>
        known.length === 0 ? undefined : `(actor is ${narrow} and actor.${draw.of(known).name} > ${draw.of(numbers)})`,
      () => '(actor is User and actor has nick and actor.nick.startsWith("a"))',
      () => '(actor is User and actor.friends.some(f => f == actor))',
      () => '(actor is User ? actor.suspended : false)',
      () => '(actor is User and actor.superior)',
    ],
    'true',
  )
}

function ofSet(draw: Draw, site: Site): string {
  const set = strings(draw, site)
  return first(
    draw,
    [
      () => `("${draw.of(words)}" in ${set})`,
      () => `(${string(draw, site, 0)} in ${set})`,
      () => `${set}.${draw.of(['containsAll', 'containsAny'])}(${strings(draw, site)})`,
      () => `${set}.isEmpty()`,
      () => (site.bare && site.resource.includes('Doc') ? `(${int(draw, site, 0)} in sizes)` : undefined),
      () => (site.bare && site.resource.includes('Doc') ? `("${draw.of(words)}" in related.tags)` : undefined),
      () => (site.bare && site.resource.includes('Doc') ? 'editors.isEmpty()' : undefined),
      () => (site.bare && site.resource.includes('Doc') ? '(tags.length > 1)' : undefined),
      () => (site.bare && site.resource.includes('Doc') ? `editors.containsAny([User:u0, owner])` : undefined),
    ],
    'true',
  )
}

function ofString(draw: Draw, site: Site): string {
  const text = string(draw, site, 0)
  return draw.of([
    `${text}.startsWith("${draw.of(words)}")`,
    `${text}.endsWith("b")`,
    `${text}.includes(${string(draw, site, 0)})`,
    `${text}.like("a*")`,
    `${text}.matches(/^a.?$/)`,
    `(path("/srv/{context.mode}") in path("/srv"))`,
  ])
}

function present(draw: Draw, site: Site): string | undefined {
  const of = path(draw, site, 1)
  const [type, ...others] = of.to
  if (type === undefined || others.length > 0 || of.many || of.loose) return undefined
  const model = types[type]
  const fields = [...model.links, ...model.attributes].filter(({ optional }) => optional)
  if (fields.length === 0) return undefined
  const { name } = draw.of(fields)
  const has = `${of.text} has ${name}`
  const held = memberOf(site, of, name)
  const field = model.attributes.find((one) => one.name === name)
  if (field?.kind === 'int') return `(${has} and ${held} > ${draw.of(numbers)})`
  if (field?.kind === 'boolean') return `(${has} and ${held})`
  if (field?.kind === 'record') return `(${has} and ${held}.a > ${draw.of(numbers)} and (${held}.b ?? "a") == "a")`
  return `(${has})`
}

/** A branch in which the type of what a path leads to is known. */
function narrowed(draw: Draw, site: Site): string | undefined {
  const own = site.bare && site.resource.length === 1 ? site.resource[0] : undefined
  const both = site.resource.length > 1
  return first(
    draw,
    [
      () => (own === 'Doc' ? '(resource has source and source is Doc and source.size > 1)' : undefined),
      () =>
        own === 'Doc' ? '(resource has source and (source is Folder ? source.shared : source.size > 1))' : undefined,
      () =>
        own === 'Doc' && site.sign === '+' && site.rank >= 2
          ? '(resource has source and source is Doc and source.viewer)'
          : undefined,
      () => (own === 'Folder' ? '(owner is User and owner.level > 1)' : undefined),
      () => (own === 'Folder' ? '(owner is Bot ? owner.owner == actor : false)' : undefined),
      () => (own === 'Team' ? '(resource has lead and lead is User and lead.level > 0)' : undefined),
      () => (both ? '(resource is Doc and resource.size > 1)' : undefined),
      () => (both ? '(resource is Doc ? resource.status == "a" : resource.shared)' : undefined),
      () => '((actor is User ? actor : User:u1) == User:u0)',
    ],
    'true',
  )
}

function lets(draw: Draw, site: Site): string {
  const own = site.bare && site.resource.length === 1 ? site.resource[0] : undefined
  const number = draw.of(numbers)
  return first(
    draw,
    [
      () =>
        draw.of([
          '(hurried and (senior or hurried))',
          `(deep + deep > ${number})`,
          'senior',
          'twice',
          `over(${number})`,
          `(double > ${number})`,
          `(over(${number}) or (twice and senior))`,
        ]),
      () => (own === 'Doc' ? 'mine(resource)' : undefined),
      () =>
        own === 'Doc' && site.rank >= 1 && site.sign === '+'
          ? '(near(resource) or (near(resource) and mine(resource)))'
          : undefined,
      () => (site.items.includes('args.id') ? 'mine(doc)' : undefined),
      () => (site.items.includes('args.id') ? '(doc.viewer or (doc.viewer and doc.view))' : undefined),
      () => (site.items.includes('args.id') ? '(doc.size + doc.size > 2)' : undefined),
    ],
    'senior',
  )
}

function ofTime(draw: Draw, site: Site): string {
  const made = ofKind(draw, site, 'datetime', 'now')
  return first(
    draw,
    [
      () => `(now < datetime("2026-01-01T12:00:00Z"))`,
      () => `(now >= datetime("2026-01-02T00:00:00Z"))`,
      () => made && `(now - ${made} ${draw.of(order)} ${draw.of(['1h', '1d', '5m'])})`,
      () => made && `(${made} + 1d > now)`,
      () => '(now.hourIn("Europe/Berlin") < 14)',
      () =>
        site.resource.length === 1 && site.bare && site.resource[0] === 'Doc' ? '((ttl ?? 1h) * 2 > 3h)' : undefined,
    ],
    'false',
  )
}

function ofJson(draw: Draw, site: Site): string | undefined {
  const own = site.bare && site.resource.length === 1 ? site.resource[0] : undefined
  if (own === 'Thing')
    return draw.of(['((resource.anything ?? 1) == 1)', '(resource has colour and resource.colour == "red")'])
  if (own !== 'Doc') return undefined
  return draw.of([
    `((extra?.n ?? ${draw.of(numbers)}) < 2)`,
    '(resource has extra and extra has n and extra.n < 2)',
    '((extra ?? {}) == { n: 1 })',
    `((attrs?.a ?? 1) > ${draw.of(numbers)})`,
    `(resource has attrs and (attrs["${draw.of(words)}"] ?? 0) > 1)`,
    `(resource has attrs and "${draw.of(words)}" in attrs)`,
    `((meta?.a ?? 1) > ${draw.of(numbers)})`,
    '({ a: size }.a > 1)',
  ])
}

/** What imported policies have beside the rest. */
function ofAnything(draw: Draw, site: Site): string {
  const own = site.bare && site.resource.length === 1 ? site.resource[0] : undefined
  const any = own === 'Doc' ? 'what' : own === 'Repo' ? draw.of(['resource.what', 'resource.owner']) : 'context.loose'
  const tests = [
    `${any} == ${draw.of(['1', '"a"', '[1, "a"]', '{ n: 1 }', 'actor', 'decimal("1.50")', 'ipaddr("10.0.0.1")'])}`,
    `${any} != context.loose`,
    `${any}.n == 1`,
    `${any}.who == actor`,
    `${any} has n`,
    `${any} is User`,
    `${any} in ${draw.of(['Team:t0', 'User:u0', '[User:u0, Team:t1]', 'context.loose'])}`,
    `actor in ${any}`,
    `${any} in ["a", "b"]`,
    `${any}.includes(${draw.of(['1', '"a"', 'actor'])})`,
    `${any}.containsAny([1, "b"])`,
    `${any}.containsAll(context.loose)`,
    `${any} + 1 > 1`,
    `${any} * context.loose == 1`,
    `${any}.lessThan(decimal("2.0"))`,
    `${any}.isInRange(ipaddr("10.0.0.0/8"))`,
    `${any}.toTime() < 12h`,
    `${any}.offset(context.loose) < now`,
    `${any}.toMinutes() == -5`,
    `${any}.like("a*")`,
    any,
    ...(own === 'Doc'
      ? [
          'price.greaterThan(decimal("0.5"))',
          'price == decimal("1.5")',
          'net.isIpv6()',
          'net == ipaddr("10.0.0.0/8")',
          'made.toDate() < made',
          'dynamic(resource).owner == actor',
          'dynamic(resource) has folder',
          'dynamic(resource).editors.includes(actor)',
          'size + 9223372036854775807 > 1',
        ]
      : []),
  ]
  const [test, other] = [draw.of(tests), draw.of(tests)]
  return draw.of([
    `(${test})`,
    `recover(${test}, false)`,
    `recover(not (${test}), false)`,
    `(not recover(${test}, false))`,
    `recover((${test}) ${draw.of(['and', 'or'])} not (${other}), false)`,
    `recover((${test}) ? (${other}) : context.loose == 1, false)`,
    `(${test} ? true : recover(${any}, false))`,
  ])
}

function host(draw: Draw): string {
  return draw.of([
    `probe(${draw.of(numbers)})`,
    `ask(${draw.of(numbers)})`,
    `write(${draw.of(numbers)})`,
    `(count(${draw.of(numbers)}) > 1)`,
    `(parsed("${draw.of(words)}").kind ?? "b") == "a"`,
    `(find(${draw.of(numbers)}).level > 1)`,
    `(parsed("${draw.of(words)}").who == actor)`,
  ])
}

function obtainable(draw: Draw, site: Site): string {
  const group = draw.of(['Team:t0.member', 'Folder:f0.keeper', 'Team:t1.captain'])
  return first(
    draw,
    [
      () =>
        draw.of(['scope("write")', 'scope("read")', 'acr("aal2")', 'authAge() <= 5m', 'authAge() < 1m', 'confirmed()']),
      () => `approvedBy(${group})`,
      () => `approvedBy(${group}, 2)`,
      () => '(scope("read") or (scope("write") and authAge() <= 15m))',
      () => (site.bare && site.resource[0] === 'Doc' && site.resource.length === 1 ? 'approvedBy(keeper)' : undefined),
      () => (site.items.includes('args.id') ? 'approvedBy(doc.keeper)' : undefined),
    ],
    'confirmed()',
  )
}

function labelled(draw: Draw): string {
  return draw.of([
    '"untrusted" in session.labels',
    '"private" in session.labels',
    'session.labels.containsAny(["untrusted", "private"])',
    'session.labels.some(l => l == "private")',
  ])
}

function ofToken(draw: Draw, site: Site): string {
  return draw.of([
    `("${draw.of(words)}" in token.groups)`,
    `("${draw.of(words)}" in token.teams)`,
    `(token.rank ${draw.of(order)} ${int(draw, site, 0)})`,
    '((token.dept ?? "none") == "a")',
    '(token has dept and token.dept == "a")',
    'token.roles.some(r => r == "ab")',
    '(token has sub)',
    '((token.tenant ?? "x") == (token.iss ?? "x"))',
  ])
}

function ofAgent(draw: Draw, site: Site): string {
  return draw.of([
    'agent.trusted',
    '((agent.vendor ?? "none") == "v")',
    'agent.suspended',
    `(agent.level > ${int(draw, site, 0)})`,
    `(agent == Agent:${draw.of(ids.Agent)})`,
    `(agent in Team:${draw.of(ids.Team)}.member)`,
    '(agent has vendor)',
    '(agent == actor)',
    ...(site.dynamicAgents ? ['(agent.mood == "a")', '((agent.mood ?? 1) == agent.level)'] : []),
  ])
}

const aboutItem: Readonly<Record<string, readonly string[]>> = {
  'args.id': ['(args.id == "d0")', 'args.id.startsWith("d")', 'args.id.like("d*")', '(path(args.id) in path("/srv"))'],
  'args has id': [
    '(args has id and args.id == "d0")',
    '(args has limit and args.limit > 2)',
    '(args has id and Doc[args.id].view)',
    '(args has id and Doc[args.id].viewer)',
  ],
  'args.body': [
    'args.body.includes("a")',
    '(args.force ?? false)',
    '((args.tags ?? []).every(t => t == "a"))',
    '((args.at?.x ?? 1.0) > 0.5)',
  ],
  'args.limit': ['((args.limit ?? 1) > 1)', '(args has limit and args.limit > 2)'],
  'args.query': ['args.query.includes("a")', '(args.query.length < 3)', '(args has any and args.any == [1])'],
  args: [
    '(args.x == 1)',
    '(args has x and args.x == "a")',
    '(args.list.every(l => l == "a"))',
    '((args?.x ?? 0) < 2)',
    '(args.who in ["a", "b"])',
  ],
  id: ['(id == "d0")', 'id.startsWith("d")'],
  folder: ['(folder == "f0")'],
  path: ['(path("/{path}") in path("/srv"))', 'path.endsWith(".md")'],
  maybe: ['((name ?? "a") == "a")', '((other ?? "d0") == "d0")'],
  tool: ['tool.destructive', 'tool.readOnly', 'tool.openWorld', 'tool.idempotent', '(tool.name == "search")'],
  prompt: ['((args.tone ?? "a") == "a")', '(prompt.name == "summarise")'],
  uri: ['uri.startsWith("doc:")', '(uri.length > 9)'],
  server: ['(server.name == "desk")', '((client.name ?? "none") == "c")', '(client has version)'],
}

function ofItem(draw: Draw, { items }: Site): string | undefined {
  const about = draw.of(items)
  const known = aboutItem[about]
  if (known === undefined) return undefined
  const test = draw.of(known)
  // Roles and permissions are not recovered from.
  return test.includes('Doc[') || draw.chance(80)
    ? test
    : `recover(${test} ${draw.of(['and', 'or'])} context.loose == 1, false)`
}
