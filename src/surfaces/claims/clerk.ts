import * as z from 'zod'
import { adapter, name, problem, scopeList } from './adapter.ts'

const list = z.string().max(65_536)

/**
 * Clerk, version 2 of its session tokens. What the role may do in the organisation stands in three claims together: `fea` the features,
 * `o.per` the permissions, `o.fpm` a number for each feature whose bits say which. `act` is impersonation: whoever looks through a user's
 * eyes. `azp` is the origin of the page, and no client.
 */
export const clerk = adapter(
  {
    v: z.literal(2),
    sts: name.optional(),
    iat: z.number().nonnegative(),
    fva: z.tuple([z.number(), z.number()]).optional(),
    scope: scopeList.optional(),
    client_id: name.optional(),
    fea: list.optional(),
    o: z.looseObject({ id: name, rol: name.optional(), per: list.optional(), fpm: list.optional() }).optional(),
  },
  ({ sts, iat, fva, scope, client_id, fea, o }) => {
    if (sts === 'pending') return problem('not-an-access-token', 'the session is still pending')
    const permissions = permissionsOf(fea, o?.per, o?.fpm)
    if (permissions === undefined)
      return problem('malformed', 'the claims `fea`, `o.per` and `o.fpm` do not fit together')
    // Minutes since each factor was verified, as of when the token was issued; -1: never.
    const [first = -1, second = -1] = fva ?? []
    return {
      clientId: client_id,
      tenant: o?.id,
      scopes: scope,
      roles: o?.rol === undefined ? undefined : [o.rol],
      permissions,
      assurance: {
        authTime: first < 0 ? undefined : (iat - first * 60) * 1000,
        amr: second < 0 ? undefined : ['mfa'],
        acr: undefined,
      },
    }
  },
)

function permissionsOf(features = '', permissions = '', masks = ''): readonly string[] | undefined {
  const names = parts(permissions)
  const bits = parts(masks).map(Number)
  const organisation = parts(features).flatMap((feature) => {
    const [scope = '', name = ''] = feature.split(':')
    return scope.includes('o') ? [name] : []
  })
  if (bits.some((mask) => !Number.isSafeInteger(mask) || mask < 0 || mask >= 2 ** names.length)) return undefined
  if (bits.length > organisation.length || names.length > 52) return undefined
  return bits.flatMap((mask, i) =>
    names
      .filter((_, bit) => Math.floor(mask / 2 ** bit) % 2 === 1)
      .map((permission) => `${organisation[i]}:${permission}`),
  )
}

function parts(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map((part) => part.trim())
}
