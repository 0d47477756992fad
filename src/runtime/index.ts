/**
 * Decisions on a program that was compiled before, without parser or checker: what a precompiled policy needs. Runs wherever
 * JavaScript does, without I/O and without a clock. The subpath `licet/runtime`.
 */
export type { EntityInput, EntityName, FactInput, SubjectInput } from '../facts/fact.ts'
export type { FactRejection } from '../facts/load.ts'
export { type MemoryStore, memoryStore } from '../facts/memory.ts'
export { type FactSchema, factSchema } from '../facts/schema.ts'
export type { Fact, FactStore, Facts } from '../facts/store.ts'
export { irVersion, type Program } from '../ir/program.ts'
export type { ErrorCode, EvaluationError } from '../value/value.ts'
export type { Limits } from './budget.ts'
export type { AppliedLimit, DecidingRule, Decision, Missing, MissingFact, Reason } from './decision.ts'
export { createEvaluator, type Evaluator, type EvaluatorOptions } from './evaluator.ts'
export type { HostFunctions } from './host-call.ts'
export type { RequestInput } from './normalise.ts'
export type { Outcome } from './partial/bounds.ts'
export { evaluateResidual, type PartialDecision, partial } from './partial/partial.ts'
export { printResidual } from './partial/print-residual.ts'
export type { Residual } from './partial/residual.ts'
export type { UnknownInput } from './question.ts'
export {
  type ActorInput,
  type Environment,
  type Item,
  prompt,
  type ResourceInput,
  resource,
  server,
  template,
  tool,
} from './request.ts'
