import * as z from 'zod'
import { name, names, problem } from './adapter.ts'
import type { ClaimsProblem } from './principal.ts'

/** RFC 7591, section 2, and the metadata that a client ID metadata document has of it. All of it is what a client says of itself. */
const metadata = z.object({
  client_id: name,
  client_name: name.optional(),
  client_uri: name.optional(),
  redirect_uris: names.optional(),
  grant_types: names.optional(),
  response_types: names.optional(),
  token_endpoint_auth_method: name.optional(),
  scope: z.string().max(65_536).optional(),
  contacts: names.optional(),
  logo_uri: name.optional(),
  policy_uri: name.optional(),
  tos_uri: name.optional(),
  jwks_uri: name.optional(),
  software_id: name.optional(),
  software_version: name.optional(),
})

export interface RegistrationOptions {
  /** The type of the entity; `Agent` when left out. */
  readonly type?: string
  /** Who the host has found to be behind the client: never taken from the metadata. */
  readonly publisher?: string
}

/** A record of the client as an entity, for `facts.put` or `env.facts`. */
export type AgentRecord = Readonly<Record<string, string | readonly string[]>> & {
  readonly type: string
  readonly id: string
}

/**
 * What a client's registration makes known of it as an agent, so that a policy can ask for `agent.software_id` or
 * `agent.redirect_uris`. What is no metadata of RFC 7591 is left out; what is of another shape is a problem.
 */
export function agentRecord(
  registration: unknown,
  { type = 'Agent', publisher }: RegistrationOptions = {},
):
  | { readonly agent: AgentRecord; readonly problem?: undefined }
  | { readonly problem: ClaimsProblem; readonly agent?: undefined } {
  const read = metadata.safeParse(registration)
  if (!read.success) {
    const [first] = read.error.issues
    return problem('malformed', `\`${first?.path.join('.') ?? ''}\` of the registration is not what it should be`)
  }
  const { client_id, ...attributes } = read.data
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  return {
    agent: {
      ...Object.fromEntries(given),
      type,
      id: client_id,
      ...(publisher === undefined ? {} : { publisher }),
    } as AgentRecord,
  }
}
