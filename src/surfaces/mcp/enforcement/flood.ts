import { limited } from '../protocol/denial.ts'
import type { RpcError } from '../protocol/message.ts'
import type { Connection } from './connection.ts'
import type { Judge } from './judge.ts'

/** How much a server asks of its client: each request leaves a record, and nobody should have to store what a server makes up. */
export interface Flood {
  /**
   * @param now milliseconds of a clock that never goes back
   * @returns undefined while there is room; else how many were refused since the minute began, and how long it still lasts
   */
  count(now: number): { readonly refused: number; readonly left: number } | undefined
}

const mostAsked = 600
const minute = 60_000

export function createFlood(): Flood {
  let began = Number.NEGATIVE_INFINITY
  let asked = 0
  return {
    count: (now) => {
      if (now - began >= minute) {
        began = now
        asked = 0
      }
      asked++
      return asked <= mostAsked ? undefined : { refused: asked - mostAsked, left: began + minute - now }
    },
  }
}

/**
 * What to answer a server that asks too much; undefined for one that does not. Refused requests share records: one is written for the
 * first, the second, the fourth and so on, with their number.
 */
export function flooding(
  { flood, server, denialCode }: Connection,
  judge: Judge,
  method: string,
): RpcError | undefined {
  const found = flood.count(performance.now())
  if (found === undefined) return undefined
  const { refused, left } = found
  const isRecorded = Number.isInteger(Math.log2(refused))
  if (isRecorded) judge.refuse(method, server, 'flooding', refused)
  return limited(denialCode, method, left)
}
