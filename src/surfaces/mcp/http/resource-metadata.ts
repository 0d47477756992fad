import type { Policy } from '../../../index.ts'

/** Protected resource metadata (RFC 9728), served where it belongs: what `protectedResourceMetadata` of `licet/claims` makes. */
export interface ResourceMetadata {
  readonly url: string
  /** Under the policy in force. */
  document(policy: Policy): object
}

/** Metadata, or the URL of what is served elsewhere. */
export type MetadataOption = string | ResourceMetadata | undefined

/** Where challenges point to. */
export function metadataUrl(metadata: MetadataOption): string | undefined {
  return typeof metadata === 'string' ? metadata : metadata?.url
}

/** The document, as an answer to `GET` at its URL; undefined where something else is asked for. */
export function documentAt(
  metadata: MetadataOption,
  { method, target }: { readonly method: string; readonly target: string },
  policy: () => Policy,
): string | undefined {
  if (metadata === undefined || typeof metadata === 'string' || method !== 'GET') return undefined
  const { pathname, search } = new URL(metadata.url)
  return target === pathname + search ? JSON.stringify(metadata.document(policy())) : undefined
}
