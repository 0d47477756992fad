import type { EntityName } from '../facts/fact.ts'
import type { Environment, Item } from '../runtime/request.ts'

/** The words of one policy as types: `licet compile` writes them beside the module. */
export interface Vocabulary {
  /** The types of entities, each with the fields that a request may bring with an entity. */
  readonly entities: object
  /** Names of the types that can act. */
  readonly actors: string
  /** The actions that some `allow` can grant, by the type of entity. */
  readonly actions: object
  /** By name. */
  readonly servers: object
  readonly token: object
  readonly context: object
  /** The host functions that the policy declares. */
  readonly functions: object
}

/** What is known of a server: the tools and prompts of its lock with their arguments; without a lock, any name. */
export interface ServerWords {
  readonly tools: object
  readonly prompts: object
  readonly templates: string
}

/** `Type:id`. */
export type NameOf<Type extends string> = Type extends string ? `${Type}:${string}` : never

/** An entity by name, or with what the request says of it. */
export type EntityOf<V extends Vocabulary, Type extends string> = Type extends keyof V['entities'] & string
  ? NameOf<Type> | RecordOf<Type, V['entities'][Type]>
  : never

type RecordOf<Type extends string, Fields> = {
  readonly type: Type
  readonly id: string
  readonly in?: EntityName | readonly EntityName[]
  /** Where a field is called as one of these members is. */
  readonly attributes?: Partial<Fields>
} & Partial<Omit<Fields, 'type' | 'id' | 'in' | 'attributes'>>

/** Who asks; `null` is the anonymous actor. */
export type ActorOf<V extends Vocabulary> = EntityOf<V, V['actors']> | null

type ServerOf<V extends Vocabulary> = keyof V['servers'] & string
type WordsOf<V extends Vocabulary, S extends ServerOf<V>> = V['servers'][S] extends ServerWords
  ? V['servers'][S]
  : never
type ToolOf<V extends Vocabulary, S extends ServerOf<V>> = keyof WordsOf<V, S>['tools'] & string
type PromptOf<V extends Vocabulary, S extends ServerOf<V>> = keyof WordsOf<V, S>['prompts'] & string

/** A target in a server of the policy. */
export type ItemOf<V extends Vocabulary> = {
  [S in ServerOf<V>]:
    | { readonly kind: 'tool'; readonly server: S; readonly name: ToolOf<V, S>; readonly args?: unknown }
    | { readonly kind: 'prompt'; readonly server: S; readonly name: PromptOf<V, S>; readonly args?: unknown }
    | { readonly kind: 'resource'; readonly server: S; readonly uri: string }
    | { readonly kind: 'template'; readonly server: S; readonly uriTemplate: WordsOf<V, S>['templates'] }
    | { readonly kind: 'server'; readonly server: S }
}[ServerOf<V>]

export type ResourceOf<V extends Vocabulary> = EntityOf<V, keyof V['entities'] & string> | ItemOf<V>

/** What the Model Context Protocol has to do with each kind of item. */
interface ItemActions {
  readonly tool: 'call' | 'list'
  readonly prompt: 'get' | 'complete' | 'list'
  readonly resource: 'read' | 'subscribe' | 'list'
  readonly template: 'complete' | 'list'
  readonly server: 'sample' | 'elicit' | 'roots' | 'log'
}

/** What can be done to a resource. */
export type ActionOn<V extends Vocabulary, Resource> = Resource extends {
  readonly kind: infer Kind extends Item['kind']
}
  ? ItemActions[Kind]
  : Resource extends `${infer Type}:${string}`
    ? ActionsOf<V, Type>
    : Resource extends { readonly type: infer Type }
      ? ActionsOf<V, Type>
      : never

type ActionsOf<V extends Vocabulary, Type> = Type extends keyof V['actions'] ? V['actions'][Type] : never

export interface EnvironmentOf<V extends Vocabulary> extends Omit<Environment, 'agents' | 'token' | 'context'> {
  /** Who acts for the actor, outermost first. */
  readonly agents?: readonly EntityOf<V, 'Agent'>[]
  readonly token?: V['token']
  readonly context?: V['context']
}

/** Makes targets in the servers of a policy. */
export interface ItemsOf<V extends Vocabulary> {
  /** A call of a tool; without `args`, as if with none. */
  readonly tool: <S extends ServerOf<V>, N extends ToolOf<V, S>>(
    server: S,
    name: N,
    args?: WordsOf<V, S>['tools'][N & keyof WordsOf<V, S>['tools']],
  ) => { readonly kind: 'tool'; readonly server: S; readonly name: N; readonly args?: unknown }
  /** A prompt, with the arguments it is got with. */
  readonly prompt: <S extends ServerOf<V>, N extends PromptOf<V, S>>(
    server: S,
    name: N,
    args?: WordsOf<V, S>['prompts'][N & keyof WordsOf<V, S>['prompts']],
  ) => { readonly kind: 'prompt'; readonly server: S; readonly name: N; readonly args?: unknown }
  /** A resource, by its URI. */
  readonly resource: <S extends ServerOf<V>>(
    server: S,
    uri: string,
  ) => { readonly kind: 'resource'; readonly server: S; readonly uri: string }
  /** A resource template, as it is listed and completed. */
  readonly template: <S extends ServerOf<V>, T extends WordsOf<V, S>['templates']>(
    server: S,
    uriTemplate: T,
  ) => { readonly kind: 'template'; readonly server: S; readonly uriTemplate: T }
  /** The server itself, for what it asks of a client and for the log level. */
  readonly server: <S extends ServerOf<V>>(server: S) => { readonly kind: 'server'; readonly server: S }
}
