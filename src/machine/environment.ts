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

/** The members of an environment that is as most are, and those that come beside; as bits, since telling them takes no object then. */
export const shown = { token: 1, context: 2, now: 4, agents: 8, client: 16, session: 32, beside: 8 + 16 + 32 } as const

/**
 * Which members the environment shows; -1: there is something that cannot be told quickly. What is not to be enumerated is not there for
 * anybody, and what is not shown is not looked at. What inherits from where is looked at behind a load, where that costs nothing.
 */
export function shownIn(env: unknown): number {
  if (typeof env !== 'object' || env === null) return -1
  const { token, context } = env as Raw
  if (Object.getPrototypeOf(env) !== plain || isInherited()) return -1
  if (token !== undefined && (typeof token !== 'object' || token === null)) return -1
  if (context !== undefined && (typeof context !== 'object' || context === null)) return -1
  let all = 0
  for (const name in env) {
    if (name === 'token') all |= 1
    else if (name === 'context') all |= 2
    else if (name === 'now') all |= 4
    else if (name === 'agents') all |= 8
    else if (name === 'client') all |= 16
    else if (name === 'session') all |= 32
    else if (!others.has(name) || (env as Raw)[name] !== undefined) return -1
  }
  return all
}

/** An object of the environment, or what stands for one that is not there; undefined: it is none. */
export function objectIn(value: unknown): Raw | undefined {
  if (value === undefined) return none
  return typeof value === 'object' && value !== null ? (value as Raw) : undefined
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
