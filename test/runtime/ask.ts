import type { EntityInput, FactInput } from '../../src/facts/fact.ts'
import type { Program } from '../../src/ir/program.ts'
import type { Decision } from '../../src/runtime/decision.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'
import type { Environment, ResourceInput } from '../../src/runtime/request.ts'
import { factsOf } from './ir.ts'

export const now = '2026-01-01T00:00:00Z'

export function ask(
  program: Program,
  facts: Iterable<FactInput | EntityInput>,
  actor: string | null,
  action: string,
  resource: ResourceInput,
  env: Environment = {},
): Decision {
  return createEvaluator(program).decide({ actor, action, resource, env: { now, ...env } }, factsOf(program, facts))
}
