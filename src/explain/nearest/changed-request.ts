import type { RequestInput } from '../../runtime/normalise.ts'
import type { Environment, ResourceInput } from '../../runtime/request.ts'
import { tool } from '../../runtime/request.ts'
import { toPlain } from '../../value/plain.ts'
import { isPlainObject } from '../../value/plain-object.ts'
import { formatTime } from '../../value/time.ts'
import type { Edit } from './edit.ts'

type Raw = Readonly<Record<string, unknown>>

/** The request as it would be after some edits; approvals, whose people are not named, are for whoever evaluates it. */
export function changedRequest(request: RequestInput, edits: readonly Edit[], now: number): RequestInput {
  return edits.reduce((changed, edit) => changedBy(changed, edit, now), request)
}

function changedBy(request: RequestInput, edit: Edit, now: number): RequestInput {
  const env: Environment = request.env ?? {}
  const token = (claims: Raw): RequestInput => ({ ...request, env: { ...env, token: { ...env.token, ...claims } } })
  if (edit.kind === 'obtain') {
    const { fact } = edit
    switch (fact.kind) {
      case 'scope': {
        const scopes: unknown = env.token?.scopes
        const held: readonly unknown[] = Array.isArray(scopes) || scopes instanceof Set ? [...scopes] : []
        return token({ scopes: [...held, fact.scope] })
      }
      case 'acr':
        return token({ acr: fact.acr })
      case 'auth-age':
        return token({ authTime: formatTime({ kind: 'datetime', milliseconds: now }) })
      case 'confirmed':
        return { ...request, env: { ...env, confirmed: true } }
      case 'approved':
        return request
    }
  }
  if (edit.kind !== 'input') return request
  const { root, path, type } = edit.place
  const value = edit.value === undefined ? undefined : toPlain(edit.value, type.kind === 'dynamic')
  if (root !== 'args') return { ...request, env: { ...env, [root]: replaced(env[root] ?? {}, path, value) } }
  return { ...request, resource: withArguments(request.resource, path, value) }
}

function withArguments(resource: ResourceInput, path: readonly string[], value: unknown): ResourceInput {
  if (typeof resource !== 'object' || !('server' in resource)) return resource
  const { kind, server } = resource as { readonly kind: unknown; readonly server: string }
  if (kind !== 'tool' && kind !== 'prompt') return resource
  const { name, args } = resource as { readonly name: string; readonly args?: unknown }
  const changed = replaced(isPlainObject(args) ? args : {}, path, value)
  return kind === 'tool' ? tool(server, name, changed) : { kind, server, name, args: changed }
}

/** An object with another value at the end of a path. */
function replaced(raw: Raw, [name = '', ...rest]: readonly string[], value: unknown): Raw {
  const inner = rest.length === 0 ? value : replaced(innerOf(raw, name), rest, value)
  return { ...raw, [name]: inner }
}

function innerOf(raw: Raw, name: string): Raw {
  const found = Object.hasOwn(raw, name) ? raw[name] : undefined
  return isPlainObject(found) ? found : {}
}
