import { prompt, resource, server, template, tool } from '../../../../src/index.ts'
import { day, now } from '../wide/world.ts'
import {
  type Caller,
  type Fields,
  fresh,
  just,
  list,
  nothings,
  number,
  type Recipe,
  record,
  text,
  truth,
} from './forms.ts'

/** A question, each part in one of the forms that a caller may give it. */
export interface Asked {
  readonly actor: Recipe
  readonly action: Recipe
  readonly resource: Recipe
  readonly env: Recipe
}

const words = ['a', 'ab', 'b'] as const
const users = ['u0', 'u0', 'u0', 'u1', 'u1', 'u1', 'u2', 'u9'] as const
const docs = ['d0', 'd0', 'd0', 'd1', 'd1', 'd2', 'd2', 'd9'] as const

type Part = readonly [name: string, make: (caller: Caller) => Recipe]

/** Some of the fields, so many of a hundred; seldom one that nobody declared. */
function some(caller: Caller, parts: readonly Part[], percent: number): Fields {
  const given = parts.filter(() => caller.chance(percent)).map(([name, make]) => [name, make(caller)] as const)
  if (!caller.odd(6)) return given
  return [
    ...given,
    [caller.of(['constructor', 'toString', 'hasOwnProperty', 'unheard', 'id', 'type', '']), just(1)] as const,
  ]
}

const word = (caller: Caller) => text(caller, caller.of(words))
const wordList = (caller: Caller) =>
  list(
    caller,
    caller.some(words).map((one) => text(caller, one, 2)),
  )
const int = (caller: Caller) => number(caller, caller.int(4))
const bool = (caller: Caller) => truth(caller, caller.chance(50))
const userName = (caller: Caller) => text(caller, `User:${caller.of(users)}`)

const entityTypes: Readonly<Record<string, { readonly ids: readonly string[]; readonly parts: readonly Part[] }>> = {
  User: {
    ids: users,
    parts: [
      ['level', int],
      ['suspended', bool],
      ['nick', word],
      ['manager', userName],
      ['skills', wordList],
      ['in', (caller) => list(caller, [just('Team:t0')])],
    ],
  },
  Bot: { ids: ['b0', 'b9'], parts: [['owner', userName]] },
  Agent: {
    ids: ['a0', 'a0', 'a1', 'a9'],
    parts: [
      ['level', int],
      ['trusted', bool],
      ['vendor', (caller) => text(caller, caller.of(['v', 'w']))],
    ],
  },
  Folder: {
    ids: ['f0', 'f1', 'f9'],
    parts: [
      ['owner', userName],
      ['parent', (caller) => text(caller, caller.of(['Folder:f0', 'Folder:f1']))],
    ],
  },
  Doc: {
    ids: docs,
    parts: [
      ['owner', userName],
      ['size', int],
      ['tags', wordList],
      ['secret', bool],
      ['extra', (caller) => record(caller, [['n', int(caller)]])],
      ['folder', (caller) => text(caller, caller.of(['Folder:f0', 'Folder:f1']))],
      ['guest', userName],
    ],
  },
  Team: { ids: ['t0', 't9'], parts: [] },
}

function entity(caller: Caller, type: string): Recipe {
  const { ids, parts } = entityTypes[type] ?? { ids: ['x'], parts: [] }
  const id = caller.of(ids)
  const kind = caller.int(20)
  if (kind < 12) return text(caller, `${type}:${id}`)
  const names: Fields = [
    ['type', text(caller, type, 3)],
    ['id', text(caller, id, 3)],
  ]
  if (kind < 14) return record(caller, names)
  const attributes = some(caller, parts, 70)
  if (kind < 18) return record(caller, [...names, ...attributes])
  return record(caller, [...names, ['attributes', record(caller, attributes)]])
}

const orNothing = (caller: Caller, recipe: Recipe): Recipe => (caller.odd(5) ? caller.of(nothings) : recipe)

export function actor(caller: Caller): Recipe {
  if (caller.chance(5)) return just(null)
  return orNothing(caller, entity(caller, caller.odd(15) ? caller.of(['Bot', 'Agent', 'Team', 'Nobody']) : 'User'))
}

const argumentParts: readonly Part[] = [
  ['id', (caller) => text(caller, caller.of([...docs, '..', 'd0/a', '']))],
  ['limit', int],
  ['body', word],
  ['tags', wordList],
  ['force', bool],
  ['sure', bool],
  ['query', word],
  ['tone', word],
  ['x', (caller) => number(caller, caller.of([1, 1, 2]))],
  ['y', int],
  ['who', word],
  ['list', wordList],
  ['any', (caller) => record(caller, [['n', int(caller)]])],
]

const argumentsOf = (caller: Caller): Recipe => orNothing(caller, record(caller, some(caller, argumentParts, 65)))

const toolNames = [
  'get_doc',
  'get_doc',
  'put_doc',
  'drop',
  'search',
  'fetch',
  'fetch',
  'get_x',
  'ping',
  'constructor',
  '__proto__',
]
const serverNames = ['desk', 'desk', 'bare', 'bare', 'elsewhere', '__proto__']

/** Made by the function, or as the object that it makes. */
export function toolCall(caller: Caller): Recipe {
  const at = caller.of(serverNames)
  const name = caller.of(toolNames)
  const args = caller.chance(10) ? just(undefined) : argumentsOf(caller)
  if (caller.chance(50))
    return fresh(`tool(${at}, ${name}, ${args.shown})`, (kitchen) => tool(at, name, args.make(kitchen)))
  return record(caller, [
    ['kind', text(caller, 'tool', 3)],
    ['server', text(caller, at, 3)],
    ['name', text(caller, name, 3)],
    ...(caller.chance(10) ? [] : [['args', args] as const]),
    ...(caller.odd(8) ? [[caller.of(['id', 'type', 'uri', 'tool', 'readOnly']), text(caller, 'd0')] as const] : []),
  ])
}

const spread = (caller: Caller, shown: string, make: () => object): Recipe => {
  const fields = Object.entries(make()).map(
    ([name, value]) => [name, typeof value === 'string' ? text(caller, value, 3) : just(value)] as const,
  )
  return caller.chance(50) ? fresh(shown, make) : record(caller, fields)
}

function otherItem(caller: Caller): { readonly action: string; readonly resource: Recipe } {
  const at = caller.of(serverNames)
  const uri = caller.of(['doc://f0/d0', 'doc://f1/d1', 'doc://index', 'doc://f0/%2e%2e', 'file:///srv/a', ''])
  const name = caller.of(['summarise', 'hello', 'x'])
  const args = caller.chance(50) ? { tone: 'a' } : {}
  return caller.of([
    { action: 'read', resource: spread(caller, `resource(${at}, ${uri})`, () => resource(at, uri)) },
    { action: 'get', resource: spread(caller, `prompt(${at}, ${name})`, () => prompt(at, name, args)) },
    { action: 'roots', resource: spread(caller, `server(${at})`, () => server(at)) },
    { action: 'list', resource: spread(caller, `template(${at})`, () => template(at, 'doc://{folder}/{id}')) },
    { action: 'list', resource: toolCall(caller) },
  ])
}

/** What is asked about; `shared`: so many targets are held on to. */
export function target(caller: Caller, hasServers: boolean, shared: number): Pick<Asked, 'action' | 'resource'> {
  const kind = caller.int(20)
  const actionOf = (name: string) =>
    text(caller, caller.odd(4) ? caller.of(['fly', 'constructor', '*', 'list']) : name, 2)
  if (shared > 0 && kind < (hasServers ? 5 : 2)) {
    const index = caller.int(shared)
    return { action: just('call'), resource: fresh(`shared ${index}`, (at) => at.shared(index)) }
  }
  if (hasServers && kind < 11) return { action: actionOf('call'), resource: orNothing(caller, toolCall(caller)) }
  if (hasServers && kind < 13) {
    const { action, resource: about } = otherItem(caller)
    return { action: actionOf(action), resource: about }
  }
  if (caller.chance(20)) return { action: actionOf('view'), resource: entity(caller, 'Folder') }
  const action = caller.of(['view', 'view', 'edit', 'share', 'open', 'shut'])
  return { action: actionOf(action), resource: orNothing(caller, entity(caller, caller.odd(6) ? 'Bot' : 'Doc')) }
}

const tokenParts: readonly Part[] = [
  [
    'scopes',
    (caller) =>
      list(
        caller,
        caller.some(['read', 'write', 'admin']).map((one) => just(one)),
      ),
  ],
  ['groups', wordList],
  ['roles', wordList],
  ['teams', wordList],
  ['rank', int],
  ['dept', word],
  ['authTime', () => just(new Date(now - 60_000).toISOString())],
]

const contextParts: readonly Part[] = [
  ['depth', int],
  ['mode', (caller) => text(caller, caller.of(['fast', 'slow', 'other']))],
  ['flag', bool],
  ['address', (caller) => text(caller, caller.of(['10.1.2.3', '192.168.0.1', 'nonsense']))],
  ['doc', (caller) => entity(caller, 'Doc')],
  ['names', wordList],
]

const times: readonly Recipe[] = [
  just(now),
  just(now + 1),
  just(now - day),
  just(new Date(now), 'a Date'),
  just('2026-01-01T12:00:00Z'),
  just(`${now}`),
  just(BigInt(now)),
  just(Number.NaN, 'NaN'),
  just(-0, '-0'),
  just(8.64e15 + 1),
  just(null),
  just('never'),
]

const labels = (caller: Caller): Recipe =>
  record(caller, [
    [
      'labels',
      list(
        caller,
        caller.some(['untrusted', 'private']).map((one) => just(one)),
      ),
    ],
  ])

/** Always with a time: two who are asked one after the other would else be asked at different ones. */
export function environment(caller: Caller, hasAgents: boolean): Recipe {
  const put = (percent: number, name: string, make: () => Recipe): Fields =>
    caller.chance(percent) ? [[name, orNothing(caller, make())]] : []
  const fields: Fields = [
    ['now', caller.odd(20) ? caller.of(times) : just(now + caller.of([0, 0, 0, 1, -1, day, -day]))],
    ...put(80, 'token', () => record(caller, some(caller, tokenParts, 75))),
    ...put(80, 'context', () => record(caller, some(caller, contextParts, 80))),
    ...put(hasAgents ? 50 : 3, 'agents', () =>
      list(
        caller,
        caller.times(caller.chance(15) ? 0 : 1, caller.of([1, 2, 3]), () =>
          entity(caller, caller.odd(8) ? 'User' : 'Agent'),
        ),
      ),
    ),
    ...put(12, 'session', () => labels(caller)),
    ...put(8, 'approvals', () => list(caller, [userName(caller), userName(caller)])),
    ...put(12, 'confirmed', () => bool(caller)),
    ...put(6, 'client', () => record(caller, [['name', text(caller, caller.of(['evil', 'good']))]])),
    ...put(8, 'facts', () =>
      list(caller, [
        record(caller, [
          ['object', text(caller, `Doc:${caller.of(docs)}`)],
          ['relation', text(caller, 'guest', 4)],
          ['subject', userName(caller)],
        ]),
      ]),
    ),
    ...(caller.odd(2) ? [['agnets', fresh('[]', () => [])] as const] : []),
  ]
  return orNothing(caller, record(caller, caller.chance(50) ? fields : fields.toReversed(), 15))
}

export function asked(caller: Caller, hasServers: boolean, hasAgents: boolean, shared: number): Asked {
  return { actor: actor(caller), ...target(caller, hasServers, shared), env: environment(caller, hasAgents) }
}
