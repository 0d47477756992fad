import type { Passes } from '../../../../src/compile/module.ts'
import type { Decision, Engine, EngineFacts, EngineOptions, Policy } from '../../../../src/index.ts'
import { regexes } from '../../../../src/runtime/regexes.ts'
import type { Licet } from '../../licet.ts'
import { now } from './world.ts'

/** One way to decide. */
export interface Side {
  readonly name: string
  readonly engine: Asked
  /** How often facts that a host function wanted to write were refused. */
  readonly refusals: () => number
}

type AskedFacts = Pick<EngineFacts, 'add' | 'remove' | 'put' | 'delete' | 'load' | 'dump'>

export interface Asked extends Pick<Engine, 'authorize' | 'can'> {
  for(actor: Parameters<Engine['for']>[0], env?: Parameters<Engine['for']>[1]): ReturnType<Engine['for']>
  replace(policy: Policy): unknown
  readonly facts: AskedFacts
}

export function backend({ createEngine }: Licet, policy: Policy, wanted: 'compiled' | 'interpreted'): Side {
  return side(wanted, (functions) => createEngine(policy, { backend: wanted, functions }))
}

/** The same without what is missing for an allow, which is not the machine's to say. */
export function withoutMissing({ name, engine, refusals }: Side): Side {
  const nothing = { sets: [], truncated: false }
  const bare = (decision: Decision): Decision => ({ ...decision, missing: nothing })
  return {
    name,
    refusals,
    engine: {
      authorize: (...asked) => bare(engine.authorize(...asked)),
      can: engine.can,
      for: (...asked) => {
        const bound = engine.for(...asked)
        return {
          can: (action, resource) => bound.can(action, resource),
          authorize: (action, resource) => bare(bound.authorize(action, resource)),
        }
      },
      replace: engine.replace,
      get facts() {
        return engine.facts
      },
    },
  }
}

const all: Readonly<Record<keyof Passes, true>> = {
  sharing: true,
  index: true,
  bits: true,
  folding: true,
  cheapFirst: true,
  verdicts: true,
}

export const passNames = Object.keys(all) as readonly (keyof Passes)[]

/** A compiled engine with some passes on and others off. */
export function withPasses({ parts }: Licet, policy: Policy, on: readonly (keyof Passes)[]): Side {
  const passes = Object.fromEntries(passNames.map((name) => [name, on.includes(name)])) as unknown as Passes
  const { createMachine, linkLazily, memoryStore, createEvaluator } = parts
  return side(`with ${on.join(', ') || 'no pass'}`, (given) => {
    const functions = given as Readonly<Record<string, (...args: unknown[]) => unknown>>
    const load = (next: Policy) => {
      const evaluator = createEvaluator(next.program, { functions })
      const store = memoryStore(evaluator.policy.schema, next.facts)
      const link = linkLazily(next.program, passes)
      const machine = createMachine({ link, policy: evaluator.policy, store, functions, regexes, clock: Date.now })
      return { machine, store }
    }
    let current = load(policy)
    return {
      authorize: (...asked) => current.machine.authorize(...asked),
      can: (...asked) => current.machine.can(...asked),
      for: (...asked) => current.machine.for(...asked),
      replace: (next) => {
        const loaded = load(next)
        loaded.store.load(current.store.dump())
        current = loaded
      },
      get facts() {
        return current.store
      },
    }
  })
}

export function side(name: string, make: (functions: EngineOptions['functions'] & object) => Asked): Side {
  let refusals = 0
  let depth = 0
  let isReplaced = false
  const env = { now, context: { depth: 1, mode: 'fast', names: [] }, token: { rank: 1 } }
  /** In the middle of a decision, of another one, or of the same. */
  const within = <T>(otherwise: T, ask: () => T): T => {
    if (depth >= 2) return otherwise
    depth += 1
    try {
      return ask()
    } finally {
      depth -= 1
    }
  }
  const made: Asked = make({
    probe: (n: number): boolean => {
      if (n === 1) throw new Error('a probe that fails')
      return n === 2
    },
    count: (n: number): unknown => {
      if (n === 3) throw new Error('a count that fails')
      return n === 2 ? '2' : n
    },
    find: (n: number): unknown => (n === 3 ? undefined : n === 2 ? 'Doc:d0' : `User:u${n}`),
    listed: (text: string): unknown => (text === 'b' ? [1] : [text, 'a']),
    parsed: (text: string): unknown =>
      text === 'b' ? { names: 'b' } : { names: [text], who: 'User:u0', ...(text === 'a' ? { kind: 'a' } : {}) },
    ask: (n: number): boolean =>
      within(false, () => {
        if (n === 0) return engine.can('User:u1', 'view', 'Doc:d0', env)
        if (n === 1)
          return engine.authorize('User:u0', 'edit', 'Doc:d1', { ...env, agents: ['Agent:a0'] }).reason === 'granted'
        if (n === 2) return engine.for('User:u2', env).can('view', 'Folder:f0')
        return engine.authorize('User:u0', 'view', 'Doc:d1', {
          ...env,
          facts: [{ object: 'Doc:d1', relation: 'guest', subject: 'User:u0' }],
        }).allowed
      }),
    write: (n: number): boolean => {
      // Bound before, a session decides on facts that are no longer the engine's: those can be written.
      if (isReplaced) return n === 2
      const refused =
        n === 0
          ? engine.facts.add({ object: 'Doc:d0', relation: 'keeper', subject: 'User:u0' })
          : n === 1
            ? engine.facts.delete('User:u0')
            : n === 2
              ? engine.facts.put({ type: 'User', id: 'u0', level: 3 })
              : engine.facts.load([{ object: 'Team:t0', relation: 'member', subject: 'User:u0' }])
      if (refused.length > 0) refusals += 1
      return n === 2
    },
  } as EngineOptions['functions'] & object)
  const engine: Asked = {
    authorize: (...asked) => made.authorize(...asked),
    can: (...asked) => made.can(...asked),
    for: (...asked) => made.for(...asked),
    replace: (policy) => {
      isReplaced = true
      return made.replace(policy)
    },
    get facts() {
      return made.facts
    },
  }
  return { name, engine, refusals: () => refusals }
}
