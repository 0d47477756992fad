import type { JsonObject } from '../../../base/json.ts'
import { internalError } from '../protocol/denial.ts'
import type { Id, Message, RpcError } from '../protocol/message.ts'
import { failure, notification, request } from '../protocol/message.ts'
import { createConfirmations } from './confirmations.ts'
import type { Connection } from './connection.ts'
import type { Answer, Enforced, Enforcement, Verdict } from './enforcement.ts'
import { exchangeOf } from './exchange-of.ts'
import { createExchanges } from './exchanges.ts'
import { createFlood } from './flood.ts'
import { clientMessages } from './from-client.ts'
import { serverMessages, subscriptionId } from './from-server.ts'
import { inOrder } from './in-order.ts'
import type { Judge, Session } from './judge.ts'
import { type Principal, principalKey, sessionKey } from './principal.ts'
import { tasksFor } from './tasks.ts'

/** Who judges for a principal, under the policy in force. */
export type JudgeOf = (principal: Principal, session: Session) => Judge

interface Connecting {
  readonly shared: Pick<
    Connection,
    'server' | 'denialCode' | 'definitions' | 'cursors' | 'stores' | 'session' | 'tasks' | 'elicitations'
  >
  readonly principal: Principal
  readonly judgeOf: () => JudgeOf
  readonly replace: (policy: Enforced) => void
  readonly carriesConsent: (principal: Principal) => boolean
  readonly report: (problem: string) => void
}

/** One client's connection: its messages, and those of the server to it, each side's one after another. */
export function connect({ shared, principal, judgeOf, replace, carriesConsent, report }: Connecting): Enforcement {
  const { definitions, session } = shared
  const key = principalKey(principal)
  let speaker = principal
  let inForce = judgeOf()
  let judges = new WeakMap<Principal, Judge>()
  const judgeFor = (principal: Principal): Judge => {
    if (inForce !== judgeOf()) judges = new WeakMap()
    inForce = judgeOf()
    const judge = judges.get(principal) ?? inForce(principal, session)
    judges.set(principal, judge)
    return judge
  }
  const numbers = { next: 1 }
  const toClientNumbers = { next: 1 }
  const asked = new Map<Id, (answer: Answer) => void>()
  const connection: Connection = {
    ...shared,
    tasks: tasksFor(shared.tasks, key),
    get judge() {
      return judgeFor(speaker)
    },
    judgeFor,
    toServer: createExchanges(numbers),
    toClient: createExchanges(toClientNumbers),
    isNobody: sessionKey(principal) === undefined,
    subscribed: new Set(),
    confirmations: createConfirmations(toClientNumbers),
    carriesConsent: () => carriesConsent(speaker),
    flood: createFlood(),
  }
  const ofClient = clientMessages(connection)
  const ofServer = serverMessages(connection)
  const clientQueue = inOrder(report)
  const serverQueue = inOrder(report)
  return {
    definitions,
    fromClient: (message, principal = speaker) =>
      clientQueue(message, async () => {
        if (principal !== speaker && principalKey(principal) !== key) {
          return strange(message, judgeFor(principal))
        }
        speaker = principal
        return await ofClient(message)
      }),
    fromServer: (message, within) =>
      serverQueue(message, async () => {
        const answered = answerIn(message)
        const resolve = answered && asked.get(answered.id)
        if (answered === undefined || resolve === undefined) {
          const belongsTo = exchangeOf(connection.toServer, message, within)
          const verdict = await ofServer(message, judgeFor(belongsTo?.judge.principal ?? speaker))
          return verdict.kind === 'forward' && belongsTo !== undefined ? { ...verdict, within: belongsTo.id } : verdict
        }
        asked.delete(answered.id)
        resolve(answered.answer)
        return { kind: 'drop' }
      }),
    hiddenTool: async ({ id, method }, name, principal = speaker) => {
      const judge = judgeFor(principal)
      if (await judge.hear().isListed({ kind: 'tool', server: shared.server, name })) return undefined
      return failure(id, judge.refuse(method, `call ${name}`, 'header-mismatch'))
    },
    replace,
    ask: (method, params) => {
      const number = numbers.next++
      const answer = new Promise<Answer>((resolve) => asked.set(number, resolve))
      return { message: request(number, method, params), answer }
    },
    listsChanged: () => listsChanged(connection),
    serverGone: () => {
      const gone: RpcError = { code: internalError, message: 'the server has stopped' }
      for (const resolve of asked.values()) resolve({ error: gone })
      asked.clear()
      connection.confirmations.closeAll(gone)
      return connection.toServer.closeAll().map(({ id }) => failure(id, gone))
    },
  }
}

/** A connection is one principal's: whoever else gets hold of it is let do nothing. */
function strange(message: Message, judge: Judge): Verdict {
  if (message.kind !== 'request') return { kind: 'drop', why: 'a message of another principal' }
  return {
    kind: 'answer',
    message: failure(message.id, judge.refuse(message.method, message.method, 'other-principal')),
  }
}

/** What a message of the server answers, and to which request; one that cannot be read is an answer too. */
function answerIn(message: Message): { readonly id: Id; readonly answer: Answer } | undefined {
  switch (message.kind) {
    case 'result':
      return { id: message.id, answer: { result: message.result } }
    case 'error':
      return { id: message.id, answer: { error: message.error } }
    case 'invalid': {
      const { id, why, isAnswer } = message
      if (id === undefined || !isAnswer) return undefined
      return { id, answer: { error: { code: internalError, message: `the answer cannot be read: ${why}` } } }
    }
    default:
      return undefined
  }
}

function listsChanged({ definitions, toServer }: Connection): readonly JsonObject[] {
  const listening = [...toServer.all()].filter(({ hears }) => hears !== undefined)
  const lists = [
    ['tools', 'toolsListChanged'],
    ['prompts', 'promptsListChanged'],
    ['resources', 'resourcesListChanged'],
  ] as const
  return lists.flatMap(([list, flag]) => {
    const method = `notifications/${list}/list_changed`
    if (definitions.capabilities === undefined || !Object.hasOwn(definitions.capabilities, list)) return []
    if (!definitions.isStateless) return [notification(method)]
    const told = listening.filter(({ hears }) => hears?.includes(flag))
    return told.map(({ id }) => notification(method, { _meta: { [subscriptionId]: id } }))
  })
}
