import { isPlainObject, ownMembers } from '../value/plain-object.ts'
import type { Environment } from './request.ts'

/**
 * The environment with the time in it. What is no plain object, or cannot be read, goes on as it is and is denied: copied, it could
 * lose its agents.
 */
export function timed(env: Environment, clock: () => number): Environment {
  try {
    return isPlainObject(env) && ownMembers(env, timeOnly).now === undefined ? { ...env, now: clock() } : env
  } catch {
    return env
  }
}

const timeOnly = ['now'] as const
