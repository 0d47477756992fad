/**
 * What a policy needs that was compiled before, and no more: no parser, no checker, no interpreter. Runs wherever JavaScript does,
 * also where code may not be made from text. Modules that `licet compile` writes import it. The subpath `licet/runtime`.
 */
export type { EntityInput, EntityName, FactInput, SubjectInput } from '../facts/fact.ts'
export type { FactRejection } from '../facts/load.ts'
export type { EditableFacts } from '../facts/memory.ts'
export type { CompiledPolicy } from '../precompiled/compiled-policy.ts'
export {
  type BoundCompiledEngine,
  type CompiledDecision,
  type CompiledEngine,
  type CompiledEngineOptions,
  createCompiledEngine,
} from '../precompiled/engine.ts'
export type {
  ActionOn,
  ActorOf,
  EntityOf,
  EnvironmentOf,
  ItemOf,
  ItemsOf,
  NameOf,
  ResourceOf,
  ServerWords,
  Vocabulary,
} from '../precompiled/vocabulary.ts'
export type { ErrorCode, EvaluationError } from '../value/value.ts'
export type { AppliedLimit, DecidingRule, Reason } from './decision.ts'
export { prompt, resource, server, template, tool } from './request.ts'
