/**
 * Licet: policies for people and agents, over data and over the Model Context Protocol. `compile` reads policy text,
 * `createEngine` decides with it. The subpath `licet`.
 */
export { applyFixes, type FixesApplied } from './apply-fixes.ts'
export { type Code, codes } from './base/codes.ts'
export type { Diagnostic, Fix, Severity, TextEdit } from './base/diagnostic.ts'
export { render } from './base/render.ts'
export { lineStarts, type Position, positionAt, type SourceFile, type Span } from './base/source.ts'
export {
  type BoundEngine,
  createEngine,
  type Engine,
  type EngineFacts,
  type EngineOptions,
  type Explanation,
  type PartialQuestion,
  type Question,
} from './engine.ts'
export type { Change, Nearest } from './explain/nearest/change.ts'
export { printChange } from './explain/nearest/print-change.ts'
export { printExplanation } from './explain/print-explanation.ts'
export { printMissing, sameMissing } from './explain/print-missing.ts'
export { type PrintOptions, printProof } from './explain/print-proof.ts'
export type { ProofNode } from './explain/proof.ts'
export type { EntityInput, EntityName, FactInput, SubjectInput } from './facts/fact.ts'
export type { FactRejection } from './facts/load.ts'
export { type Compiled, compile, type ParsedFacts, type Policy } from './language.ts'
export type { EntityList } from './query/list.ts'
export type { ConditionalActor, Everyone, Someone, Who } from './query/who.ts'
export {
  type ParsedQuestion,
  type PolicyQuestion,
  type QuestionOptions,
  type QuestionReader,
  questionsAbout,
} from './questions.ts'
export type { ConditionResult, ExpressionResult } from './runtime/condition.ts'
export type { AppliedLimit, DecidingRule, Decision, Missing, MissingFact, Reason } from './runtime/decision.ts'
export type { PartialDecision } from './runtime/partial/partial.ts'
export { printResidual } from './runtime/partial/print-residual.ts'
export type { Residual } from './runtime/partial/residual.ts'
export type { UnknownInput } from './runtime/question.ts'
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
} from './runtime/request.ts'
export { type ExpectedNext, expectedNext, type NamePlace } from './syntax/expected-next.ts'
export { type Formatted, format } from './syntax/format.ts'
export type { EvaluationError } from './value/value.ts'
