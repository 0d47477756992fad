import { credentialsExpired } from '../protocol/denial.ts'
import type { RpcError } from '../protocol/message.ts'
import { ownObject, ownString, result } from '../protocol/message.ts'
import type { Handling } from '../protocol/methods.ts'
import { hasForms } from './confirmation.ts'
import type { Connection } from './connection.ts'
import { remember } from './connection.ts'
import { askInResult, type Held, isHeld, mayComeAgain, nothingHeld, resume } from './continuation.ts'
import type { Verdict } from './enforcement.ts'
import type { Judge, Terms } from './judge.ts'
import { expiryOf } from './principal.ts'
import type { ItemRequest } from './questions.ts'
import { answer, type Request, refused, relay } from './relay.ts'

const clientCapabilities = 'io.modelcontextprotocol/clientCapabilities'
const protocolVersion = 'io.modelcontextprotocol/protocolVersion'

/** A request for one item, which may be a call that comes once more. */
export async function itemRequested(
  connection: Connection,
  message: Request,
  handling: Handling,
  judge: Judge,
  { question, params }: ItemRequest,
): Promise<Verdict> {
  const { id, method } = message
  if (!mayComeAgain.has(method)) return await itemHeld(connection, message, handling, judge, { question, params })
  const callOf = () => judge.callOf(method, question)
  const { isDeclined, ...resumed } = await resume(connection.stores, callOf, params, connection.carriesConsent)
  if (isDeclined) return answer(id, judge.decline(method, question))
  return await itemHeld(connection, message, handling, judge, { question, ...resumed })
}

/** The same with what is held for it; the user may have to confirm it first. */
async function itemHeld(
  connection: Connection,
  message: Request,
  handling: Handling,
  judge: Judge,
  { question, params, held = nothingHeld }: ItemRequest & { readonly held?: Held },
): Promise<Verdict> {
  const { subscribed, stores, confirmations } = connection
  const { id, method } = message
  const how = askingOf(connection, message)
  const terms: Terms = { effects: true, held, ...approvable(question.action, how !== undefined) }
  const ruling = await judge.hear().rule(method, question, terms)
  if (ruling.allowed) {
    const uri = method === 'resources/subscribe' ? ownString(params, 'uri') : undefined
    if (uri !== undefined) remember(subscribed, uri)
    const kept = isHeld(ruling.held) ? { held: ruling.held } : {}
    return relay(connection, message, {
      handling,
      judge,
      params,
      question,
      ...(uri === undefined ? {} : { uri }),
      ...kept,
    })
  }
  if (ruling.ask === undefined || how === undefined) return refused(id, ruling)
  const { form, call } = ruling.ask
  if (how === 'in-result') {
    const value = await askInResult(stores, call, form, { params, held })
    return value === undefined ? refused(id, ruling) : { kind: 'answer', message: result(id, value) }
  }
  const again = async (): Promise<Verdict> => {
    if (expiryOf(judge.principal) <= Date.now()) return answer(id, credentialsExpired)
    const now = connection.judgeFor(judge.principal)
    // What the user has confirmed is this call under that policy: under another one the question is put again.
    const confirmed = held.confirmed || now.callOf(method, question)?.digest === call.digest
    return await itemHeld(connection, message, handling, now, { question, params, held: { ...held, confirmed } })
  }
  const declined = (): RpcError => connection.judgeFor(judge.principal).decline(method, question)
  return (
    confirmations.ask(id, { form, counts: connection.carriesConsent, judge: again, denied: declined }) ??
    refused(id, ruling)
  )
}

/** What is approved is one request, of which everything that matters is in the question: no subscription, and no completion. */
function approvable(action: string, canAsk: boolean): Pick<Terms, 'approval'> {
  return ['call', 'get', 'read'].includes(action) ? { approval: canAsk ? 'client' : 'store' } : {}
}

/** How the client of a request can be made to ask its user. */
function askingOf(connection: Connection, { method, params }: Request): 'by-request' | 'in-result' | undefined {
  if (!connection.carriesConsent()) return undefined
  const meta = ownObject(params, '_meta') ?? {}
  if (ownString(meta, protocolVersion) === undefined) {
    return hasForms(connection.capabilities) ? 'by-request' : undefined
  }
  return mayComeAgain.has(method) && hasForms(ownObject(meta, clientCapabilities)) ? 'in-result' : undefined
}
