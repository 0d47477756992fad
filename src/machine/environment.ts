import type { Ent } from '../facts/table.ts'
import { inherited, none, plain } from './raw.ts'
import type { Raw } from './registers.ts'

/** What an environment brings that is as most are. */
export interface Given {
  readonly token: Raw
  readonly context: Raw
  readonly now: number | undefined
  readonly beside: Beside
}

/** What comes with requests through agents and from guards. */
export interface Beside {
  /** Each once. */
  readonly agents: readonly Ent[]
  readonly client: Raw
  /** Undefined: there is no session. They can be read as often as anybody likes. */
  readonly labels: Iterable<string> | undefined
}

export const nothingBeside: Beside = { agents: Object.freeze([]), client: none, labels: undefined }

export const nothingGiven: Given = { token: none, context: none, now: undefined, beside: nothingBeside }

/** A time in milliseconds is no further from the epoch (ECMA-262, 21.4.1.1). */
const maxInstant = 8.64e15

export function isInstant(now: unknown): now is number {
  return typeof now === 'number' && Math.abs(now) <= maxInstant
}

/** Names of an environment that may be there without a value. */
const others: ReadonlySet<string> = new Set(['facts', 'approvals', 'confirmed'])

/**
 * Whether nothing else is said than what can be told quickly: `token` and `context` that are objects, `now`, and what is beside. What
 * inherits from where is looked at behind a load, where that costs nothing. What is not to be enumerated is not there for anybody else.
 */
export function isUsual(env: unknown): env is Raw {
  if (typeof env !== 'object' || env === null) return false
  const { token, context, now, agents, client, session } = env as Raw
  if (Object.getPrototypeOf(env) !== plain || isInherited()) return false
  let shown = 0
  for (const name in env) {
    if (name === 'token') shown |= 1
    else if (name === 'context') shown |= 2
    else if (name === 'now') shown |= 4
    else if (name === 'agents') shown |= 8
    else if (name === 'client') shown |= 16
    else if (name === 'session') shown |= 32
    else if (!others.has(name) || (env as Raw)[name] !== undefined) return false
  }
  return (
    (token === undefined || (typeof token === 'object' && token !== null && (shown & 1) !== 0)) &&
    (context === undefined || (typeof context === 'object' && context !== null && (shown & 2) !== 0)) &&
    (now === undefined || (shown & 4) !== 0) &&
    (agents === undefined || (shown & 8) !== 0) &&
    (client === undefined || (shown & 16) !== 0) &&
    (session === undefined || (shown & 32) !== 0)
  )
}

/** Somebody has given to all objects what this one would then seem to have. */
function isInherited(): boolean {
  const { token, context, now, agents, client, session } = inherited
  return (
    token !== undefined ||
    context !== undefined ||
    now !== undefined ||
    agents !== undefined ||
    client !== undefined ||
    session !== undefined
  )
}

/** Labels that are there to be read as often as anybody likes: a set, or a list of texts. May throw where it only looks like one. */
export function areLabels(labels: unknown): labels is Iterable<string> {
  if (typeof labels !== 'object' || labels === null || Object.hasOwn(labels, Symbol.iterator)) return false
  const prototype: unknown = Object.getPrototypeOf(labels)
  if (prototype === Set.prototype) return !Set.prototype.has.call(labels, undefined)
  if (prototype !== Array.prototype || !Array.isArray(labels)) return false
  for (let i = 0; i < labels.length; i++) if (typeof labels[i] !== 'string') return false
  return true
}
