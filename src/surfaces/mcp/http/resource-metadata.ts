import type { Policy } from '../../../index.ts'

/** Protected resource metadata (RFC 9728), served where it belongs: what `protectedResourceMetadata` of `licet/claims` makes. */
export interface ResourceMetadata {
  readonly url: string
  /** Under the policy in force. */
  document(policy: Policy): object
}

/** The document, as an answer to `GET` at its URL; undefined where something else is asked for. */
export function documentAt(
  metadata: ResourceMetadata | undefined,
  { method, target }: { readonly method: string; readonly target: string },
  policy: () => Policy,
): string | undefined {
  if (metadata === undefined || method !== 'GET') return undefined
  const { pathname, search } = new URL(metadata.url)
  return target === pathname + search ? JSON.stringify(metadata.document(policy())) : undefined
}
