import { compile, type Policy } from '../../../../src/index.ts'
import type { Draw } from '../drawn.ts'
import { condition } from './condition.ts'
import type { Assignment } from './facts.ts'
import { flipped, type Site } from './site.ts'
import {
  fieldsOf,
  globals,
  ids,
  lockFile,
  lockText,
  type Relation,
  statements,
  type TypeName,
  typeNames,
  types,
  words,
} from './world.ts'

/** A role or a rule, in the block where it stands: a type, `file`, or a server. */
export interface Line {
  readonly where: string
  readonly head: string
  readonly tail?: string
  readonly condition?: string
  readonly except?: string
  /** Others speak of it: it can lose its conditions, and no more. */
  readonly needed?: true
  readonly recursive?: true
}

export interface PolicyModel {
  readonly types: readonly TypeName[]
  readonly dynamicAgents: boolean
  readonly lines: readonly Line[]
}

export interface PolicyOptions {
  /** So many rules that they share their code: most of one pattern. */
  readonly large?: boolean
}

export function policyModel(draw: Draw, { large = false }: PolicyOptions = {}): PolicyModel {
  const known = typeNames.filter(
    (type) => !['Bot', 'Key', 'Agent'].includes(type) || draw.chance(type === 'Key' ? 25 : 65),
  )
  const actors = known.filter((type) => ['User', 'Bot', 'Agent', 'Key'].includes(type))
  const site: Site = {
    resource: [],
    bare: false,
    actors,
    types: known,
    rank: 0,
    sign: '+',
    agent: false,
    dynamicAgents: draw.chance(20),
    recursive: draw.chance(25),
    isRule: true,
    items: [],
    locals: [],
  }
  const hasAgents = known.includes('Agent')
  const lines = [
    ...known.flatMap((type) => rolesOf(draw, site, type)),
    ...globals.map((role) => globalRole(draw, site, role)),
    ...known.flatMap((type) => grantsOf(draw, site, type)),
    ...draw.times(0, 5, () => entityRule(draw, site, hasAgents)),
    ...(draw.chance(75) ? itemRules(draw, site, hasAgents) : []),
    ...(hasAgents ? draw.times(2, 6, () => delegation(draw, site)) : []),
    ...(large ? patterned(draw, site) : []),
    ...labelling(draw),
    ...draw.times(0, 2, () => given(draw)),
  ]
  const { dynamicAgents } = site
  return { types: known, dynamicAgents, lines: site.recursive ? lines.map(marked) : lines }
}

/** A role or a rule about entities. */
function marked(line: Line): Line {
  const isOne = /^(role|allow|deny) /.test(line.head) && (line.where === 'file' || line.where in types)
  return isOne ? { ...line, recursive: true } : line
}

/** `if`, `unless`, both, or neither. */
function conditions(draw: Draw, site: Site, depth = 2, bare = 0): Pick<Line, 'condition' | 'except'> {
  if (draw.chance(bare)) return {}
  const kind = draw.int(8)
  return {
    ...(kind < 7 ? { condition: condition(draw, site, depth) } : {}),
    ...(kind > 4 ? { except: condition(draw, flipped(site), 1) } : {}),
  }
}

const assignables: Readonly<Record<string, readonly string[]>> = {
  'Team.member': ['User', 'Bot', 'Team', 'Team.member', 'any User', 'User when shallow', 'any Bot', 'Agent'],
  'Team.captain': ['User', 'Team.member'],
  'Org.admin': ['User', 'Team', 'Team.member', 'Org.admin'],
  'Org.staff': ['User', 'any User', 'Org.admin', 'Team.captain'],
  'User.helper': ['User', 'Bot', 'Team.member', 'User when early'],
  'Folder.keeper': [
    'User',
    'Team',
    'Team.member',
    'Folder.keeper',
    'any User',
    'Bot',
    'User when byOwner',
    'Team when shallow',
  ],
  'Folder.viewer': [
    'User',
    'Team',
    'Folder.keeper',
    'Folder.viewer',
    'any User when shallow',
    'Team.member when byOwner',
    'User when kept',
  ],
  'Doc.keeper': ['User', 'Team', 'Folder.keeper', 'Doc.keeper', 'Org.admin', 'User when shallow', 'Key'],
  'Doc.viewer': ['User', 'Team', 'Org', 'Folder.viewer', 'Doc.viewer', 'any User', 'any Agent', 'User.helper'],
  'Doc.author': ['User', 'Team', 'any Key'],
  'Thing.holder': ['User', 'Team'],
  'Repo.writer': ['User', 'Team', 'Team.member'],
  employee: ['User', 'Team', 'Team.member'],
  wheel: ['User', 'Team', 'Org.admin'],
}

function assignable(draw: Draw, known: readonly TypeName[], name: string): string {
  const open = (assignables[name] ?? []).filter((one) => {
    const [, type] = /(?:any )?(\w+)/.exec(one) ?? []
    return typeNames.every((other) => other !== type) || known.includes(type as TypeName)
  })
  const chosen = [...new Set(['User', ...draw.some(open, 55)])]
  // What is assigned with a condition and without is two things.
  const plain = chosen.filter((one) => !chosen.some((other) => other.startsWith(`${one} when`)))
  return plain.join(' | ')
}

/** A chain that follows the data, whatever that leads to: recursion over what may be a cycle. */
const chains: Readonly<Record<string, readonly string[]>> = {
  'User.superior': ['manager or manager.superior', 'manager or manager.superior or boss'],
  'User.helper': ['friends.helper', 'manager.helper or friends.helper', 'home.keeper'],
  'Team.member': ['peers.member', 'lead', 'org.parent.admin or lead'],
  'Team.captain': ['lead or peers.captain', 'org.admin'],
  'Org.admin': ['parent.admin'],
  'Org.staff': ['admin or parent.staff', 'engineer'],
  'Folder.keeper': ['parent.keeper', 'parent.keeper or links.keeper', 'team.member', 'owner or team.org.admin'],
  'Folder.viewer': ['parent.viewer or keeper', 'links.viewer', 'links.folder.viewer or keeper'],
  'Doc.keeper': ['folder.keeper', 'source.keeper', 'related.keeper or folder.keeper'],
  'Doc.viewer': ['folder.viewer or keeper', 'source.viewer', 'related.folder.viewer', 'source.viewer or editors'],
  'Doc.author': ['editors or owner.superior', 'owner and view'],
}

function rolesOf(draw: Draw, site: Site, type: TypeName): readonly Line[] {
  return types[type].relations.flatMap(({ name, rank, permission }): readonly Line[] => {
    if (permission) return []
    if (name === 'guest') return [{ where: type, head: 'contextual role guest: User', needed: true }]
    const own: Site = { ...site, resource: [type], bare: true, rank, isRule: false }
    const chain = chains[`${type}.${name}`]
    const isChain = chain !== undefined && draw.chance(50)
    const who = name === 'superior' ? '' : `: ${assignable(draw, site.types, `${type}.${name}`)}`
    const isOpposite = isChain && site.recursive && draw.chance(50)
    const body = isOpposite
      ? { condition: condition(draw, own, 1), except: draw.of(chain) }
      : isChain
        ? { condition: draw.of(chain), ...(draw.chance(20) ? { except: condition(draw, flipped(own), 1) } : {}) }
        : conditions(draw, own, 1, who === '' ? 0 : 30)
    return [
      {
        where: type,
        head: `role ${name}${who}`,
        needed: true,
        ...(who === '' && body.condition === undefined ? { condition: 'manager' } : {}),
        ...body,
      },
    ]
  })
}

function globalRole(draw: Draw, site: Site, { name, rank, bound }: Relation): Line {
  const own: Site = { ...site, rank, isRule: false }
  const claims = {
    engineer: ['"a" in token.groups', '"a" in token.groups and "b" in token.teams', 'token.rank > 1'],
    chief: ['engineer and token.rank > 0', 'engineer or wheel', 'engineer and not employee'],
  }
  if (bound)
    return {
      where: 'file',
      head: `role ${name}`,
      needed: true,
      condition: draw.of(claims[name as keyof typeof claims] ?? ['true']),
    }
  return {
    where: 'file',
    head: `role ${name}: ${assignable(draw, site.types, name)}`,
    needed: true,
    ...conditions(draw, own, 1, 60),
  }
}

function permissionsOf(type: TypeName): readonly Relation[] {
  return types[type].relations.filter(({ permission }) => permission)
}

/** Every action has a grant. */
function grantsOf(draw: Draw, site: Site, type: TypeName): readonly Line[] {
  return permissionsOf(type).map(({ name, rank }) => ({
    where: type,
    head: `allow ${name}`,
    needed: true,
    ...conditions(draw, { ...site, resource: [type], bare: true, rank }),
  }))
}

const least = (actions: readonly Relation[]) => Math.min(...actions.map(({ rank }) => rank))

function entityRule(draw: Draw, site: Site, hasAgents: boolean): Line {
  const effect = draw.of(['allow', 'deny'] as const)
  const sign = effect === 'allow' ? '+' : '-'
  const agent = hasAgents && effect === 'deny' && draw.chance(25)
  if (draw.chance(55)) {
    const type = draw.of(site.types.filter((one) => permissionsOf(one).length > 0))
    const actions = draw.some(permissionsOf(type), 60)
    const some = actions.length === 0 ? permissionsOf(type) : actions
    const own: Site = { ...site, resource: [type], bare: true, sign, agent, rank: least(some) }
    return { where: type, head: `${effect} ${some.map(({ name }) => name).join(', ')}`, ...conditions(draw, own, 2, 5) }
  }
  const everywhere = effect === 'deny' && draw.chance(40)
  const actions = everywhere ? draw.of(['*', 'view', 'view, edit']) : draw.of(['view', 'view, edit', 'edit'])
  const rank = actions === 'edit' ? 5 : 3
  if (everywhere && draw.chance(50)) {
    return { where: 'file', head: `${effect} ${actions}`, ...conditions(draw, { ...site, sign, agent, rank }, 1) }
  }
  const on = draw.of([['Doc', 'Folder'], ['Doc']] as const)
  const own: Site = { ...site, resource: on, sign, agent, rank: Math.min(rank, 3) }
  return { where: 'file', head: `${effect} ${actions}`, tail: `on ${on.join(', ')}`, ...conditions(draw, own) }
}

function delegation(draw: Draw, site: Site): Line {
  const at: Site = { ...site, agent: true, rank: 3 }
  if (draw.chance(60)) {
    const on = draw.of([['Doc', 'Folder'], ['Doc'], ['Folder'], ['User', 'Team', 'Thing']] as const)
    const actions = draw.of(on[0] === 'User' ? ['meet, join, view'] : ['view', 'edit', 'view, edit, share'])
    return {
      where: 'file',
      head: `delegate ${actions}`,
      tail: `on ${on.join(', ')}`,
      ...conditions(draw, { ...at, resource: on }, 1, 65),
    }
  }
  const [action, target] = draw.of([
    ['call', '*'],
    ['call', '"*_doc"'],
    ['read, subscribe', '*'],
    ['get', '*'],
    ['sample', '*'],
  ] as const)
  return {
    where: draw.of(['desk', '*']),
    head: `delegate ${action}`,
    tail: target,
    ...conditions(draw, { ...at, rank: 6 }, 1, 50),
  }
}

/** What a rule about items can be about, with what its condition can speak of there. */
const targets: readonly (readonly [where: string, actions: string, target: string, ...items: string[]])[] = [
  ['desk', 'call', 'get_doc', 'args.id', 'args.limit', 'tool'],
  ['desk', 'call', 'put_doc', 'args.id', 'args.body', 'tool'],
  ['desk', 'call', '"*_doc"', 'args.id', 'tool', 'server'],
  ['desk', 'call', 'get_doc, put_doc, drop', 'args.id'],
  ['desk', 'call', 'get_doc, "dr*"', 'args.id'],
  ['desk', 'call', 'search', 'args.query', 'args.limit'],
  ['desk', 'call', '*', 'args has id', 'tool', 'server'],
  ['desk', 'read', '"doc://{folder}/{id}"', 'id', 'folder', 'uri'],
  ['desk', 'read, subscribe', '"doc://{folder}/{id}"', 'id', 'folder'],
  ['desk', 'read', '"doc://index", "doc://{name}/d0", "doc://f0/{other}"', 'maybe', 'uri'],
  ['desk', 'subscribe', '"doc://index"', 'uri'],
  ['desk', 'read', '"file:///{+path}"', 'path'],
  ['desk', 'read', '*', 'uri', 'server'],
  ['desk', 'get', 'summarise', 'args.id', 'prompt'],
  ['desk', 'get', '*', 'server'],
  ['desk', 'complete', 'summarise', 'server'],
  ['desk', 'complete', '"doc://{folder}/{id}"', 'server'],
  ['desk', 'sample, elicit', '*', 'server'],
  ['desk', 'log', '*', 'server'],
  ['bare', 'call', '*', 'tool', 'args'],
  ['bare', 'call', 'fetch', 'args', 'tool'],
  ['bare', 'call', 'fetch, "get_*"', 'args'],
  ['bare', 'read', '"doc://{folder}/{id}"', 'id', 'folder'],
  ['bare', 'get', 'hello', 'args'],
  ['bare', 'roots, sample', '*', 'server'],
  ['*', 'call', '*', 'server'],
  ['*', 'read', '*', 'server'],
  ['*', 'get, complete', '*', 'server'],
  ['*', 'call', '"get*"', 'server'],
]

function itemRule(draw: Draw, site: Site, hasAgents: boolean): Line {
  const [where, actions, target, ...items] = draw.of(targets)
  const effect = draw.of(['allow', 'allow', 'allow', 'deny'])
  const agent = hasAgents && effect === 'deny' && draw.chance(25)
  const own: Site = { ...site, rank: 6, sign: effect === 'allow' ? '+' : '-', agent, items }
  return { where, head: `${effect} ${actions}`, tail: target, ...conditions(draw, own, 2, 10) }
}

function itemRules(draw: Draw, site: Site, hasAgents: boolean): readonly Line[] {
  const hiding: Site = { ...site, rank: 3, sign: '-', isRule: false }
  return [
    { where: 'desk', head: 'allow call', tail: '*', ...conditions(draw, { ...site, rank: 6, items: ['args has id'] }) },
    ...draw.times(3, 9, () => itemRule(draw, site, hasAgents)),
    ...(draw.chance(30)
      ? [
          {
            where: 'desk',
            head: 'deny list',
            tail: draw.of(['search', '*', '"*_doc"']),
            ...conditions(draw, hiding, 1),
          },
        ]
      : []),
    ...(draw.chance(20) ? [{ where: draw.of(['desk', 'bare']), head: 'limit call', tail: '"*_doc" to 3 per 1m' }] : []),
    {
      where: 'desk',
      head: 'limit call',
      tail: `* to 3 per 1m${draw.of([' by actor', ' by (args has id ? args.id : "none")', ' by context.depth', ''])}`,
      ...conditions(draw, { ...site, rank: 6, sign: 'both' }, 1, 50),
    },
  ]
}

/** The labels of a policy are a closed set: both are always given somewhere. */
function labelling(draw: Draw): readonly Line[] {
  return [
    { where: 'Doc', head: 'label view', tail: 'as untrusted', needed: true },
    {
      where: 'Doc',
      head: 'label edit',
      tail: 'as private',
      needed: true,
      ...(draw.chance(50) ? { condition: draw.of(['secret ?? false', 'size > 1', 'keeper']) } : {}),
    },
    ...(draw.chance(40)
      ? [
          {
            where: 'Doc',
            head: 'limit view',
            tail: `to 3 per 1m by ${draw.of(['actor', 'owner', '(folder ?? Folder:f0)', '[size, 1]', 'now.hourIn("UTC")', 'editors'])}`,
          },
        ]
      : []),
  ]
}

/** Many rules of a few patterns, so that what they share and what they compare is found. */
function patterned(draw: Draw, site: Site): readonly Line[] {
  const doc: Site = { ...site, resource: ['Doc'], bare: true, rank: 5 }
  const role = draw.of(['keeper', 'viewer', 'view', 'owner'])
  const extra = condition(draw, doc, 1)
  return Array.from({ length: 260 }, (_, i): Line => {
    const effect = i % 7 === 0 ? 'deny' : 'allow'
    // Some are those that there are; most are of no document.
    const word = i % 4 === 0 ? draw.of(words) : `w${i}`
    const body = draw.of([
      `status == "${word}" and ${role}`,
      `"${word}" == status and size > ${i % 4}`,
      `status == "${word}"`,
      `status == "${word}" and (${extra})`,
      `size == ${i % 5} and actor in Team:${draw.of(ids.Team)}`,
      `(attrs?.a ?? ${i % 3}) > 1 and ${role}`,
      `score > ${i}.5 or size * ${i} > 10`,
      `size ${i % 2 === 0 ? '>' : '<'} ${i % 4} and ${role}`,
      `owner == User:u${i % 3} and made > datetime("20${10 + (i % 20)}-01-01T00:00:00Z")`,
    ])
    return { where: 'Doc', head: `${effect} ${draw.of(['edit', 'edit', 'edit', 'share'])}`, condition: body }
  })
}

function given(draw: Draw): Line {
  const form = draw.of([
    'Doc:d0 { keeper: %',
    'Doc:d1 { viewer: %',
    'Folder:f0 { keeper: %',
    'Team:t0 { member: %',
    'role employee: %',
  ])
  const who = draw.of(['User:u0', 'User:u1', 'Team:t1.member'])
  const until = draw.of(['', '', ' until datetime("2026-01-01T12:00:00Z")', ' until datetime("2026-02-01T00:00:00Z")'])
  return { where: 'file', head: `given ${form.replace('%', who + until)}${form.includes('{') ? ' }' : ''}` }
}

/** The text of a policy with its lock, and where in it each line is. */
export function render({ types: known, dynamicAgents, lines }: PolicyModel) {
  let text = ''
  const places: { readonly from: number; readonly to: number; readonly line: Line }[] = []
  const write = (line: Line) => {
    const from = text.length
    text += `  ${written(line)}\n`
    places.push({ from, to: text.length, line })
  }
  const isUsed = (where: string) => lines.some((line) => line.where === where)
  for (const type of known) {
    const { head } = types[type]
    text += `${type === 'Agent' && dynamicAgents ? `dynamic ${head}` : head} {\n  ${fieldsOf({ ...types[type], links: types[type].links.map((one) => ({ ...one, to: one.to.filter((to) => known.includes(to)) })) })}\n`
    for (const line of lines.filter(({ where }) => where === type)) write(line)
    text += '}\n'
  }
  text += `${statements.join('\n')}\n`
  for (const line of lines.filter(({ where }) => where === 'file')) write(line)
  for (const server of ['desk', 'bare', '*']) {
    if (!isUsed(server)) continue
    text += `server ${server}${server === 'desk' ? ` from "${lockFile}"` : ''} {\n`
    if (server === 'desk') text += '  let doc = Doc[args.id]\n'
    for (const line of lines.filter(({ where }) => where === server)) write(line)
    text += '}\n'
  }
  return { places, files: { 'policy.licet': text, ...(isUsed('desk') ? { [lockFile]: lockText } : {}) } }
}

function written({ head, tail, condition, except, recursive }: Line): string {
  return [recursive && '@recursive', head, tail, condition && `if ${condition}`, except && `unless ${except}`]
    .filter((part) => part !== undefined)
    .join(' ')
}

/** The model without what the checker does not take, and the policy it is; undefined: nothing came of it. */
export function checked(
  model: PolicyModel,
  tries = 8,
): { readonly model: PolicyModel; readonly policy: Policy } | undefined {
  const { files, places } = render(model)
  const { policy, diagnostics } = compile(files)
  if (policy !== undefined) return { model, policy }
  if (tries === 0) return undefined
  const wrong = new Set<Line>()
  for (const { severity, span: at } of diagnostics) {
    if (severity !== 'error') continue
    for (const { from, to, line } of places) if (at.start >= from && at.start < to) wrong.add(line)
  }
  if (wrong.size === 0) return undefined
  const lines = model.lines.flatMap((line): readonly Line[] => {
    if (!wrong.has(line)) return [line]
    const { condition, except, ...bare } = line
    if (!line.needed) return []
    if (except !== undefined && condition !== undefined) return [{ ...bare, condition }]
    if (condition === undefined && except === undefined) return []
    return [
      bare.head === 'role superior' || (!bare.head.includes(':') && bare.head.startsWith('role'))
        ? { ...bare, condition: 'false' }
        : bare,
    ]
  })
  return checked({ ...model, lines }, tries - 1)
}

/** Who can be assigned what, as the lines say. */
export function assignmentsOf({ lines }: PolicyModel): readonly Assignment[] {
  return lines.flatMap(({ where, head }): readonly Assignment[] => {
    const [, role, to] = /^role (\w+): (.*)$/.exec(head) ?? []
    if (role === undefined || to === undefined) return []
    return [{ ...(where === 'file' ? {} : { type: where as TypeName }), role, to: to.split(' | ') }]
  })
}
