import * as z from 'zod'
import { adapter, type IssuerOptions, name, names, problem, scopeList } from './adapter.ts'

export interface EntraOptions extends IssuerOptions {
  /** `sub` differs from application to application; `oid` is one for the whole directory. `sub` when left out. */
  readonly subject?: 'sub' | 'oid'
}

/** Facets that mark an agent identity and an agent's user account (Microsoft Entra Agent ID, token claims reference). */
const agentFacets = ['11', '13']

const facets = z.string().max(1024).optional()

/** Microsoft Entra ID, versions 1.0 and 2.0 of its access tokens. */
export const entra = adapter(
  {
    sub: name,
    oid: name.optional(),
    tid: name.optional(),
    idtyp: name.optional(),
    azp: name.optional(),
    appid: name.optional(),
    scp: scopeList.optional(),
    roles: names.optional(),
    groups: names.optional(),
    hasgroups: z.boolean().optional(),
    _claim_names: z.record(z.string(), z.unknown()).optional(),
    xms_act_fct: facets,
    xms_sub_fct: facets,
  },
  (claims, { subject = 'sub' }: EntraOptions) => {
    const { oid, tid, idtyp, azp, appid, scp, roles, groups, hasgroups, _claim_names, xms_act_fct, xms_sub_fct } =
      claims
    if (hasgroups === true || (_claim_names !== undefined && Object.hasOwn(_claim_names, 'groups'))) {
      return problem(
        'group-overage',
        'the subject is in more groups than the token holds: assign the groups to the application, or use roles',
      )
    }
    if (subject === 'oid' && oid === undefined) return problem('malformed', 'the claim `oid` is not what it should be')
    const clientId = azp ?? appid
    const isAgent = hasFacet(xms_sub_fct)
    const isApplication = idtyp === 'app' || (idtyp === undefined && scp === undefined && roles !== undefined)
    return {
      kind: isAgent ? 'agent' : isApplication ? 'service' : 'user',
      id: subject === 'oid' ? oid : claims.sub,
      clientId,
      // An agent that acts for itself is the subject.
      agent: hasFacet(xms_act_fct) && !isAgent && !isApplication ? clientId : undefined,
      tenant: tid,
      scopes: scp,
      roles,
      groups,
    }
  },
)

function hasFacet(claim: string | undefined): boolean {
  return claim?.split(' ').some((facet) => agentFacets.includes(facet)) ?? false
}
