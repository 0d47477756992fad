import type { Answer } from '../enforcement/enforcement.ts'
import { type ServerCommand, startServer } from '../gateway/child.ts'
import { lineReader } from '../protocol/framing.ts'
import { failure, type Id, request } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import { largestMessage, readLine, writeLine } from '../protocol/wire.ts'
import type { Link } from './capture.ts'

const keptErrors = 2000

/** Starts a server for asking it; what it asks itself is refused. A server that ends or writes something else ends the asking. */
export function stdioLink(command: ServerCommand): Link {
  const child = startServer(command)
  const waiting = new Map<Id, { resolve(answer: Answer): void; reject(error: Error): void }>()
  let next = 1
  let problem: Error | undefined
  let errors = ''
  const end = (message: string): void => {
    problem ??= new Error(message)
    for (const { reject } of waiting.values()) reject(problem)
    waiting.clear()
  }
  child.process.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-keptErrors)
  })
  child.process.stdout.on(
    'data',
    lineReader(largestMessage, (line) => {
      const { message, why } = readLine(line)
      if (message === undefined) return end(`the server wrote something that is no message: ${visible(why)}`)
      if (message.kind === 'request') {
        const method = message.method === 'ping' ? { result: {} } : undefined
        const refused = failure(message.id, { code: -32601, message: 'nobody is here to be asked' })
        child.process.stdin.write(writeLine(method ? { jsonrpc: '2.0', id: message.id, ...method } : refused))
      } else if (message.kind === 'result') waiting.get(message.id)?.resolve({ result: message.result })
      else if (message.kind === 'error') waiting.get(message.id)?.resolve({ error: message.error })
      else if (message.kind === 'invalid') end(`the server wrote something that is no message: ${visible(message.why)}`)
      if (message.kind === 'result' || message.kind === 'error') waiting.delete(message.id)
    }),
  )
  void child.ended.then(({ how }) => {
    const last = errors.trim().split('\n').at(-1) ?? ''
    end(`the server ${how}${last === '' ? '' : `: ${visible(last)}`}`)
  })
  return {
    ask: (method, params) => {
      if (problem !== undefined) return Promise.reject(problem)
      const id = next++
      const answer = new Promise<Answer>((resolve, reject) => waiting.set(id, { resolve, reject }))
      child.process.stdin.write(writeLine(request(id, method, params)))
      return answer
    },
    notify: (message) => {
      child.process.stdin.write(writeLine(message))
    },
    close: async () => {
      await child.stop()
    },
  }
}
