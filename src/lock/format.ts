import type { JsonObject } from '../base/json.ts'

/** The version of the lock file format that is written and read. */
export const lockVersion = 1

/**
 * What one MCP server offered when a person looked at it and locked it: the definitions in full, as the server sent them.
 * Policies are checked against it, and live definitions are compared with it.
 */
export interface Lock {
  /** The name by which policies know the server. */
  readonly server: string
  /** Absent in a lock written by hand, which is enough for checking policies but not for a gateway. */
  readonly reached?: Reached
  readonly protocolVersion?: string
  readonly serverInfo?: JsonObject
  readonly instructions?: string
  readonly capabilities?: JsonObject
  readonly tools: readonly LockedTool[]
  readonly prompts: readonly LockedPrompt[]
  readonly resources: readonly LockedResource[]
  readonly resourceTemplates: readonly LockedResourceTemplate[]
  /** What was written into the file; the definitions are what counts, and `wrongDigests` compares the two. */
  readonly digests: Digests
}

/** How a server is reached; another way is another server. */
export type Reached =
  | { readonly command: string; readonly args: readonly string[]; readonly package?: string }
  | { readonly url: string; readonly origin: string; readonly audience?: string }

/** `sha256:` and 64 hexadecimal digits, by the name, URI or URI template of the item. */
export interface Digests {
  readonly server?: string
  readonly tools: ReadonlyMap<string, string>
  readonly prompts: ReadonlyMap<string, string>
  readonly resources: ReadonlyMap<string, string>
  readonly resourceTemplates: ReadonlyMap<string, string>
}

/** Members that MCP defines are checked when a lock is read; others are kept as they are. */
export type LockedTool = LockedItem & {
  readonly name: string
  readonly inputSchema: JsonObject
  readonly outputSchema?: JsonObject
  readonly annotations?: JsonObject & {
    readonly title?: string
    readonly readOnlyHint?: boolean
    readonly destructiveHint?: boolean
    readonly idempotentHint?: boolean
    readonly openWorldHint?: boolean
  }
  readonly execution?: JsonObject & { readonly taskSupport?: 'forbidden' | 'optional' | 'required' }
}

export type LockedPrompt = LockedItem & {
  readonly name: string
  readonly arguments?: readonly (JsonObject & { readonly name: string; readonly required?: boolean })[]
}

export type LockedResource = LockedItem & {
  readonly name: string
  readonly uri: string
  readonly mimeType?: string
  readonly size?: number
}

export type LockedResourceTemplate = LockedItem & {
  readonly name: string
  readonly uriTemplate: string
  readonly mimeType?: string
}

export type LockedItem = JsonObject & {
  readonly title?: string
  readonly description?: string
  readonly icons?: readonly JsonObject[]
  readonly _meta?: JsonObject
}

/** The lists of a lock: what an item of each is called, and the member that tells its items apart. */
export const itemLists = {
  tools: { noun: 'tool', key: 'name' },
  prompts: { noun: 'prompt', key: 'name' },
  resources: { noun: 'resource', key: 'uri' },
  resourceTemplates: { noun: 'resource template', key: 'uriTemplate' },
} as const

export type ItemList = keyof typeof itemLists

export const listNames: readonly ItemList[] = ['tools', 'prompts', 'resources', 'resourceTemplates']
