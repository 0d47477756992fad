import type { BoundEngine } from '../../../../src/engine.ts'
import type { Side } from '../wide/sides.ts'
import { told, write } from '../wide/transcript.ts'
import { now } from '../wide/world.ts'
import type { Kitchen } from './forms.ts'
import type { Asked } from './requests.ts'
import type { Pollution, Script } from './script.ts'
import { agentFacts, facts } from './world.ts'

/** What was asked or done, and what came of it; a question is answered by `authorize` and by `can`. */
export interface Answer {
  readonly what: string
  readonly decision: string
  readonly allowed: boolean
  readonly can: readonly boolean[]
}

type Ask = Parameters<Side['engine']['authorize']>

/** Does what the script says, and writes down what comes of it. `clean`: nothing is polluted. */
export function* play(script: Script, side: Side, clean = false): Iterable<Answer> {
  const { engine } = side
  const held: unknown[] = []
  const kitchen = kitchenOf(side, held)
  for (const recipe of script.shared) held.push(recipe.make(kitchen))
  const sessions: {
    readonly bound: BoundEngine
    readonly ask: (about: Pick<Asked, 'action' | 'resource'>) => Answer
  }[] = []
  if (script.hasFacts) engine.facts.load([...facts, ...agentFacts])
  for (const [i, step] of script.steps.entries()) {
    switch (step.kind) {
      case 'ask': {
        const { actor, action, resource, env } = step.asked
        const make = () => [actor, action, resource, env].map((one) => one.make(kitchen)) as unknown as Ask
        const once = make()
        const parts = () => (step.anew ? make() : once)
        const ask = () => {
          const first = step.anew ? undefined : engine.can(...parts())
          const decision = engine.authorize(...parts())
          const can = [engine.can(...parts()), engine.can(...parts()), engine.authorize(...parts()).allowed]
          return {
            what: `${i} ask`,
            decision: told(decision),
            allowed: decision.allowed,
            can: first === undefined ? can : [first, ...can],
          }
        }
        yield step.polluted === undefined || clean ? ask() : whilePolluted(step.polluted, kitchen, ask)
        break
      }
      case 'bind': {
        const bound = engine.for(
          ...([step.actor.make(kitchen), step.env.make(kitchen)] as unknown as Parameters<typeof engine.for>),
        )
        const ask = (about: Pick<Asked, 'action' | 'resource'>) => {
          const [action, resource] = [
            about.action.make(kitchen),
            about.resource.make(kitchen),
          ] as unknown as Parameters<typeof bound.can>
          const decision = bound.authorize(action, resource)
          return {
            what: `${i} session`,
            decision: told(decision),
            allowed: decision.allowed,
            can: [bound.can(action, resource), bound.can(action, resource)],
          }
        }
        sessions.push({ bound, ask })
        break
      }
      case 'ask session': {
        const session = sessions.at(-1 - step.ago) ?? sessions.at(-1)
        if (session !== undefined) yield session.ask(step.about)
        break
      }
      case 'write':
        yield { what: `${i} write`, decision: write(side, step.write), allowed: false, can: [] }
        break
      case 'change': {
        // What cannot be changed, or looked at, stays as it is.
        try {
          step.change.apply(held[step.index] as object)
        } catch {}
        break
      }
    }
  }
}

function whilePolluted<T>({ name, value, enumerable }: Pollution, kitchen: Kitchen, ask: () => T): T {
  const what = value.make(kitchen)
  Object.defineProperty(Object.prototype, name, { value: what, enumerable, configurable: true, writable: true })
  try {
    return ask()
  } finally {
    Reflect.deleteProperty(Object.prototype, name)
  }
}

const env = { now, context: { depth: 1, mode: 'fast', names: ['ab'] }, token: { rank: 2, groups: ['a'], teams: [] } }

/** Whoever is asked may be asked again, by what it looks at. */
function kitchenOf({ engine }: Side, held: readonly unknown[]): Kitchen {
  let depth = 0
  const questions: readonly (() => unknown)[] = [
    () => engine.can('User:u1', 'view', 'Doc:d0', env),
    () => engine.authorize('User:u0', 'edit', 'Doc:d1', { ...env, confirmed: true }),
    () =>
      engine.can('User:u0', 'call', { kind: 'tool', server: 'bare', name: 'fetch', args: { x: 1, who: 'ab' } }, env),
    () => engine.for('User:u2', env).can('open', 'Doc:d2'),
    () =>
      engine.authorize({ type: 'User', id: 'u1', level: 0 }, 'view', { type: 'Doc', id: 'd2', guest: 'User:u1' }, env),
    () => engine.facts.add({ object: 'Doc:d0', relation: 'keeper', subject: 'User:u2' }),
    () => engine.facts.delete('User:u0'),
    () => engine.can(null, 'open', 'Doc:d0'),
  ]
  return {
    shared: (index) => held[index],
    interrupt: (kind) => {
      if (depth > 0) return
      depth += 1
      try {
        questions[kind % questions.length]?.()
      } finally {
        depth -= 1
      }
    },
  }
}
