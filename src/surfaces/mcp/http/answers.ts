import type { JsonObject } from '../../../base/json.ts'
import { stringifyJson } from '../../../base/json.ts'
import type { Id } from '../protocol/message.ts'
import { failure } from '../protocol/message.ts'
import { type ChallengeOptions, challengeHeader, challengeStatus, type Refusal } from './challenge.ts'

/** A response of the guard's own, which nobody may keep. */
export function answer(status: number, message: JsonObject, headers: Record<string, string> = {}): Response {
  return new Response(stringifyJson(message), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  })
}

export function refusal(status: number, code: number, message: string, id?: Id): Response {
  return answer(status, failure(id, { code, message }))
}

/** With what the caller has to authenticate with. */
export function challenged(refused: Refusal, message: JsonObject, options: ChallengeOptions): Response {
  return answer(challengeStatus(refused), message, { 'www-authenticate': challengeHeader(refused, options) })
}
