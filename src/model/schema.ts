import type { Span } from '../base/source.ts'
import type { ScopeInclusion } from '../ir/program.ts'
import type { RecordField, Type } from '../ir/type.ts'
import type { Lock } from '../lock/format.ts'
import type {
  ActionGroup,
  EntityDeclaration,
  Field,
  FunctionDeclaration,
  Given,
  Let,
  RoleDeclaration,
  Rule,
  Server,
  Test,
} from '../syntax/ast.ts'
import type { Inputs } from './expression/variables.ts'
import type { LockIndex } from './rules/lock-index.ts'

/** Everything the files of a policy declare, by name. Conditions are not looked at yet. */
export interface Schema {
  readonly types: ReadonlyMap<string, EntityInfo>
  /** The types that an actor can be of or be inside of. */
  readonly actorContainers: ReadonlySet<string>
  /** Global roles. */
  readonly roles: ReadonlyMap<string, RoleDeclaration>
  readonly lets: ReadonlyMap<string, LetInfo>
  readonly functions: ReadonlyMap<string, FunctionInfo>
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly groupDeclarations: readonly ActionGroup[]
  readonly scopes: readonly ScopeInclusion[]
  readonly context: readonly RecordField[]
  readonly token: readonly RecordField[]
  readonly servers: ReadonlyMap<string, ServerInfo>
  /** The blocks of `server *`. */
  readonly everyServer: ServerInfo
  readonly fileRules: readonly Rule[]
  /** Noted as they are used, while rules and roles are checked. */
  readonly usedLets: Set<LetInfo>
  readonly inputs: Inputs
  readonly givens: readonly Given[]
  readonly tests: readonly Test[]
  /** Declared, but in a statement that did not parse: fits everywhere. */
  readonly broken: ReadonlySet<string>
  /** A statement that did not parse may have declared anything: unknown names are not reported. */
  readonly lenient: boolean
}

export interface EntityInfo {
  readonly name: string
  readonly declaration: EntityDeclaration
  readonly fields: ReadonlyMap<string, FieldInfo>
  readonly roles: ReadonlyMap<string, RoleDeclaration>
  /** What some `allow` grants on the type. */
  readonly permissions: ReadonlySet<string>
  readonly rules: readonly Rule[]
  readonly broken: ReadonlySet<string>
  readonly lenient: boolean
}

export interface FieldInfo extends RecordField {
  readonly contextual: boolean
  /** Of entity type: a relationship, stored as facts. */
  readonly relation: boolean
  readonly declaration: Field
}

export interface LetInfo {
  readonly declaration: Let
  readonly params?: readonly RecordField[]
  /** The lets of its server's block are visible in it. */
  readonly server?: ServerInfo
}

export interface FunctionInfo {
  readonly declaration: FunctionDeclaration
  readonly params: readonly RecordField[]
  readonly result: Type
}

export interface ServerInfo {
  /** None: `server *`. */
  readonly name?: string
  readonly blocks: readonly Server[]
  readonly lets: ReadonlyMap<string, LetInfo>
  readonly lock?: Lock
  readonly index?: LockIndex
  /** Has a `from`, readable or not: what is not in the lock is an error only where the lock could be read. */
  readonly locked: boolean
  readonly rules: readonly Rule[]
  readonly broken: ReadonlySet<string>
}

/** What is declared where, for messages about second declarations. */
export interface Declared {
  readonly name: string
  readonly span: Span
}

/** The actions of the Model Context Protocol, with the kind of item each is about. */
export const mcpActions: ReadonlyMap<string, 'tool' | 'resource' | 'prompt' | 'completion' | 'server' | 'any'> =
  new Map([
    ['call', 'tool'],
    ['read', 'resource'],
    ['subscribe', 'resource'],
    ['get', 'prompt'],
    ['complete', 'completion'],
    ['sample', 'server'],
    ['elicit', 'server'],
    ['roots', 'server'],
    ['log', 'server'],
    ['list', 'any'],
  ] as const)

/** What `*` stands for where a rule names items: what a server asks of its client has none. */
export const itemActions: readonly string[] = [...mcpActions].flatMap(([action, kind]) =>
  kind === 'server' ? [] : [action],
)
