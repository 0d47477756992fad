import type { Span } from '../base/source.ts'
import type { Type } from './type.ts'

/**
 * Expressions with every name resolved, every `let` expanded and every coercion written out. A `let` that a rule uses twice
 * is one object, so an expression is a directed acyclic graph; nothing in it refers upwards.
 */
export type Expr =
  | Constant
  | Variable
  | Local
  | SetOf
  | RecordOf
  | Field
  | Entities
  | Index
  | Construct
  | Interpolate
  | Builtin
  | HostCall
  | Connective
  | Not
  | Recover
  | Compare
  | Arithmetic
  | Negate
  | Holds
  | Contained
  | Element
  | Has
  | Is
  | Conditional
  | Coalesce
  | Quantified
  | Obtainable

interface At {
  readonly at: Span
}

/** 64-bit integers as decimal text, so that the IR stays JSON; times in milliseconds, the epoch's or a length. */
export interface Constant extends At {
  readonly kind: 'constant'
  readonly value:
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'int'; readonly value: string }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'duration'; readonly value: number }
    | { readonly kind: 'datetime'; readonly value: number }
    | { readonly kind: 'entity'; readonly type: string; readonly id: string }
}

export type VariableName =
  | 'actor'
  | 'agent'
  | 'action'
  | 'resource'
  | 'context'
  | 'token'
  | 'now'
  | 'session'
  | 'server'
  | 'client'
  | 'tool'
  | 'args'
  | 'prompt'
  | 'uri'

/** An input of the request. In the body of a role or permission, `actor` is the one judged and `resource` its entity. */
export interface Variable extends At {
  readonly kind: 'variable'
  readonly name: VariableName
}

/** Bound by a quantifier, a URI template, the parameters of a carried condition, or an approval; unique in its rule. */
export interface Local extends At {
  readonly kind: 'local'
  readonly name: string
}

export interface SetOf extends At {
  readonly kind: 'set'
  readonly elements: readonly Expr[]
}

export interface RecordOf extends At {
  readonly kind: 'record'
  readonly entries: readonly { readonly key: string; readonly value: Expr }[]
}

/**
 * A typed read of a field of an entity, a record, a map or `json`. `relation`: a field of entity type, stored as facts. Not
 * set: absent where `optional`, else an error; the empty set where it is many-valued. Of a set: the union over its members.
 * `chain`: `?.`, absent of an absent receiver.
 */
export interface Field extends At {
  readonly kind: 'field'
  readonly of: Expr
  readonly name: string
  readonly type: Type
  readonly optional: boolean
  readonly relation: boolean
  readonly chain: boolean
}

/**
 * A step towards a set of actors: the entities that the field holds for every entity of `of`, which is one entity or a set.
 * Absent is the empty set; a required field that is not set leaves a gap, unless it is many-valued, which is `optional` here.
 */
export interface Entities extends At {
  readonly kind: 'entities'
  readonly of: Expr
  readonly name: string
  readonly optional: boolean
}

/** `of[key]` on a map, a record or `json`; absent where there is no such key. */
export interface Index extends At {
  readonly kind: 'index'
  readonly of: Expr
  readonly key: Expr
  readonly type: Type
}

/** `T["{a}/{b}"]`: the text between values separates them; no value may hold a character of it, be empty, `.` or `..`. */
export interface Construct extends At {
  readonly kind: 'construct'
  readonly type: string
  readonly parts: readonly (string | Expr)[]
}

export interface Interpolate extends At {
  readonly kind: 'interpolate'
  readonly parts: readonly (string | Expr)[]
}

/** A pure built-in function or method; the receiver of a method is its first argument. */
export interface Builtin extends At {
  readonly kind: 'builtin'
  readonly name: string
  readonly args: readonly Expr[]
}

export interface HostCall extends At {
  readonly kind: 'host-call'
  readonly function: string
  readonly args: readonly Expr[]
}

export interface Connective extends At {
  readonly kind: 'and' | 'or'
  readonly operands: readonly Expr[]
}

export interface Not extends At {
  readonly kind: 'not'
  readonly operand: Expr
}

/** The operand, but that an error is false unless it is a budget's. Holds no role, permission, obtainable fact or label. Of imported policies. */
export interface Recover extends At {
  readonly kind: 'recover'
  readonly operand: Expr
}

export interface Compare extends At {
  readonly kind: 'compare'
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>='
  readonly left: Expr
  readonly right: Expr
}

/** `int`: 64-bit, overflow an error; `number`: finite doubles; `time`: datetimes and durations; `string`: concatenation. */
export interface Arithmetic extends At {
  readonly kind: 'arithmetic'
  readonly operator: '+' | '-' | '*'
  readonly domain: 'int' | 'number' | 'time' | 'string'
  readonly left: Expr
  readonly right: Expr
}

export interface Negate extends At {
  readonly kind: 'negate'
  readonly domain: 'int' | 'number' | 'time'
  readonly operand: Expr
}

/**
 * An atom: the subject holds the role or permission, on some entity of `of` (one entity or a set), or globally where there is
 * no `of`. The only place where a condition depends on another body.
 */
export interface Holds extends At {
  readonly kind: 'holds'
  readonly subject: Expr
  readonly of?: Expr
  /** The static types of `of`, for analysis and dispatch; empty for a global role. */
  readonly types: readonly string[]
  readonly relation: string
  readonly permission: boolean
}

/** `x in y` for entities: `within` is one entity or a set of them. */
export interface Contained extends At {
  readonly kind: 'contained'
  readonly subject: Expr
  readonly within: Expr
}

/** `x in y` for values: element of a set, key of a map or record, address in a range, path in a path. */
export interface Element extends At {
  readonly kind: 'element'
  readonly in: 'set' | 'keys' | 'cidr' | 'path' | 'json'
  readonly value: Expr
  readonly of: Expr
}

export interface Has extends At {
  readonly kind: 'has'
  readonly of: Expr
  readonly name: string
  readonly relation: boolean
}

export interface Is extends At {
  readonly kind: 'is'
  readonly of: Expr
  readonly type: string
}

export interface Conditional extends At {
  readonly kind: 'conditional'
  readonly condition: Expr
  readonly then: Expr
  readonly else: Expr
}

export interface Coalesce extends At {
  readonly kind: 'coalesce'
  readonly left: Expr
  readonly right: Expr
}

export interface Quantified extends At {
  readonly kind: 'some' | 'every'
  readonly of: Expr
  readonly local: string
  readonly body: Expr
}

/** What a caller can go and get; occurs only at positive sign. */
export interface Obtainable extends At {
  readonly kind: 'obtainable'
  readonly fact:
    | { readonly kind: 'scope'; readonly scope: string }
    | { readonly kind: 'acr'; readonly acr: string }
    /** The user authenticated at most so many milliseconds ago; `strict`: less. */
    | { readonly kind: 'auth-age'; readonly atMost: number; readonly strict: boolean }
    | { readonly kind: 'confirmed' }
    /** At least `count` distinct others, each bound to `local`, of whom `body` holds; `of` is the set's text. */
    | {
        readonly kind: 'approved'
        readonly count: number
        readonly local: string
        readonly body: Expr
        readonly of: string
      }
}
