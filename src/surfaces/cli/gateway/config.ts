import * as z from 'zod'
import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts'
import { parseJson } from '../../../base/json.ts'
import { locate, locateKey } from '../../../base/json-locate.ts'
import { didYouMean } from '../../../base/suggest.ts'
import type { SourceFile } from '../../../index.ts'

const texts = z.array(z.string())
const variables = z.record(z.string(), z.string())

const principal = z.strictObject({
  actor: z.string(),
  agents: texts.optional(),
  /** The environment variable with the claims, a JSON object. */
  tokenEnv: z.string().optional(),
  context: z.record(z.string(), z.unknown()).optional(),
})

const audit = z.strictObject({
  file: z.string(),
  /** Arguments are recorded, too, and not only their digest. */
  arguments: z.literal('redacted').optional(),
  /** But not what is at these paths. */
  redact: texts.optional(),
})

/** What can stand once for all servers, and for each. */
const policed = {
  policy: texts.min(1).optional(),
  facts: texts.optional(),
  functions: z.string().optional(),
  audit: z.union([z.string(), audit]).optional(),
  principal: principal.optional(),
  /** Clients may ask their users to confirm a call, and are believed what they answer. */
  clientConfirms: z.boolean().optional(),
}

/** An issuer of tokens, by which callers over HTTP are known. */
const issuer = z.strictObject({
  issuer: z.string(),
  claims: z.string().optional(),
  agents: z.enum(['act', 'client', 'none']).optional(),
  audience: z.union([z.string(), texts.min(1)]).optional(),
  jwksUri: z.string().optional(),
  /** For opaque tokens; `${NAME}` is an environment variable. */
  introspection: z
    .strictObject({ clientId: z.string(), clientSecret: z.string(), endpoint: z.string().optional() })
    .optional(),
  rolesOf: z.string().optional(),
  subject: z.enum(['sub', 'oid']).optional(),
})

const server = z.strictObject({
  command: z.string().min(1).optional(),
  args: texts.optional(),
  cwd: z.string().optional(),
  env: variables.optional(),
  url: z.string().optional(),
  headers: variables.optional(),
  ...policed,
})

const config = z.strictObject({
  listen: z.union([z.string(), z.number()]).optional(),
  /** The file where requests for approval are kept, for all servers. */
  approvals: z.string().optional(),
  /** The address by which clients know the listener. */
  publicUrl: z.string().optional(),
  issuers: z.array(issuer).min(1).optional(),
  /** The file of API keys; where there are several issuers, whose people they stand for. */
  apiKeys: z.union([z.string(), z.strictObject({ file: z.string(), issuer: z.string().optional() })]).optional(),
  /** The types of the policy that callers are entities of. */
  types: z.strictObject({ user: z.string().optional(), service: z.string().optional() }).optional(),
  servers: z.record(z.string(), server),
  ...policed,
})

export type GatewayConfig = z.infer<typeof config>
export type ConfiguredServer = z.infer<typeof server>

/** What can stand at a place. */
function membersAt(path: Path): readonly string[] {
  // Before what is told by its name: that of a server is anything.
  if (path.length === 2) return Object.keys((path[0] === 'issuers' ? issuer : server).shape)
  const last = path.at(-1)
  if (last === 'principal') return Object.keys(principal.shape)
  if (last === 'introspection') return Object.keys(issuer.shape.introspection.unwrap().shape)
  if (last === 'types') return Object.keys(config.shape.types.unwrap().shape)
  return Object.keys(config.shape)
}

/** Where something stands in the text of a configuration. */
export type Path = readonly (string | number)[]

/** Says what is wrong at a place of a configuration. */
export type Complain = (path: Path, message: string, help?: string) => void

/**
 * Reads a configuration of gateways.
 *
 * @param check what else has to hold of it
 */
export function readConfig(
  source: SourceFile,
  check: (config: GatewayConfig, complain: Complain) => void,
): { readonly config?: GatewayConfig; readonly diagnostics: readonly Diagnostic[] } {
  const { text } = source
  const diagnostics: Diagnostic[] = []
  const at = (start: number, end: number) => ({ file: source.name, start, end })
  const { value, error } = parseJson(text)
  if (error !== undefined) {
    const start = Math.min(error.offset, text.length)
    return { diagnostics: [diagnostic('syntax', at(start, Math.min(start + 1, text.length)), error.message)] }
  }
  const complain: Complain = (path, message, help) => {
    const range = locate(text, path) ?? { start: 0, end: text.length }
    diagnostics.push(diagnostic('type-mismatch', at(range.start, range.end), message, { help }))
  }
  const checked = config.safeParse(value)
  for (const issue of checked.error?.issues ?? []) {
    const path = issue.path as (string | number)[]
    if (issue.code !== 'unrecognized_keys') {
      complain(path, `${path.join('.')}: ${issue.message.replace(/^Invalid input: /, '')}`)
      continue
    }
    for (const key of issue.keys) {
      const range = locateKey(text, [...path, key]) ?? { start: 0, end: text.length }
      const members = membersAt(path)
      const help = didYouMean(key, members) ?? `known are ${members.join(', ')}`
      diagnostics.push(diagnostic('unknown-name', at(range.start, range.end), `there is no \`${key}\` here`, { help }))
    }
  }
  if (!checked.success) return { diagnostics }
  check(checked.data, complain)
  return diagnostics.length > 0 ? { diagnostics } : { config: checked.data, diagnostics }
}
