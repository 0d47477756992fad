import type { Diagnostic } from './base/diagnostic.ts'
import type { EntityInput, EntityName, FactInput } from './facts/fact.ts'
import type { Policy } from './language.ts'
import type { Decision } from './runtime/decision.ts'
import type { ActorInput, Environment, ResourceInput } from './runtime/request.ts'

export interface EngineOptions {
  readonly functions?: Readonly<Record<string, (...args: never[]) => unknown>>
  readonly backend?: 'auto' | 'interpreted'
}

export interface Engine {
  authorize(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): Decision
  can(actor: ActorInput, action: string, resource: ResourceInput, env?: Environment): boolean
  replace(policy: Policy): void
  readonly facts: {
    add(fact: FactInput): readonly Diagnostic[]
    put(entity: EntityInput): readonly Diagnostic[]
    remove(fact: FactInput): boolean
    load(facts: Iterable<FactInput | EntityInput>): readonly Diagnostic[]
    delete(entity: EntityName): boolean
    parse(text: string): readonly Diagnostic[]
    readonly revision: number
  }
}
