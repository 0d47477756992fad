import { declarations } from './compile/declarations.ts'
import { standaloneModule } from './compile/standalone.ts'
import type { Policy } from './language.ts'
import { argumentsType } from './lock/schema-type.ts'
import { claims } from './model/expression/variables.ts'

/** A policy as a module that needs no compiler any more. */
export interface Standalone {
  /** The text of an ECMAScript module that imports `licet/runtime` and nothing else. */
  readonly module: string
  /** The text of its types. */
  readonly declarations: string
}

/** @param version of licet: what the module says it was compiled by */
export function standalone(policy: Policy, version: string): Standalone {
  const { program, facts, sources, locks } = policy
  const argumentsOf = (server: string, tool: string) => {
    const locked = locks.get(server)?.tools.find(({ name }) => name === tool)
    return locked && argumentsType(locked.inputSchema).type
  }
  return {
    module: standaloneModule({ program, facts, sources, version }),
    declarations: declarations({ program, sources, version, claims, argumentsOf }),
  }
}
