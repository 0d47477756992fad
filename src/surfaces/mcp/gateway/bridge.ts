import type { JsonObject } from '../../../base/json.ts'
import type { ItemList } from '../../../lock/format.ts'
import type { Enforcement, Verdict } from '../enforcement/enforcement.ts'
import { headersDiffer } from '../http/mirrored-headers.ts'
import { internalError, invalidRequest, parseError } from '../protocol/denial.ts'
import { failure, type Id, isId, own, ownString } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import type { Ask } from './inspection.ts'
import { statelessVersionOf } from './inspection.ts'
import { createInspector } from './inspector.ts'
import type { Arrival, Outgoing, Side, Valve } from './side.ts'
import { createWaitingRoom, type Read } from './waiting-room.ts'

/** Two sides with the enforcement between them. */
export interface Bridge {
  /** The policy is another one: what the server offers is compared again, and the client told. */
  policyChanged(): void
  /** Answers whatever the client still waits for. */
  serverGone(): void
  /** Resolves when all that the client has written is judged: no request waits for it to be known what the server offers. */
  drained(): Promise<void>
}

export interface BridgeOptions {
  readonly client: Side
  readonly server: Side
  readonly enforcement: Enforcement
  readonly report: (problem: string) => void
  /** Milliseconds that requests wait at most for the server to tell what it offers. */
  readonly patience?: number
}

type Answerable = Verdict | (Extract<Verdict, { kind: 'answer' }> & Pick<Outgoing, 'isMismatch'>)

/** What is known of a message that has been judged. */
interface Judged {
  /** The text that it came in. */
  readonly text?: string | undefined
  /** The client's id of it, where it is a request. */
  readonly request?: Id | undefined
}

export function bridge({ client, server, enforcement, report, patience }: BridgeOptions): Bridge {
  const clientJudged = counter(client.valve)
  const serverJudged = counter(server.valve)
  const waiting = createWaitingRoom()
  let onDrained: (() => void)[] = []
  const isDrained = (): boolean => waiting.isEmpty && clientJudged.count === 0
  const tellDrained = (): void => {
    if (!isDrained()) return
    for (const resolve of onDrained) resolve()
    onDrained = []
  }
  const tell = (messages: readonly JsonObject[]): void => {
    for (const message of messages) client.send({ message }, [client.valve])
  }

  const ask: Ask = (method, params) => {
    const { message, answer } = enforcement.ask(method, params)
    server.send({ message }, [])
    return answer
  }
  const inspector = createInspector({
    ask,
    definitions: enforcement.definitions,
    report,
    ...(patience === undefined ? {} : { patience }),
    onSettled: () => {
      for (const read of waiting.leave()) judgeClient(read)
      tellDrained()
    },
  })

  /** One message that cannot be passed on is no reason to end the others. */
  const broken = (thrown: unknown): void => {
    report(`a message could not be passed on: ${visible(thrown instanceof Error ? thrown.message : '')}`)
  }
  const fromClient = ({ incoming, ...about }: Arrival): void => {
    if (incoming.message === undefined) {
      tell([failure(incoming.id, { code: parseError, message: `the message cannot be read: ${incoming.why}` })])
      return
    }
    const { message } = incoming
    if (waiting.cancel(message)) return
    if (message.kind === 'request') {
      if (message.method === 'initialize') inspector.expect()
      const version = statelessVersionOf(message.params)
      if (version !== undefined) inspector.beginStateless(version)
    }
    const read = { ...incoming, ...about }
    if (!waiting.mustWait(message, inspector.isBusy)) judgeClient(read)
    else if (!waiting.enter(read) && message.kind === 'request') {
      tell([failure(message.id, { code: invalidRequest, message: 'too many requests wait' })])
    }
  }
  const verdictOn = async ({ message, principal, mismatch }: Omit<Read, 'text'>): Promise<Answerable> => {
    if (mismatch === undefined || message.kind !== 'request') return await enforcement.fromClient(message, principal)
    const hidden = await enforcement
      .hiddenTool(message, ownString(message.params, 'name') ?? '', principal)
      .catch(() => failure(message.id, { code: internalError, message: 'internal error' }))
    if (hidden !== undefined) return { kind: 'answer', message: hidden }
    return { kind: 'answer', message: failure(message.id, headersDiffer(mismatch)), isMismatch: true }
  }
  const judgeClient = (read: Omit<Read, 'text'>): void => {
    const { message, source } = read
    clientJudged.begin()
    void verdictOn(read)
      .then((verdict) => {
        act(verdict, source, server, client, { request: message.kind === 'request' ? message.id : undefined })
        if (message.kind === 'notification' && message.method === 'notifications/initialized') inspector.begin()
      })
      .catch(broken)
      .then(() => {
        clientJudged.end()
        tellDrained()
      })
  }
  const fromServer = ({ incoming, ...about }: Arrival): void => {
    if (incoming.message !== undefined) {
      judgeServer({ ...incoming, ...about })
      return
    }
    const { id, why } = incoming
    report(`dropped what the server wrote: ${why}`)
    // Whoever waits for this answer should not wait for ever.
    judgeServer({ message: { kind: 'invalid', id, why, isAnswer: true }, ...about })
  }
  const judgeServer = ({ message, text, source, within }: Omit<Read, 'text'> & { readonly text?: string }): void => {
    serverJudged.begin()
    void enforcement
      .fromServer(message, within)
      .then((verdict) => {
        // That a line could not be read has been reported.
        if (text !== undefined || verdict.kind === 'forward') act(verdict, source, client, server, { text })
        if (message.kind === 'notification' && verdict.kind === 'forward') {
          const lists = changedLists.get(message.method)
          if (lists !== undefined) inspector.changed(lists)
        }
      })
      .catch(broken)
      .then(serverJudged.end)
  }
  const act = (verdict: Answerable, source: Valve, onwards: Side, back: Side, about: Judged): void => {
    const { text, request } = about
    // Who is answered is not held for it here: a side that does not read what it is sent stops being read by itself.
    const reply = (outgoing: Outgoing): boolean => back.send(outgoing, [onwards.valve])
    switch (verdict.kind) {
      case 'drop':
        if (verdict.why !== undefined) report(`dropped ${visible(verdict.why)}`)
        return
      case 'answer': {
        const { kind: _, ...outgoing } = verdict
        reply(outgoing)
        return
      }
      case 'hold': {
        const { message, later } = verdict
        if (!reply(request === undefined ? { message } : { message, within: request })) notSent(message)
        void later.then((then) => act(then, source, onwards, back, about)).catch(broken)
        return
      }
      case 'forward': {
        const { kind: _, ...what } = verdict
        if (!onwards.send(text === undefined ? what : { ...what, text }, [source])) notSent(what.message)
        if (request !== undefined) back.passed?.(request)
      }
    }
  }
  /** A request of the server for which there is no way to the client is answered, as the client would. */
  const notSent = (message: JsonObject): void => {
    const id = own(message, 'id')
    if (!isId(id) || !Object.hasOwn(message, 'method')) return
    const error = { code: internalError, message: 'the client cannot be asked' }
    judgeClient({ message: { kind: 'error', id, error }, source: client.valve })
  }

  client.listen(fromClient)
  server.listen(fromServer)
  return {
    policyChanged: () => {
      inspector.changed()
      tell(enforcement.listsChanged())
    },
    serverGone: () => {
      const left = waiting.leave().map(({ message }) => message)
      tell(enforcement.serverGone())
      for (const message of left) if (message.kind === 'request') tell([failure(message.id, serverHasStopped)])
    },
    drained: () => (isDrained() ? Promise.resolve() : new Promise((resolve) => onDrained.push(resolve))),
  }
}

const serverHasStopped = { code: internalError, message: 'the server has stopped' }

const changedLists: ReadonlyMap<string, readonly ItemList[]> = new Map<string, readonly ItemList[]>([
  ['notifications/tools/list_changed', ['tools']],
  ['notifications/prompts/list_changed', ['prompts']],
  ['notifications/resources/list_changed', ['resources', 'resourceTemplates']],
])

const mostJudged = 64

/** How many messages of a source are being judged; past a number of them no more are read. */
function counter(source: Valve): { readonly count: number; begin(): void; end(): void } {
  let count = 0
  return {
    get count() {
      return count
    },
    begin: () => {
      if (++count === mostJudged) source.hold()
    },
    end: () => {
      if (count-- === mostJudged) source.release()
    },
  }
}
