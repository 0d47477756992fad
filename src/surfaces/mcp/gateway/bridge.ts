import type { Readable, Writable } from 'node:stream'
import type { JsonObject } from '../../../base/json.ts'
import type { ItemList } from '../../../lock/format.ts'
import type { Enforcement, Verdict } from '../enforcement/enforcement.ts'
import { internalError, invalidRequest, parseError } from '../protocol/denial.ts'
import { type Line, lineReader } from '../protocol/framing.ts'
import type { Message } from '../protocol/message.ts'
import { failure } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import { largestMessage, readLine, writeLine } from '../protocol/wire.ts'
import type { Ask } from './inspection.ts'
import { statelessVersionOf } from './inspection.ts'
import { createInspector } from './inspector.ts'
import { createWaitingRoom } from './waiting-room.ts'

interface Side {
  readonly input: Readable
  readonly output: Writable
}

/** Two raw stdio transports with the enforcement between them. */
export interface Bridge {
  /** The policy is another one: what the server offers is compared again, and the client told. */
  policyChanged(): void
  /** Answers whatever the client still waits for. */
  serverGone(): void
  /** Resolves when all that the client has written is judged: no request waits for it to be known what the server offers. */
  drained(): Promise<void>
}

export interface BridgeOptions {
  /** `input` is what the client writes. */
  readonly client: Side
  /** `input` is what the server writes. */
  readonly server: Side
  readonly enforcement: Enforcement
  readonly report: (problem: string) => void
  /** Milliseconds that requests wait at most for the server to tell what it offers. */
  readonly patience?: number
}

export function bridge({ client, server, enforcement, report, patience }: BridgeOptions): Bridge {
  const fromClient = valve(client.input)
  const fromServer = valve(server.input)
  const toClient = sender(client.output, [fromServer, fromClient])
  // A server is heard on while it does not read, or the two would wait for each other; but not without end.
  const toServer = sender(server.output, [fromClient], fromServer)
  const clientJudged = counter(fromClient)
  const serverJudged = counter(fromServer)
  const waiting = createWaitingRoom()
  let onDrained: (() => void)[] = []
  const isDrained = (): boolean => waiting.isEmpty && clientJudged.count === 0
  const tellDrained = (): void => {
    if (!isDrained()) return
    for (const resolve of onDrained) resolve()
    onDrained = []
  }

  const ask: Ask = (method, params) => {
    const { message, answer } = enforcement.ask(method, params)
    toServer(writeLine(message))
    return answer
  }
  const inspector = createInspector({
    ask,
    definitions: enforcement.definitions,
    report,
    ...(patience === undefined ? {} : { patience }),
    onSettled: () => {
      for (const message of waiting.leave()) judgeClient(message)
      tellDrained()
    },
  })

  const clientLine = (line: Line): void => {
    const incoming = readLine(line)
    if (incoming.message === undefined) {
      const error = { code: parseError, message: `the message cannot be read: ${incoming.why}` }
      toClient(writeLine(failure(incoming.id, error)))
      return
    }
    const { message, text } = incoming
    if (waiting.cancel(message)) return
    if (message.kind === 'request') {
      if (message.method === 'initialize') inspector.expect()
      const version = statelessVersionOf(message.params)
      if (version !== undefined) inspector.beginStateless(version)
    }
    if (!waiting.mustWait(message, inspector.isBusy)) judgeClient(message)
    else if (!waiting.enter(message, text.length) && message.kind === 'request') {
      toClient(writeLine(failure(message.id, { code: invalidRequest, message: 'too many requests wait' })))
    }
  }
  const judgeClient = (message: Message): void => {
    clientJudged.begin()
    void enforcement.fromClient(message).then((verdict) => {
      act(verdict, toServer, toClient)
      if (message.kind === 'notification' && message.method === 'notifications/initialized') inspector.begin()
      clientJudged.end()
      tellDrained()
    })
  }
  const serverLine = (line: Line): void => {
    const incoming = readLine(line)
    if (incoming.message === undefined) {
      const { id, why } = incoming
      report(`dropped what the server wrote: ${why}`)
      // Whoever waits for this answer should not wait for ever.
      judgeServer({ kind: 'invalid', id, why, isAnswer: true })
      return
    }
    judgeServer(incoming.message, incoming.text)
  }
  const judgeServer = (message: Message, text?: string): void => {
    serverJudged.begin()
    void enforcement.fromServer(message).then((verdict) => {
      // That a line could not be read has been reported.
      if (text !== undefined || verdict.kind === 'forward') act(verdict, toClient, toServer, text)
      if (message.kind === 'notification' && verdict.kind === 'forward') {
        const lists = changedLists.get(message.method)
        if (lists !== undefined) inspector.changed(lists)
      }
      serverJudged.end()
    })
  }
  const act = (
    verdict: Verdict,
    onwards: (line: string) => void,
    back: (line: string) => void,
    text?: string,
  ): void => {
    if (verdict.kind === 'forward') onwards(writeLine(verdict.message, text, verdict.verbatim))
    else if (verdict.kind === 'answer') back(writeLine(verdict.message))
    else if (verdict.kind === 'hold') {
      back(writeLine(verdict.message))
      void verdict.later.then((then) => act(then, onwards, back))
    } else if (verdict.why !== undefined) report(`dropped ${visible(verdict.why)}`)
  }

  client.input.on('data', lineReader(largestMessage, clientLine))
  server.input.on('data', lineReader(largestMessage, serverLine))
  const tell = (messages: readonly JsonObject[]): void => {
    for (const message of messages) toClient(writeLine(message))
  }
  return {
    policyChanged: () => {
      inspector.changed()
      tell(enforcement.listsChanged())
    },
    serverGone: () => {
      const left = waiting.leave()
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

/** A source that is read only while nobody holds it. */
interface Valve {
  hold(): void
  release(): void
}

function valve(source: Readable): Valve {
  let holders = 0
  return {
    hold: () => {
      holders++
      source.pause()
    },
    release: () => {
      holders--
      if (holders === 0) source.resume()
    },
  }
}

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

const mostUnread = 4 * largestMessage

/**
 * Writes lines; while the receiver does not keep up, nothing more is read from those whose messages go there. `itself` is what the
 * receiver writes: it is held only when the answers to that have grown past `mostUnread`.
 */
function sender(output: Writable, sources: readonly Valve[], itself?: Valve): (line: string) => void {
  const held = new Set<Valve>()
  const hold = (source: Valve): void => {
    if (held.has(source)) return
    held.add(source)
    source.hold()
  }
  output.on('drain', () => {
    for (const source of held) source.release()
    held.clear()
  })
  return (line) => {
    if (!output.writable || output.write(line)) return
    for (const source of sources) hold(source)
    if (itself !== undefined && output.writableLength > mostUnread) hold(itself)
  }
}
