import { type FactInput, prompt, type ResourceInput, resource, server, template, tool } from '../../../../src/index.ts'
import type { Draw } from '../drawn.ts'
import { anEntity, anything, entityOf, recordOf, tooLarge } from './facts.ts'
import { day, ids, now, type TypeName, types, words } from './world.ts'

export interface Question {
  readonly actor: unknown
  readonly action: unknown
  readonly resource: unknown
  readonly env: unknown
}

/** Values that are wrong in most places, and answer the same whoever asks; fresh each time. */
const odd: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => '',
  () => 'nonsense',
  () => 'User:',
  () => 'User:\udfff',
  () => 'Usex:u0',
  () => 'user:u0',
  () => `User:${'x'.repeat(400)}`,
  () => `User:${'é'.repeat(400)}`,
  () => 'User:u0:u1',
  () => 'constructor',
  () => '__proto__',
  () => 5,
  () => -0,
  () => Number.NaN,
  () => 2 ** 60,
  () => 10n,
  () => true,
  () => [],
  () => ['User:u0', 5],
  () => {},
  () => ({ type: 'User', id: 'u0' }),
  () => ({ type: 'Agent', id: 'a0' }),
  () => ({ type: 'User', id: 'u0', level: '5' }),
  () => ({ kind: 'tool', server: 'desk' }),
  () => ({ kind: 'tool', server: 'desk', name: 'get_doc', args: [] }),
  () => ({ kind: 'tool', server: 'desk', name: 'get_doc', args: 'x', id: 'd0' }),
  () => ({ kind: 'prompt', server: 'desk', name: 'get_doc', args: {} }),
  () => Object.create({ kind: 'tool', server: 'desk', name: 'search', args: { query: 'a' } }),
  () => Object.create({ scopes: ['read'], groups: ['a'] }),
  () => JSON.parse('{"__proto__": {"n": 1}, "constructor": {"prototype": 1}}'),
  () => Symbol('s'),
  () => new Date(now),
  () => new Date(Number.NaN),
  () => new Map([['n', 1]]),
  () => new Set(['a']),
  () => new Proxy({}, { get: fail, ownKeys: fail, getPrototypeOf: fail }),
  () => Object.defineProperty({}, 'a', { enumerable: true, get: fail }),
  () => Object.freeze(['a']),
  () => ({ toString: () => 'User:u0' }),
]

function fail(): never {
  throw new Error('a trap that throws')
}

/** What there is to ask about: other names are asked about seldom. */
export interface Known {
  readonly types: readonly TypeName[]
  readonly servers: readonly string[]
  /** There are many rules about a few actions. */
  readonly large: boolean
}

const actors = (draw: Draw, { types: known }: Known): unknown => {
  const kind = draw.int(20)
  if (kind < 12) return entityOf(draw, 'User')
  if (kind < 16)
    return anEntity(
      draw,
      draw.chance(95) ? known.filter((type) => ['User', 'Bot', 'Agent', 'Key'].includes(type)) : ['Bot', 'Team'],
    )
  if (kind < 17) return null
  if (kind < 18) return draw.of(['User:u9', 'User:n0', 'User:n1'])
  const type = draw.of(known.filter((one) => ['User', 'Bot', 'Agent', 'Key'].includes(one)))
  return recordOf(draw, type, draw.of([...ids[type], 'u9']), 12)
}

const actionsOf = (type: TypeName) =>
  types[type].relations.filter(({ permission }) => permission).map(({ name }) => name)

function aboutEntity(draw: Draw, { large }: Known): Pick<Question, 'action' | 'resource'> {
  if (large && draw.chance(80)) return { action: draw.of(['edit', 'edit', 'share']), resource: entityOf(draw, 'Doc') }
  const type = draw.of(['Doc', 'Doc', 'Doc', 'Folder', 'Folder', 'User', 'Team', 'Thing', 'Repo'] as const)
  const action = draw.chance(95) ? draw.of(actionsOf(type)) : draw.of(['view', 'fly', 'call', '*', 'constructor'])
  const id = draw.chance(40) ? (ids[type][0] ?? '') : draw.of([...ids[type], 'zz', 'n0'])
  if (draw.chance(85)) return { action, resource: `${type}:${id}` }
  const contextual = type === 'Doc' && draw.chance(50) ? { guest: entityOf(draw, 'User') } : {}
  return { action, resource: { ...recordOf(draw, type, id, 10), ...contextual } }
}

const spoilt = (draw: Draw, value: unknown): unknown => (draw.chance(8) ? draw.of(odd)() : value)

function argumentsOf(draw: Draw): unknown {
  if (draw.chance(4)) return draw.of(odd)()
  const all: Record<string, () => unknown> = {
    id: () => draw.of([...ids.Doc, ...ids.Doc, 'd9', '..', 'd0/a', '/srv/../etc', '']),
    limit: () => draw.int(5) - 1,
    body: () => draw.of(words),
    tags: () => draw.some(words),
    force: () => draw.chance(50),
    at: () => ({ x: draw.of([0.5, 1]) }),
    query: () => draw.of(['a', 'bcd', '']),
    sure: () => true,
    x: () => draw.of<unknown>([1, 'a', 3]),
    list: () => draw.some(words),
    who: () => draw.of(words),
    tone: () => draw.of(words),
    any: () => draw.of<unknown>([[1], { a: 1 }, 'a']),
  }
  const given: Record<string, unknown> = {}
  for (const name of draw.some(Object.keys(all), 65)) given[name] = spoilt(draw, all[name]?.())
  return draw.chance(2) ? Object.create(given) : given
}

const uris = [
  'doc://f0/d0',
  'doc://f1/d0',
  'doc://f0/d1',
  'doc://index',
  'file:///srv/a.md',
  'file:///etc/passwd',
  'file:///srv/../etc',
  'doc://f0/%2e%2e',
  'doc://f0\\d0',
  'doc://d0',
  '',
]

function aboutItem(draw: Draw, { servers: known }: Known): Pick<Question, 'action' | 'resource'> {
  const at =
    known.length > 0 && draw.chance(96)
      ? draw.of([...known, known[0] ?? ''])
      : draw.of(['desk', 'bare', 'nowhere', '__proto__'])
  const name = draw.of(
    at === 'bare'
      ? ['fetch', 'fetch', 'get_x', 'search', 'constructor']
      : draw.chance(95)
        ? ['get_doc', 'get_doc', 'put_doc', 'drop', 'search']
        : ['fetch', 'constructor'],
  )
  const kind = draw.int(20)
  const call = () => (draw.chance(90) ? tool(at, name, argumentsOf(draw)) : { kind: 'tool', server: at, name })
  if (kind < 10) return { action: 'call', resource: call() }
  if (kind < 12) return { action: draw.of(['read', 'subscribe']), resource: resource(at, draw.of(uris)) }
  if (kind < 13)
    return {
      action: 'get',
      resource: prompt(at, draw.of(at === 'bare' ? ['hello', 'x'] : ['summarise', 'plain']), argumentsOf(draw)),
    }
  if (kind < 14) return { action: draw.of(['sample', 'elicit', 'roots', 'log']), resource: server(at) }
  if (kind < 15)
    return draw.chance(50)
      ? { action: 'complete', resource: prompt(at, draw.of(['summarise', 'plain']), {}) }
      : { action: 'complete', resource: template(at, 'doc://{folder}/{id}') }
  if (kind < 16 && draw.chance(30))
    return { action: draw.of(['get', 'read', 'view', 'complete', 'delete']), resource: call() }
  const listed: readonly ResourceInput[] = [
    tool(at, name),
    tool(at, name, argumentsOf(draw)),
    resource(at, draw.of(uris)),
    prompt(at, draw.of(['summarise', 'plain', 'hello'])),
    template(at, draw.of(['doc://{folder}/{id}', 'file:///{+path}', 'doc://{x}/d0'])),
    ...(draw.chance(10) ? [server(at)] : []),
  ]
  return { action: 'list', resource: draw.of(listed) }
}

const usual: readonly string[] = ['agents', 'token', 'context', 'session', 'client']
const later = [0, 0, 0, 0, 0, -1, 1, 2, day, -day, 2 * day]

export function environment(draw: Draw, { types: known }: Known): unknown {
  const kind = draw.int(80)
  if (kind === 0) return draw.of(odd)()
  const env: Record<string, unknown> = {}
  /** Nothing in it that takes the long way in. */
  const isUsual = draw.chance(40)
  const put = (percent: number, name: string, make: () => unknown) => {
    if (draw.chance(isUsual && !usual.includes(name) ? 0 : percent))
      env[name] = draw.chance(1) ? draw.of(odd)() : make()
  }
  env.now = now + draw.of(later)
  if (draw.chance(2))
    env.now = draw.of<unknown>([new Date(now), '2026-01-01T12:00:00Z', 'never', Number.NaN, 8.64e15 + 1, -0, null, '0'])
  put(known.includes('Agent') ? 45 : 1, 'agents', () =>
    draw.times(draw.chance(8) ? 0 : 1, draw.of([1, 1, 2, 3]), () => anAgent(draw)),
  )
  put(85, 'token', () => (draw.chance(4) ? Object.create(tokenOf(draw) as object) : tokenOf(draw)))
  put(85, 'context', () => contextOf(draw))
  put(50, 'session', () => ({
    labels: draw.of<unknown>([['untrusted'], ['private'], [], ['untrusted', 'other'], new Set(['private']), 5]),
  }))
  put(25, 'facts', () => draw.times(0, 2, () => contextual(draw)))
  put(35, 'approvals', () => draw.some(ids.User.map((id) => `User:${id}`)))
  put(35, 'confirmed', () => draw.chance(60))
  put(15, 'client', () => draw.of<unknown>([{ name: 'c', version: '1' }, { name: 5 }, {}]))
  if (draw.chance(1)) env.agnets = []
  if (draw.chance(2)) env.token = undefined
  return env
}

/** Mostly one of whom something is known; nobody twice, unless it so happens. */
function anAgent(draw: Draw): unknown {
  const kind = draw.int(20)
  if (kind < 12) return draw.of(['Agent:a0', 'Agent:a0', 'Agent:a1'])
  if (kind < 14) return draw.of(['Agent:a9', 'Agent:n0', 'Agent:u0'])
  if (kind < 19) return recordOf(draw, 'Agent', draw.of(['a0', 'a8', 'a9', 'a9']), 10)
  return draw.of(['User:u0', 'Agent:', 'Nobody:a0', null])
}

function contextual(draw: Draw): FactInput {
  return {
    object: entityOf(draw, 'Doc'),
    relation: draw.chance(98) ? 'guest' : 'keeper',
    subject: entityOf(draw, 'User'),
    ...(draw.chance(15) ? { until: now } : {}),
  }
}

function tokenOf(draw: Draw): unknown {
  const all: Record<string, () => unknown> = {
    scopes: () => draw.some(['read', 'write', 'admin']),
    groups: () => draw.some(words),
    roles: () => draw.some(words),
    teams: () => draw.some(words),
    rank: () => draw.int(4),
    dept: () => draw.of(words),
    acr: () => draw.of(['aal1', 'aal2']),
    authTime: () => new Date(now - draw.of([30_000, 60_000, 300_000, 600_000, -1])).toISOString(),
    sub: () => 'u0',
    iss: () => 'x',
    tenant: () => 'x',
    unheard: () => 1,
  }
  const given: Record<string, unknown> = {}
  for (const name of draw.some(Object.keys(all), 80)) given[name] = draw.chance(5) ? draw.of(odd)() : all[name]?.()
  return given
}

function contextOf(draw: Draw): unknown {
  const all: Record<string, () => unknown> = {
    depth: () => draw.int(4),
    mode: () => draw.of(['fast', 'slow', 'other']),
    flag: () => draw.chance(50),
    address: () => draw.of(['10.1.2.3', 'nonsense']),
    max: () => draw.int(4),
    doc: () => entityOf(draw, 'Doc'),
    names: () => draw.some(words),
    loose: () => (draw.chance(30) ? draw.of(tooLarge) : draw.of(anything)),
    kind: () => draw.of(words),
    before: () => '2026-01-02T00:00:00Z',
  }
  const given: Record<string, unknown> = {}
  for (const name of draw.some(Object.keys(all), 80)) given[name] = draw.chance(5) ? draw.of(odd)() : all[name]?.()
  return given
}

export function question(draw: Draw, known: Known): Question {
  const asked = draw.chance(known.servers.length === 0 ? 97 : 60) ? aboutEntity(draw, known) : aboutItem(draw, known)
  const spoilt = draw.chance(3) ? { [draw.of(['actor', 'action', 'resource'])]: draw.of(odd)() } : {}
  return { actor: actors(draw, known), ...asked, env: draw.chance(5) ? undefined : environment(draw, known), ...spoilt }
}
