import fc from 'fast-check'
import { condition, type Place } from './condition.ts'
import { declarations, type Level, labels, levels, lockFile, lockText, serverName, statements } from './vocabulary.ts'

/** A policy before it is text: its lines can be shuffled, added and taken away. */
export interface PolicyModel {
  readonly service: boolean
  readonly agents: boolean
  readonly recursive?: true
  readonly lines: readonly Line[]
}

/** A role or a rule. */
export interface Line {
  readonly effect: 'role' | 'allow' | 'deny' | 'delegate' | 'limit' | 'label' | 'given'
  /** A type, `file`, or a server's name. */
  readonly where: string
  readonly head: string
  /** Between head and condition, in a rule: `on Doc`, `get_doc`, `as private`. */
  readonly tail?: string
  readonly condition?: string
  readonly except?: string
  /** What a rule is called whatever its place; roles have none. */
  readonly id?: string
}

export interface PolicyOptions {
  /** Permissions stand only where having them helps. */
  readonly positive?: boolean
  /** No `deny list`, no `deny *`, which hide items that calls may reach. */
  readonly hidesNothing?: boolean
  /** Much depends on what the caller can go and get. */
  readonly asking?: boolean
  /** Roles and permissions lead back to themselves through negations, as `@recursive` says. */
  readonly recursive?: boolean
  /** With what recovers from errors. */
  readonly recovers?: boolean
}

export function policyModel(options: PolicyOptions = {}): fc.Arbitrary<PolicyModel> {
  return fc
    .record({
      service: fc.boolean(),
      agents: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
      server: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
    })
    .chain(({ service, agents, server }) => {
      const place = placing(options)
      return fc
        .tuple(
          roles(place),
          grants(place),
          fc.array(entityRule(place, agents), { maxLength: 4, size: 'max' }),
          server ? itemRules(place, agents, options) : fc.constant([]),
          agents ? delegations(place, server) : fc.constant([]),
          fc.array(given, { maxLength: 2 }),
        )
        .map((parts) => ({
          service,
          agents,
          ...(options.recursive === true ? { recursive: true as const } : {}),
          lines: named([...parts.flat(), ...labelling(server)]),
        }))
    })
}

/** One more rule of an effect, for a policy that there is already. */
export function anotherRule(
  effect: 'allow' | 'deny',
  agents: boolean,
  options: PolicyOptions = {},
): fc.Arbitrary<Line> {
  const place = placing(options)
  const of = (rule: fc.Arbitrary<Line>) => rule.filter((line) => line.effect === effect)
  const rules = [of(entityRule(place, agents)), of(itemRule(place, agents, options))]
  return fc.oneof(...rules).map((line) => ({ ...line, id: 'another' }))
}

function named(lines: readonly Line[]): readonly Line[] {
  return lines.map((line, i) => (line.effect === 'role' || line.effect === 'given' ? line : { ...line, id: `r${i}` }))
}

type Placing = (block: Place['block'], level: Level, parts?: Partial<Place>) => Place

function placing({ positive = false, asking = false, recursive = false, recovers = false }: PolicyOptions): Placing {
  return (block, level, parts = {}) => ({
    block,
    level,
    sign: '+',
    agent: false,
    bound: level > levels.keeper,
    session: level >= levels.edit,
    positive,
    asking,
    recursive,
    recovers,
    items: [],
    ...parts,
  })
}

function conditions(place: Place, depth = 2): fc.Arbitrary<Pick<Line, 'condition' | 'except'>> {
  const except: Place = { ...place, sign: place.sign === '+' ? '-' : '+' }
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ condition: condition(place, depth) }) },
    { weight: 2, arbitrary: fc.record({ condition: condition(place, depth), except: condition(except, 1) }) },
    { weight: 1, arbitrary: fc.record({ except: condition(except, 1) }) },
  )
}

/** Every role once, with who can be assigned and, mostly, who derives it. */
function roles(place: Placing): fc.Arbitrary<Line[]> {
  const role = (where: string, name: string, level: Level, choices: readonly string[], block: Place['block']) => {
    const site = place(block, level, { session: false, positive: place(block, level).positive })
    const body = fc.option(conditions(site, 1), { freq: 3, nil: {} })
    return fc.tuple(fc.subarray([...choices]), body).map(
      ([assignable, body]): Line => ({
        effect: 'role',
        where,
        head: `role ${name}: ${['User', ...assignable].join(' | ')}`,
        // What only `unless` says is said of who is assigned.
        ...body,
      }),
    )
  }
  const wide = ['Group', 'any User', 'Group.member', 'User when shallow']
  return fc.tuple(
    role('Group', 'member', levels.keeper, ['Group', 'Group.member', 'any User'], 'Group'),
    role('Folder', 'keeper', levels.keeper, [...wide, 'Folder.keeper'], 'Folder'),
    role('Folder', 'viewer', levels.viewer, [...wide, 'Folder.keeper', 'Folder.viewer'], 'Folder'),
    role('Doc', 'keeper', levels.keeper, [...wide, 'Folder.keeper', 'Doc.keeper'], 'Doc'),
    role('Doc', 'viewer', levels.viewer, [...wide, 'Folder.viewer', 'Doc.viewer'], 'Doc'),
    role('Doc', 'author', levels.author, ['Group'], 'Doc'),
    role('file', 'staff', levels.keeper, ['Group', 'Group.member'], 'file'),
    role('file', 'vip', levels.viewer, ['Group'], 'file'),
    fc.constant<Line>({ effect: 'role', where: 'Doc', head: 'contextual role guest: User' }),
    fc.constant<Line>({ effect: 'role', where: 'Repo', head: 'role writer: User | Group' }),
    fc.constant<Line>({
      effect: 'role',
      where: 'User',
      head: 'role superior',
      condition: 'manager or manager.superior',
    }),
  )
}

const typeActions = { Doc: ['view', 'edit', 'share'], Folder: ['view', 'edit'] } as const

/** The least that the other lines need: every action has a grant. */
function grants(place: Placing): fc.Arbitrary<Line[]> {
  const grant = (where: 'Doc' | 'Folder', action: 'view' | 'edit' | 'share') =>
    conditions(place(where, levels[action])).map(
      (body): Line => ({ effect: 'allow', where, head: `allow ${action}`, ...body }),
    )
  return fc.tuple(
    grant('Doc', 'view'),
    grant('Doc', 'edit'),
    grant('Doc', 'share'),
    grant('Folder', 'view'),
    grant('Folder', 'edit'),
  )
}

/** A rule in a block, or in the file about types. */
function entityRule(place: Placing, agents: boolean): fc.Arbitrary<Line> {
  const inBlock = (where: 'Doc' | 'Folder') =>
    fc
      .tuple(fc.constantFrom('allow', 'deny'), fc.subarray([...typeActions[where]], { minLength: 1 }))
      .chain(([effect, actions]) => {
        const sign = effect === 'allow' ? '+' : '-'
        return conditions(place(where, least(actions), { sign, ...wholly(actions) })).map(
          (body): Line => ({ effect, where, head: `${effect} ${actions.join(', ')}`, ...body }),
        )
      })
  const inFile = fc
    .tuple(
      fc.constantFrom('allow', 'deny'),
      fc.constantFrom('view', 'edit', 'view, edit', '*'),
      fc.constantFrom('Doc, Folder', 'Doc'),
    )
    .filter(([effect, actions]) => effect === 'deny' || actions !== '*')
    .chain(([effect, actions, types]) => {
      const action = actions === '*' ? 'view' : actions
      const sign = effect === 'allow' ? '+' : '-'
      return conditions(place('either', least(action.split(', ')), { sign, ...wholly(action.split(', ')) })).map(
        (body): Line => ({ effect, where: 'file', head: `${effect} ${actions}`, tail: `on ${types}`, ...body }),
      )
    })
  const everywhere = conditions(place('file', levels.view, { sign: '-', session: false }), 1).map(
    (body): Line => ({ effect: 'deny', where: 'file', head: 'deny view, edit', ...body }),
  )
  const agentRule = fc
    .constantFrom('view', 'edit', '*')
    .chain((actions) =>
      conditions(
        place('either', actions === 'edit' ? levels.edit : levels.view, { sign: '-', agent: true, session: false }),
        1,
      ).map(
        (body): Line => ({ effect: 'deny', where: 'file', head: `deny ${actions}`, tail: 'on Doc, Folder', ...body }),
      ),
    )
  // A prohibition that hangs on another permission: what an agent may not do must not switch it off.
  const nested = fc
    .tuple(
      fc.constantFrom('edit', 'edit, share', 'share'),
      fc.constantFrom('view', 'folder.view', 'not view', 'view and size > 0'),
      fc.boolean(),
    )
    .map(([actions, permission, lifted]): Line => {
      const body = lifted ? { except: permission } : { condition: permission }
      return { effect: 'deny', where: 'Doc', head: `deny ${actions}`, ...body }
    })
  return fc.oneof(
    ...(place('Doc', levels.edit).positive ? [] : [{ weight: 1, arbitrary: nested }]),
    { weight: 3, arbitrary: inBlock('Doc') },
    { weight: 2, arbitrary: inBlock('Folder') },
    { weight: 2, arbitrary: inFile },
    { weight: 1, arbitrary: everywhere },
    ...(agents ? [{ weight: 1, arbitrary: agentRule }] : []),
  )
}

function least(actions: readonly string[]): Level {
  return Math.min(...actions.map((action) => levels[action as keyof typeof levels])) as Level
}

/** `view` is asked for at either sign, so that what the caller can get or has done stays out of it. */
function wholly(actions: readonly string[]): Pick<Place, 'session'> {
  return { session: !actions.includes('view') }
}

function delegations(place: Placing, server: boolean): fc.Arbitrary<Line[]> {
  const body = (block: Place['block'], level: Level, parts: Partial<Place>) =>
    fc.oneof(
      { weight: 5, arbitrary: fc.constant({}) },
      { weight: 3, arbitrary: conditions(place(block, level, { agent: true, ...parts }), 1) },
    )
  const onTypes = fc
    .tuple(fc.constantFrom('view', 'edit', 'view, edit', 'view, edit, share'), fc.constantFrom('Doc, Folder', 'Doc'))
    .chain(([actions, types]) =>
      body('either', least(actions.split(', ')), { session: false }).map(
        (rest): Line => ({
          effect: 'delegate',
          where: 'file',
          head: `delegate ${actions}`,
          tail: `on ${types}`,
          ...rest,
        }),
      ),
    )
  const onItems = fc
    .constantFrom(['call', '*', ''], ['call', '"*_doc"', 'args.id'], ['read', '*', ''], ['get', 'summarise', 'args.id'])
    .chain(([action = '', target = '', item = '']) =>
      body('item', levels.item, { items: item === '' ? [] : [item] }).map(
        (rest): Line => ({ effect: 'delegate', where: serverName, head: `delegate ${action}`, tail: target, ...rest }),
      ),
    )
  return fc
    .tuple(
      fc.array(onTypes, { maxLength: 3, size: 'max' }),
      server ? fc.array(onItems, { maxLength: 3, size: 'max' }) : fc.constant([]),
    )
    .map(([a, b]) => [...a, ...b])
}

/** What a rule about items can be about, with what its condition can speak of there. */
const targets = {
  call: [
    ['get_doc', 'args.id', 'args.limit', 'tool'],
    ['put_doc', 'args.id', 'args.body', 'tool'],
    ['"*_doc"', 'args.id', 'tool'],
    ['get_doc, put_doc, drop', 'args.id'],
    ['search', 'args.query', 'args.limit'],
    ['*', 'args has id', 'tool'],
  ],
  read: [
    ['"doc://{folder}/{id}"', 'id', 'folder', 'uri'],
    ['"doc://index"', 'uri'],
    ['"file:///{+path}"', 'path'],
    ['*', 'uri'],
  ],
  get: [['summarise', 'args.id', 'prompt'], ['*']],
} as const

function itemRule(place: Placing, agents: boolean, { hidesNothing = false }: PolicyOptions): fc.Arbitrary<Line> {
  const rule = fc
    .tuple(fc.constantFrom('allow', 'allow', 'deny'), fc.constantFrom('call', 'call', 'call', 'read', 'get'))
    .chain(([effect, action]) => fc.constantFrom(...targets[action]).map((target) => ({ effect, action, target })))
    .chain(({ effect, action, target: [target, ...items] }) => {
      const sign = effect === 'allow' ? '+' : '-'
      return fc
        .tuple(conditions(place('item', levels.item, { sign, items }), 2), fc.constantFrom(serverName, serverName, '*'))
        .map(([body, server]): Line => {
          // Only what every server has can be said of all servers.
          const where = target === '*' && !/args|uri|\btool\b/.test(JSON.stringify(body)) ? server : serverName
          return { effect, where, head: `${effect} ${action}`, tail: target, ...body }
        })
    })
  const hiding = fc.oneof(
    conditions(place('item', levels.item, { sign: '-', session: false }), 1).map(
      (body): Line => ({ effect: 'deny', where: serverName, head: 'deny list', tail: 'search', ...body }),
    ),
    conditions(place('file', levels.view, { sign: '-', session: false }), 1).map(
      (body): Line => ({ effect: 'deny', where: 'file', head: 'deny *', ...body }),
    ),
  )
  const byAgent = conditions(place('item', levels.item, { sign: '-', agent: true }), 1).map(
    (body): Line => ({ effect: 'deny', where: serverName, head: 'deny call', tail: '*', ...body }),
  )
  return fc.oneof(
    { weight: 9, arbitrary: rule },
    ...(hidesNothing ? [] : [{ weight: 1, arbitrary: hiding }]),
    ...(agents ? [{ weight: 1, arbitrary: byAgent }] : []),
  )
}

function itemRules(place: Placing, agents: boolean, options: PolicyOptions): fc.Arbitrary<Line[]> {
  const allow = conditions(place('item', levels.item, { items: ['args has id'] }), 2).map(
    (body): Line => ({ effect: 'allow', where: serverName, head: 'allow call', tail: '*', ...body }),
  )
  const limit: Line = { effect: 'limit', where: serverName, head: 'limit call', tail: 'search to 3 per 1m' }
  return fc
    .tuple(allow, fc.array(itemRule(place, agents, options), { minLength: 1, maxLength: 5, size: 'max' }))
    .map(([first, rest]) => [first, ...rest, limit])
}

/** The labels of a policy are a closed set: both are always given somewhere. */
function labelling(server: boolean): readonly Line[] {
  const [untrusted, secret] = labels
  return server
    ? [
        { effect: 'label', where: serverName, head: 'label call', tail: `search as ${untrusted}` },
        { effect: 'label', where: serverName, head: 'label read', tail: `* as ${secret}` },
      ]
    : [
        { effect: 'label', where: 'Doc', head: 'label view', tail: `as ${untrusted}` },
        { effect: 'label', where: 'Doc', head: 'label view', tail: `as ${secret}` },
      ]
}

const given: fc.Arbitrary<Line> = fc
  .tuple(
    fc.constantFrom('Doc:d0 { keeper: %', 'Doc:d1 { viewer: %', 'Folder:f0 { keeper: %', 'role staff: %'),
    fc.constantFrom('User:u0', 'User:u1', '[User:u0, User:u2]'),
    fc.constantFrom('', ' until datetime("2026-01-01T12:00:00Z")', ' until datetime("2026-02-01T00:00:00Z")'),
  )
  .map(
    ([form, subject, until]): Line => ({
      effect: 'given',
      where: 'file',
      head: `given ${form.replace('%', subject + (subject.startsWith('[') ? '' : until))}${form.includes('{') ? ' }' : ''}`,
    }),
  )

/** How the statements of a policy are laid out: they are sorted by these numbers, and cut into so many files. */
export interface Arrangement {
  readonly keys: readonly number[]
  readonly files: 1 | 2
}

export const asWritten: Arrangement = { keys: [], files: 1 }

export const arrangement: fc.Arbitrary<Arrangement> = fc.record({
  keys: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
  files: fc.constantFrom<1 | 2>(1, 2),
})

/** The text of a policy, as files by name. */
export function render(model: PolicyModel, { keys, files }: Arrangement = asWritten): Record<string, string> {
  const arranged = <T>(items: readonly T[]): readonly T[] =>
    keys.length === 0
      ? items
      : items
          .map((item, i) => ({ item, key: keys[i % keys.length] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ item }) => item)
  const within = (where: string) =>
    arranged(model.lines.filter((line) => line.where === where)).map((line) => `  ${writeLine(line, model)}`)
  const block = (head: string, members: readonly string[]) => `${head} {\n${members.join('\n')}\n}`
  const servers = [
    { where: serverName, head: `server ${serverName} from "${lockFile}"` },
    { where: '*', head: 'server *' },
  ].filter(({ where }) => model.lines.some((line) => line.where === where))
  const all = arranged([
    ...declarations(model).map(({ name, head, fields }) => block(head, [`  ${fields}`, ...within(name)])),
    ...statements,
    ...within('file').map((line) => line.trim()),
    ...servers.map(({ where, head }) => block(head, within(where))),
  ])
  const cut = files === 1 ? all.length : Math.floor(all.length / 2)
  return {
    'policy.licet': [...(files === 1 ? [] : ['import "./more.licet"']), ...all.slice(0, cut)].join('\n'),
    ...(files === 1 ? {} : { 'more.licet': all.slice(cut).join('\n') }),
    ...(servers.some(({ where }) => where === serverName) ? { [lockFile]: lockText } : {}),
  }
}

function writeLine({ effect, where, head, tail, condition, except, id }: Line, { recursive }: PolicyModel): string {
  const isMarked = recursive && where !== serverName && where !== '*' && ['role', 'allow', 'deny'].includes(effect)
  return [
    ...(isMarked ? ['@recursive'] : []),
    ...(id === undefined ? [] : [`@id("${id}")`]),
    head,
    ...(tail === undefined ? [] : [tail]),
    ...(condition === undefined ? [] : [`if ${condition}`]),
    ...(except === undefined ? [] : [`unless ${except}`]),
  ].join(' ')
}
