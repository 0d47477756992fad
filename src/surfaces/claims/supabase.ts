import * as z from 'zod'
import { adapter, name, names } from './adapter.ts'

const method = z.looseObject({ method: name, timestamp: z.number().nonnegative().optional() })

/**
 * Supabase. `role` is a role of the database, one for all who have logged in; what an application knows of a user stands in `app_metadata`,
 * of which `roles` is read. The audience `authenticated` is that of every project: it binds a token to no resource.
 */
export const supabase = adapter(
  {
    role: name.optional(),
    aal: name.optional(),
    client_id: name.optional(),
    app_metadata: z.looseObject({ roles: names.optional() }).optional(),
    amr: z
      .array(z.union([method, name.transform((one) => ({ method: one, timestamp: undefined }))]))
      .max(100)
      .optional(),
  },
  ({ role, aal, client_id, app_metadata, amr = [] }) => {
    const times = amr.flatMap(({ timestamp }) => timestamp ?? [])
    return {
      kind: role === 'service_role' ? 'service' : 'user',
      clientId: client_id,
      roles: [...(role === undefined ? [] : [role]), ...(app_metadata?.roles ?? [])],
      assurance: {
        acr: aal,
        amr: amr.map((one) => one.method),
        authTime: times.length === 0 ? undefined : Math.max(...times) * 1000,
      },
    }
  },
)
