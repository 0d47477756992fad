import { canonicalJson } from '../../../base/canonical.ts'
import type { Item } from '../../../index.ts'
import type { Lock, Reached } from '../../../lock/format.ts'
import { actorName, sha256 } from '../audit/audit.ts'
import type { ExactCall } from '../stores/approvals.ts'
import { digestsOf } from './digest.ts'
import type { Question } from './judge.ts'
import { type Principal, subjectOf } from './principal.ts'

/** What all calls of a principal have in common, under one policy. */
export interface CallContext {
  readonly principal: Principal
  readonly server: string
  readonly reached: string
  readonly lock: string | undefined
  readonly policy: string
}

/** The call that a request makes, with all that an approval of it is bound to. Undefined for nobody and for who cannot be told, whom nobody approves anything for. */
export function exactCall(
  { principal, server, reached, lock, policy }: CallContext,
  method: string,
  { item, args }: Question,
): ExactCall | undefined {
  const actor = actorName(principal.actor)
  const subject = subjectOf(principal)
  const text = args === undefined ? undefined : canonicalJson(args)
  if (actor === null || subject === undefined || (args !== undefined && text === undefined)) return undefined
  const bound = {
    actor,
    agents: principal.agents ?? [],
    ...subject,
    server,
    reached,
    method,
    name: nameOf(item),
    ...(text === undefined ? {} : { arguments: text }),
    ...(lock === undefined ? {} : { lock }),
    policy,
  }
  // What has no canonical form has no digest of its own.
  return canonicalJson(bound) === undefined ? undefined : { digest: sha256(bound), ...bound }
}

/** How a server is reached, in words that show and that tell one way from another. */
export function reachedText(reached: Reached | undefined): string {
  if (reached === undefined) return 'in this process'
  return 'url' in reached ? reached.url : (canonicalJson([reached.command, ...reached.args]) ?? '')
}

export function lockDigest(lock: Lock): string {
  const { server = '', ...lists } = digestsOf(lock)
  const items = Object.fromEntries(Object.entries(lists).map(([list, digests]) => [list, Object.fromEntries(digests)]))
  return sha256({ server, ...items })
}

function nameOf(item: Item): string {
  switch (item.kind) {
    case 'tool':
    case 'prompt':
      return item.name
    case 'resource':
      return item.uri
    case 'template':
      return item.uriTemplate
    case 'server':
      return ''
  }
}
