import type { Ent } from '../facts/table.ts'
import { inherited, none, plain } from './raw.ts'
import type { Raw } from './registers.ts'

/** What an environment brings that is as most are. */
export interface Given {
  readonly token: Raw
  readonly context: Raw
  readonly now: number | undefined
  readonly agents: readonly Ent[]
}

export const noAgents: readonly Ent[] = Object.freeze([])

export const nothingGiven: Given = { token: none, context: none, now: undefined, agents: noAgents }

/** A time in milliseconds is no further from the epoch (ECMA-262, 21.4.1.1). */
const maxInstant = 8.64e15

export function isInstant(now: unknown): now is number {
  return typeof now === 'number' && Math.abs(now) <= maxInstant
}

/** Names of an environment that may be there without a value. */
const others: ReadonlySet<string> = new Set(['session', 'facts', 'approvals', 'confirmed', 'client'])

/**
 * Whether nothing else is said than what can be told quickly: `token` and `context` that are objects, `now`, `agents`. What
 * inherits from where is looked at behind a load, where that costs nothing.
 */
export function isUsual(env: unknown): env is Raw {
  if (typeof env !== 'object' || env === null) return false
  const { token, context } = env as Raw
  if (Object.getPrototypeOf(env) !== plain || isInherited()) return false
  for (const name in env) {
    if (name === 'token' || name === 'context' || name === 'now' || name === 'agents') continue
    if (!others.has(name) || (env as Raw)[name] !== undefined) return false
  }
  return (
    (token === undefined || (typeof token === 'object' && token !== null)) &&
    (context === undefined || (typeof context === 'object' && context !== null))
  )
}

/** Somebody has given to all objects what this one would then seem to have. */
function isInherited(): boolean {
  const { token, context, now, agents } = inherited
  return token !== undefined || context !== undefined || now !== undefined || agents !== undefined
}
