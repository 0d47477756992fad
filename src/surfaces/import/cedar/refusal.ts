import {
  type Context,
  checkParseContext,
  checkParseEntities,
  type EntityJson,
  type PolicyJson,
  policyToText,
  templateToText,
} from '@cedar-policy/cedar-wasm/nodejs'
import type { JsonValue } from '../../../base/json.ts'

/**
 * What Cedar says of JSON that it does not take, undefined where it does. Only what it takes is read any further, so that whoever
 * reads it need not look at its form again.
 */
export function refusalOfEntity(json: JsonValue): string | undefined {
  return refusal(() => checkParseEntities({ entities: [narrow(json) as unknown as EntityJson] }))
}

/** Also of what no entity shows alone: one that is there twice, parents in a circle. */
export function refusalOfEntities(json: readonly JsonValue[]): string | undefined {
  return refusal(() => checkParseEntities({ entities: json.map(narrow) as unknown as EntityJson[] }))
}

export function refusalOfContext(json: JsonValue): string | undefined {
  return refusal(() => checkParseContext({ context: narrow(json) as unknown as Context }))
}

/** Of a policy or a template. */
export function refusalOfPolicy(json: JsonValue): string | undefined {
  const one = narrow(json) as unknown as PolicyJson
  const asPolicy = refusal(() => policyToText(one))
  return asPolicy === undefined || refusal(() => templateToText(one)) === undefined ? undefined : asPolicy
}

/** What no value of Cedar is, with where it is in the JSON; Cedar itself tells it in words of its implementation. */
export function strayIn(
  json: JsonValue,
  path: readonly (string | number)[] = [],
): { readonly message: string; readonly path: readonly (string | number)[] } | undefined {
  if (json === null) return { message: 'no value of Cedar is `null`', path }
  if (typeof json === 'number' && !Number.isInteger(json))
    return { message: `\`${json}\` is no integer, as all numbers of Cedar are`, path }
  if (typeof json !== 'object') return undefined
  for (const [key, value] of Array.isArray(json) ? json.entries() : Object.entries(json)) {
    const found = strayIn(value, [...path, key])
    if (found !== undefined) return found
  }
  return undefined
}

interface Answer {
  readonly type: 'success' | 'failure'
  readonly errors?: readonly { readonly message: string }[]
}

function refusal(ask: () => Answer): string | undefined {
  try {
    const { type, errors } = ask()
    return type === 'success' ? undefined : (errors?.[0]?.message ?? 'Cedar does not take it')
  } catch (error) {
    // Of what has another form the bindings themselves complain.
    return String(error instanceof Error ? error.message : error).split('\n', 1)[0]
  }
}

/** As wide integers are not in JavaScript's JSON, they are shown to Cedar as other ones: they are in range. */
function narrow(json: JsonValue): JsonValue {
  if (typeof json === 'bigint') return 0
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map(narrow)
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, narrow(value)]))
}
