import type { JsonObject } from '../../../base/json.ts'
import { isArray, isJsonObject, parseJson, stringifyJson } from '../../../base/json.ts'
import { own, ownObject, ownString } from '../protocol/message.ts'
import type { ExactCall } from '../stores/approvals.ts'
import type { AskedStores } from '../stores/stores.ts'
import { isConfirmed } from './confirmation.ts'

/** What has been approved and confirmed for a call, and is used up by it. It stays with what the call leads to. */
export interface Held {
  /** `Type:id` of those who have approved. */
  readonly approvals: readonly string[]
  readonly confirmed: boolean
}

export const nothingHeld: Held = { approvals: [], confirmed: false }

export function isHeld({ approvals, confirmed }: Held): boolean {
  return confirmed || approvals.length > 0
}

/** MCP 2026-07-28: the requests that may be answered with `InputRequiredResult`, and then come once more. */
export const mayComeAgain: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read'])

/** Where a request of ours is among `inputRequests`. */
const confirmationKey = 'licet/confirmation'
/** What tells a `requestState` of ours from one of the server; behind it is what the store has given. */
const prefix = 'licet:'
/** Characters of what a server has said and a client has answered, kept until the user has confirmed. */
const longestKept = 256 * 1024

/** A request that comes once more. */
interface Resumed {
  /** As the server is to get them: its own `requestState`, and the answers to what it has asked. */
  readonly params: JsonObject
  readonly held: Held
  /** The user was asked, and has not said yes. */
  readonly isDeclined: boolean
}

/** Answers a request by asking the user to confirm it; undefined when that cannot be kept in mind. */
export async function askInResult(
  stores: AskedStores,
  call: ExactCall,
  form: JsonObject,
  { params, held }: Pick<Resumed, 'params' | 'held'>,
): Promise<JsonObject | undefined> {
  const requestState = await keep(stores, call, {
    asks: true,
    held: heldJson(held),
    ...(own(params, 'requestState') === undefined ? {} : { state: own(params, 'requestState') ?? null }),
    ...(own(params, 'inputResponses') === undefined ? {} : { responses: own(params, 'inputResponses') ?? null }),
  })
  if (requestState === undefined) return undefined
  const inputRequests = { [confirmationKey]: { method: 'elicitation/create', params: form } }
  return { resultType: 'input_required', inputRequests, requestState }
}

/**
 * The result of a server that asks for more, to a call that took an approval: with a `requestState` of ours in place of its own, so that the
 * call, when it comes again, needs no other approval. The same object for any other result, undefined when it cannot be kept in mind.
 */
export async function withState(
  stores: AskedStores,
  call: ExactCall,
  held: Held,
  result: JsonObject,
): Promise<JsonObject | undefined> {
  const state = own(result, 'requestState')
  const asks = own(result, 'resultType') === 'input_required' || Object.hasOwn(result, 'inputRequests')
  if (!asks && state === undefined) return result
  const requestState = await keep(stores, call, { held: heldJson(held), ...(state === undefined ? {} : { state }) })
  return requestState === undefined ? undefined : { ...result, requestState }
}

/**
 * Takes up what was kept for a call that comes again: `carriesConsent` is about the client that it comes from now. A state that is not ours, was used before, or is of another call is left to the
 * server; nothing is held for it.
 */
export async function resume(
  stores: AskedStores,
  callOf: () => ExactCall | undefined,
  params: JsonObject,
  carriesConsent: () => boolean,
): Promise<Resumed> {
  const nothing: Resumed = { params, held: nothingHeld, isDeclined: false }
  const state = ownString(params, 'requestState')
  const call = state?.startsWith(prefix) === true ? callOf() : undefined
  if (call === undefined || state === undefined) return nothing
  const text = await stores.take(call, state.slice(prefix.length))
  const { value } = parseJson(text ?? '', { bigints: true })
  if (!isJsonObject(value)) return nothing

  const { requestState: _, inputResponses: __, ...others } = params
  const given = ownObject(params, 'inputResponses') ?? {}
  const { [confirmationKey]: answer, ...ofServer } = given
  const responses = { ...ownObject(value, 'responses'), ...ofServer }
  const asked = own(value, 'asks') === true
  const isYes = asked && isJsonObject(answer) && isConfirmed(answer) && carriesConsent()
  const held = heldOf(ownObject(value, 'held') ?? {})
  return {
    params: {
      ...others,
      ...(Object.keys(responses).length === 0 ? {} : { inputResponses: responses }),
      ...(own(value, 'state') === undefined ? {} : { requestState: own(value, 'state') ?? null }),
    },
    held: { ...held, confirmed: held.confirmed || isYes },
    isDeclined: asked && !isYes,
  }
}

async function keep(stores: AskedStores, call: ExactCall, kept: JsonObject): Promise<string | undefined> {
  const text = stringifyJson(kept)
  const handle = text.length > longestKept ? undefined : await stores.hold(call, text)
  return handle === undefined ? undefined : prefix + handle
}

function heldJson({ approvals, confirmed }: Held): JsonObject {
  return { approvals, confirmed }
}

function heldOf(value: JsonObject): Held {
  const approvals = own(value, 'approvals')
  const names = isArray(approvals) ? approvals.filter((name) => typeof name === 'string') : []
  return { approvals: names, confirmed: own(value, 'confirmed') === true }
}
