import { randomBytes } from 'node:crypto'
import type { ApprovalDesk, ApprovalRequest, ApprovalStore } from './approvals.ts'
import { askerOf, bounds, mayGrant } from './approvals.ts'

export interface MemoryApprovalsOptions {
  /** Milliseconds that a request, and what is granted for it, is good; an hour when left out. */
  readonly timeToLive?: number
  /** Milliseconds since the epoch. */
  readonly clock?: () => number
}

interface Kept {
  readonly request: ApprovalRequest
  readonly asker: string
  readonly characters: number
}

interface Hold {
  readonly digest: string
  readonly asker: string
  readonly text: string
  readonly expires: number
}

/** Approvals in memory, for one process: whoever approves does so through the object that is given here. */
export function memoryApprovals(options: MemoryApprovalsOptions = {}): ApprovalStore & ApprovalDesk {
  const { timeToLive = bounds.timeToLive, clock = Date.now } = options
  const requests = new Map<string, Kept>()
  const holds = new Map<string, Hold>()

  const forgetExpired = (): void => {
    const now = clock()
    for (const [id, { request }] of requests) if (request.expires <= now) requests.delete(id)
    for (const [handle, { expires }] of holds) if (expires <= now) holds.delete(handle)
  }
  const find = (id: string): ApprovalRequest | undefined => {
    const request = requests.get(id)?.request
    return request !== undefined && request.expires > clock() ? request : undefined
  }
  const change = (request: ApprovalRequest): void => {
    const kept = requests.get(request.id)
    if (kept !== undefined) requests.set(request.id, { ...kept, request })
  }
  const forCall = (digest: string): ApprovalRequest | undefined => {
    for (const [id, { request }] of requests) if (request.call.digest === digest) return find(id)
    return undefined
  }

  return {
    request: (call, needs) => {
      forgetExpired()
      const known = forCall(call.digest)
      if (known !== undefined) return known.id
      const characters = JSON.stringify([call, needs]).length
      const all = [...requests.values()]
      const asker = askerOf(call)
      const ofOne = all.filter((one) => one.asker === asker).length
      if (all.length >= bounds.requests || ofOne >= bounds.requestsOfOne) return undefined
      if (all.reduce((sum, one) => sum + one.characters, characters) > bounds.characters) return undefined
      const id = randomBytes(16).toString('hex')
      const asked = clock()
      const request = { id, call, needs, asked, expires: asked + timeToLive, grantedBy: [] }
      requests.set(id, { request, asker, characters })
      return id
    },
    granted: (digest) => {
      const found = forCall(digest)
      return found === undefined || found.deniedBy !== undefined ? undefined : { id: found.id, by: found.grantedBy }
    },
    consume: (id) => {
      const found = find(id)
      return found !== undefined && found.deniedBy === undefined && requests.delete(id)
    },
    hold: (call, text) => {
      forgetExpired()
      const asker = askerOf(call)
      const all = [...holds.values()]
      if (all.length >= bounds.holds || all.filter((one) => one.asker === asker).length >= bounds.holdsOfOne)
        return undefined
      if (all.reduce((sum, one) => sum + one.text.length, text.length) > bounds.characters) return undefined
      const handle = randomBytes(32).toString('base64url')
      holds.set(handle, { digest: call.digest, asker, text, expires: clock() + bounds.holdTime })
      return handle
    },
    take: (digest, handle) => {
      const found = holds.get(handle)
      if (found === undefined || found.digest !== digest) return undefined
      holds.delete(handle)
      return found.expires > clock() ? found.text : undefined
    },
    list: () => {
      forgetExpired()
      return [...requests.values()].map(({ request }) => request)
    },
    find,
    grant: (id, by) => {
      const found = find(id)
      if (found === undefined) return 'gone'
      if (found.deniedBy !== undefined) return 'denied'
      if (!mayGrant(found, by)) return 'own'
      if (found.grantedBy.includes(by) || found.grantedBy.length >= bounds.grants) return 'done'
      change({ ...found, grantedBy: [...found.grantedBy, by] })
      return 'done'
    },
    deny: (id, by) => {
      const found = find(id)
      if (found === undefined) return 'gone'
      if (found.deniedBy === undefined) change({ ...found, deniedBy: by })
      return 'done'
    },
  }
}
