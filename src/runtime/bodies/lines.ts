import type { Rule } from '../../ir/program.ts'
import type { Entity } from '../../value/value.ts'
import type { Formula } from '../formula.ts'
import { conjunction, disjunction, negation } from '../formula.ts'

/** A rule with what it comes down to for one question. */
export interface Line {
  readonly rule: Rule
  readonly condition: Formula
}

/** What one question hangs on, rule by rule. */
export interface Lines {
  readonly allow: readonly Line[]
  /** Without those that mention `agent`. */
  readonly deny: readonly Line[]
  readonly agents: readonly AgentLines[]
}

export interface AgentLines {
  readonly agent: Entity
  readonly delegate: readonly Line[]
  /** Those that mention `agent`. */
  readonly deny: readonly Line[]
}

/** U: what the actor itself may do. */
export function ownRight({ allow, deny }: Pick<Lines, 'allow' | 'deny'>): Formula {
  return conjunction([any(allow), negation(any(deny))])
}

/** A: what the agents may do for the actor. All of them have to be delegated to; one that is denied stops all. */
export function delegatedRight(agents: readonly AgentLines[]): Formula {
  return conjunction([
    ...agents.map(({ delegate }) => any(delegate)),
    negation(disjunction(agents.map(({ deny }) => any(deny)))),
  ])
}

export function any(lines: readonly Line[]): Formula {
  return disjunction(lines.map(({ condition }) => condition))
}
