import type { SourceFile } from '../../../index.ts'

/** An authorization model as OpenFGA has it, with where each of its parts stands. */
export interface Model {
  readonly types: readonly TypeDefinition[]
  readonly conditions: readonly ConditionDefinition[]
  /** What is said above everything, and after everything. */
  readonly comments: readonly string[]
  readonly closing: readonly string[]
}

export interface Place {
  readonly source: SourceFile
  readonly at: number
}

export interface TypeDefinition extends Place {
  readonly name: string
  /** What is written above it, a line each. */
  readonly comments: readonly string[]
  readonly relations: readonly RelationDefinition[]
}

export interface RelationDefinition extends Place {
  readonly name: string
  readonly comments: readonly string[]
  readonly rewrite: Rewrite
  readonly direct: readonly DirectType[]
}

/** Who can be assigned: `user`, `user:*`, `team#member`, each perhaps `with` a condition. */
export interface DirectType {
  readonly type: string
  readonly relation?: string
  readonly wildcard: boolean
  readonly condition?: string
}

export type Rewrite =
  | { readonly kind: 'direct' }
  | { readonly kind: 'computed'; readonly relation: string }
  | { readonly kind: 'from'; readonly relation: string; readonly tupleset: string }
  | { readonly kind: 'or' | 'and'; readonly of: readonly Rewrite[] }
  | { readonly kind: 'but-not'; readonly base: Rewrite; readonly subtract: Rewrite }

export interface ConditionDefinition extends Place {
  readonly name: string
  readonly comments: readonly string[]
  readonly params: readonly Parameter[]
  /** In CEL. */
  readonly expression: string
  /** Where the expression begins. */
  readonly expressionAt: number
}

export interface Parameter {
  readonly name: string
  readonly type: ParameterType
}

export interface ParameterType {
  readonly kind:
    | 'bool'
    | 'string'
    | 'int'
    | 'uint'
    | 'double'
    | 'duration'
    | 'timestamp'
    | 'ipaddress'
    | 'any'
    | 'list'
    | 'map'
  /** Of the elements of a list, or of the values of a map. */
  readonly of?: ParameterType
}

/** A definition with another one in the place of each of its parts. */
export function replaced(rewrite: Rewrite, by: (part: Part) => Rewrite): Rewrite {
  switch (rewrite.kind) {
    case 'or':
    case 'and':
      return { kind: rewrite.kind, of: rewrite.of.map((one) => replaced(one, by)) }
    case 'but-not':
      return { kind: 'but-not', base: replaced(rewrite.base, by), subtract: replaced(rewrite.subtract, by) }
    default:
      return by(rewrite)
  }
}

type Part = Extract<Rewrite, { kind: 'direct' | 'computed' | 'from' }>

/** The relations that a definition mentions, in order. */
export function* parts(rewrite: Rewrite): Iterable<Part> {
  switch (rewrite.kind) {
    case 'or':
    case 'and':
      for (const one of rewrite.of) yield* parts(one)
      break
    case 'but-not':
      yield* parts(rewrite.base)
      yield* parts(rewrite.subtract)
      break
    default:
      yield rewrite
  }
}
