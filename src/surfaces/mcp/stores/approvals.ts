/** One call, exactly: who makes it, for whom, to which server, with what, under which policy. An approval is for it and for no other. */
export interface ExactCall {
  /** SHA-256 of the RFC 8785 form of all that follows. */
  readonly digest: string
  /** `Type:id`. */
  readonly actor: string
  /** Outermost first. */
  readonly agents: readonly string[]
  /** Of the token, where there is one. */
  readonly iss?: string
  readonly sub?: string
  readonly tenant?: string
  readonly server: string
  /** How the server is reached: its URL, or its command and arguments. */
  readonly reached: string
  readonly method: string
  /** The name of the tool or prompt, or the URI. */
  readonly name: string
  /** JSON text, in the RFC 8785 form; absent where the method takes none. */
  readonly arguments?: string
  /** SHA-256 of what the lock says of the server; absent where there is no lock. */
  readonly lock?: string
  /** SHA-256 over the texts of the policy. */
  readonly policy: string
}

/** A call that waits for approval. */
export interface ApprovalRequest {
  /** 128 random bits: the nonce of the approval, and what the caller is told. */
  readonly id: string
  readonly call: ExactCall
  /** What it takes, in the policy's words, such as `approvedBy(repo.owner)`. */
  readonly needs: readonly string[]
  /** Milliseconds since the epoch. */
  readonly asked: number
  /** Neither the request nor what was granted for it is good any longer. */
  readonly expires: number
  /** `Type:id`. */
  readonly grantedBy: readonly string[]
  readonly deniedBy?: string
}

/**
 * What the guard asks of a store of approvals. Each is one call that does all of it or nothing, whatever else happens at the same time,
 * in other processes too. What has expired is not there.
 */
export interface ApprovalStore {
  /**
   * Asks for approval of a call, once: while a request for the same call is there, granted or denied, it is that one.
   *
   * @returns its id; undefined when there is no room for another
   */
  request(call: ExactCall, needs: readonly string[]): Answer<string | undefined>
  /** The request for the call with this digest, and who has granted it; undefined where there is none, or it was denied. */
  granted(digest: string): Answer<Granted | undefined>
  /** Compare and set: true for the one caller that uses the request up. False for a request that is used, denied, or not there. */
  consume(id: string): Answer<boolean>
  /**
   * Keeps a text for a call, for ten minutes at most, until it is taken.
   *
   * @returns 256 random bits; undefined when there is no room
   */
  hold(call: ExactCall, text: string): Answer<string | undefined>
  /** Gives what was kept for this very call, once; undefined ever after. */
  take(digest: string, handle: string): Answer<string | undefined>
}

export interface Granted {
  readonly id: string
  readonly by: readonly string[]
}

/** What those ask who approve. */
export interface ApprovalDesk {
  /** The requests that wait, were granted or denied, and are not used; the oldest first. */
  list(): Answer<readonly ApprovalRequest[]>
  find(id: string): Answer<ApprovalRequest | undefined>
  /** @param by `Type:id`. Who it is has to have been made sure of. */
  grant(id: string, by: string): Answer<Ruled>
  /** Denies what has not been used: the same call is not asked for again before this request expires. */
  deny(id: string, by: string): Answer<Ruled>
}

/** `gone`: expired, used, or never there. `own`: the actor, or an agent, cannot approve its own call. */
export type Ruled = 'done' | 'gone' | 'denied' | 'own'

type Answer<T> = T | Promise<T>

/** Whether somebody may grant a call: the actor only confirms what asks for that, an agent never. */
export function mayGrant({ call, needs }: ApprovalRequest, by: string): boolean {
  if (call.agents.includes(by)) return false
  return by !== call.actor || needs.includes('confirmed()')
}

/** Whose calls are counted together: nobody is to take the place of all others. */
export function askerOf({ actor, iss, tenant }: ExactCall): string {
  return JSON.stringify([actor, iss ?? null, tenant ?? null])
}

/** The bounds of every store of ours. Calls are kept with their arguments, so that it can be shown what is approved. */
export const bounds = {
  /** Milliseconds, as is the next. */
  timeToLive: 60 * 60 * 1000,
  holdTime: 10 * 60 * 1000,
  requests: 1000,
  requestsOfOne: 50,
  holds: 1000,
  holdsOfOne: 50,
  /** Characters, of all requests and of all that is held. */
  characters: 32 * 1024 * 1024,
  grants: 100,
} as const
