import fc from 'fast-check'
import { type Draw, drawn, shorter } from '../drawn.ts'
import { type Write, writeOf } from '../wide/facts.ts'
import { callerOf, fresh, just, type Recipe } from './forms.ts'
import { type Asked, actor, asked, environment, target, toolCall } from './requests.ts'
import { facts, policies } from './world.ts'

/** What one caller does with an engine, one thing after the other. */
export interface Script {
  /** Which of the policies. */
  readonly policy: number
  /** Whether there are facts at first. */
  readonly hasFacts: boolean
  /** Targets that are held on to, and asked about again and again. */
  readonly shared: readonly Recipe[]
  readonly steps: readonly Step[]
}

export type Step =
  | { readonly kind: 'ask'; readonly asked: Asked; readonly anew: boolean; readonly polluted?: Pollution }
  | { readonly kind: 'bind'; readonly actor: Recipe; readonly env: Recipe }
  /** Asks the session that was bound so many sessions ago. */
  | { readonly kind: 'ask session'; readonly ago: number; readonly about: Pick<Asked, 'action' | 'resource'> }
  | { readonly kind: 'write'; readonly write: Write }
  | { readonly kind: 'change'; readonly index: number; readonly change: Change }

/** What somebody else has done to the prototype of all objects. */
export interface Pollution {
  readonly name: string
  readonly value: Recipe
  readonly enumerable: boolean
}

/** To a target that is held on to, or to its arguments. */
export interface Change {
  readonly shown: string
  apply(held: object): void
}

const assignments = [
  { type: 'Doc', role: 'keeper', to: ['User', 'Team.member'] },
  { type: 'Doc', role: 'viewer', to: ['User', 'any User'] },
  { type: 'Folder', role: 'keeper', to: ['User', 'Team'] },
  { type: 'Team', role: 'member', to: ['User', 'Team'] },
  { role: 'employee', to: ['User', 'Team'] },
] as const

/** Names that a request may leave out, and that no object of the engine's own looks for. */
const omissible: readonly (readonly [string, readonly Recipe[]])[] = [
  ['agents', [fresh('[]', () => []), fresh('[Agent:a0]', () => ['Agent:a0'])]],
  ['token', [fresh('{ rank: 3, groups: [a] }', () => ({ rank: 3, groups: ['a'], scopes: ['write'] }))]],
  ['context', [fresh('{ mode: fast }', () => ({ mode: 'fast', depth: 2, names: ['ab'] }))]],
  [
    'session',
    [
      fresh('{ labels: [] }', () => ({ labels: [] })),
      fresh('{ labels: [untrusted] }', () => ({ labels: ['untrusted'] })),
    ],
  ],
  ['facts', [fresh('[guest]', () => [{ object: 'Doc:d2', relation: 'guest', subject: 'User:u0' }])]],
  ['approvals', [fresh('[User:u2]', () => ['User:u2'])]],
  ['confirmed', [just(true)]],
  ['client', [fresh('{ name: evil }', () => ({ name: 'evil' }))]],
  ['args', [fresh('{ x: 1, id: d0 }', () => ({ x: 1, id: 'd0', limit: 1, query: 'a', list: ['a'] }))]],
  ['kind', [just('tool')]],
  ['server', [just('bare')]],
  ['name', [just('fetch')]],
  ['id', [just('d0')]],
  ['attributes', [fresh('{ level: 3 }', () => ({ level: 3 }))]],
  ['level', [just(3)]],
  ['suspended', [just(false)]],
  ['secret', [just(false), just(true)]],
  ['guest', [just('User:u0')]],
  ['groups', [fresh('[a]', () => ['a'])]],
  ['rank', [just(3)]],
  ['depth', [just(3)]],
  ['mode', [just('fast')]],
  ['x', [just(1)]],
  ['y', [just(1)]],
  ['sure', [just(true)]],
  ['tone', [just('a')]],
  ['labels', [fresh('[]', () => [])]],
  ['unheard', [just(1)]],
]

function pollution(draw: Draw): Pollution {
  const [name, values] = draw.of(omissible)
  return { name, value: draw.of(values), enumerable: draw.chance(60) }
}

const changes: readonly ((draw: Draw) => Change)[] = [
  (draw) =>
    put(
      ['args'],
      draw.of(['x', 'id', 'limit', 'who', 'query', 'sure']),
      draw.of<unknown>([1, 'd0', 'd1', 'a', true, undefined, null]),
    ),
  (draw) =>
    put(
      ['args'],
      draw.of(['x', 'id', 'limit', 'who', 'query', 'sure']),
      draw.of<unknown>([1, 'd0', 'd1', 'a', true, undefined, null]),
    ),
  (draw) => put([], 'name', draw.of(['get_doc', 'put_doc', 'fetch', 'ping', 'constructor', 5])),
  (draw) => put([], 'server', draw.of(['desk', 'bare', 'elsewhere', null])),
  (draw) => put([], 'args', draw.of<unknown>([undefined, null, {}, { x: 1, y: 1 }, { id: 'd0', limit: 1 }, [], 'x'])),
  (draw) => put([], 'kind', draw.of(['tool', 'prompt', 'entity'])),
  (draw) => put([], draw.of(['id', 'type', 'constructor', 'uri']), draw.of<unknown>(['d0', Object, undefined])),
  (draw) => removed(draw.of(['id', 'type', 'constructor', 'uri', 'args'])),
  () => ({ shown: 'frozen', apply: (held) => void Object.freeze(held) }),
  () => ({ shown: 'its prototype taken', apply: (held) => void Reflect.setPrototypeOf(held, null) }),
  () => ({ shown: 'its prototype another', apply: (held) => void Reflect.setPrototypeOf(held, { args: { x: 1 } }) }),
  () => ({ shown: 'its prototype restored', apply: (held) => void Reflect.setPrototypeOf(held, Object.prototype) }),
  () => ({
    shown: 'its arguments told by a getter',
    apply: (held) =>
      void Reflect.defineProperty(held, 'args', { get: () => ({ x: 1 }), configurable: true, enumerable: true }),
  }),
]

function put(path: readonly string[], name: string, value: unknown): Change {
  const apply = (held: object) => {
    const at: unknown = path.reduce<unknown>((of, part) => Reflect.get(of as object, part), held)
    // A fresh one for each who is asked.
    const given = value !== null && typeof value === 'object' ? structuredClone(value) : value
    Reflect.set(at as object, name, given)
  }
  return { shown: `${[...path, name].join('.')} = ${JSON.stringify(value)}`, apply }
}

function removed(name: string): Change {
  return { shown: `without ${name}`, apply: (held) => void Reflect.deleteProperty(held, name) }
}

export interface ScriptOptions {
  readonly steps?: number
  /** So many questions in a hundred are asked while the prototype of all objects is polluted. */
  readonly polluted?: number
}

export function script(options: ScriptOptions = {}): fc.Arbitrary<Script> {
  return drawn((draw) => newScript(draw, options), smaller)
}

function newScript(draw: Draw, { steps = 80, polluted = 0 }: ScriptOptions): Script {
  const policy = draw.int(policies.length)
  const hasServers = policy >= 2
  const hasAgents = policy % 2 === 1
  const caller = () => callerOf(draw, draw.of([0, 0, 30, 100]))
  const shared = hasServers ? draw.times(2, 2, () => toolCall(caller())) : []
  const step = (): Step => {
    const kind = draw.int(20)
    const about = () => target(caller(), hasServers, shared.length)
    if (kind < 2) return { kind: 'write', write: writeOf(draw, facts, assignments) }
    if (kind < 3) return { kind: 'bind', actor: actor(caller()), env: environment(caller(), hasAgents) }
    if (kind < 6) return { kind: 'ask session', ago: draw.int(3), about: about() }
    if (kind < 8 && shared.length > 0)
      return { kind: 'change', index: draw.int(shared.length), change: draw.of(changes)(draw) }
    return {
      kind: 'ask',
      asked: asked(caller(), hasServers, hasAgents, shared.length),
      anew: draw.chance(40),
      ...(draw.chance(polluted) ? { polluted: pollution(draw) } : {}),
    }
  }
  return readable({ policy, hasFacts: draw.chance(85), shared, steps: Array.from({ length: steps }, step) })
}

function* smaller(script: Script): Iterable<Script> {
  for (const steps of shorter(script.steps)) yield readable({ ...script, steps })
}

/** As a counter-example it is shown the way a person reads it. */
function readable(script: Script): Script {
  const shown = () =>
    [
      '',
      `policy ${script.policy}${script.hasFacts ? '' : ', no facts'}`,
      ...script.shared.map((one, i) => `shared ${i}: ${one.shown}`),
      ...script.steps.map(shownStep),
      '',
    ].join('\n')
  return Object.defineProperty(script, fc.toStringMethod, { value: shown, enumerable: true, configurable: true })
}

function shownStep(step: Step): string {
  switch (step.kind) {
    case 'ask': {
      const { actor, action, resource, env } = step.asked
      const { name, value, enumerable } = step.polluted ?? {}
      const polluted =
        value === undefined ? '' : `  with ${name}: ${value.shown}${enumerable ? '' : ', hidden,'} in every object`
      return `ask ${step.anew ? 'anew ' : ''}${[actor, action, resource, env].map((one) => one.shown).join(' | ')}${polluted}`
    }
    case 'bind':
      return `bind ${step.actor.shown} | ${step.env.shown}`
    case 'ask session':
      return `ask session ${step.ago} ago: ${step.about.action.shown} | ${step.about.resource.shown}`
    case 'write':
      return `write ${JSON.stringify(step.write)}`
    case 'change':
      return `shared ${step.index}: ${step.change.shown}`
  }
}
