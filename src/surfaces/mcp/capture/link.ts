import { Writable } from 'node:stream'
import type { Answer } from '../enforcement/enforcement.ts'
import { openUpstream, type ServerReach } from '../gateway/upstream.ts'
import { failure, type Id, request, result } from '../protocol/message.ts'
import { visible } from '../protocol/visible.ts'
import type { Link } from './capture.ts'

const name = 'server'

/** Reaches a server for asking it; what it asks itself is refused. A server that ends or writes something else ends the asking. */
export function openLink(reach: ServerReach): Link {
  const waiting = new Map<Id, { resolve(answer: Answer): void; reject(error: Error): void }>()
  let next = 1
  let problem: Error | undefined
  let lastError = ''
  const errors = new Writable({
    write: (line: Buffer, _, done) => {
      lastError = line.toString('utf8').slice(`${name}: `.length).trim()
      done()
    },
  })
  const { side, ended, stop } = openUpstream(name, reach, errors, () => {})
  const end = (message: string): void => {
    problem ??= new Error(message)
    for (const { reject } of waiting.values()) reject(problem)
    waiting.clear()
  }
  side.listen(({ incoming: { message, why } }) => {
    if (message === undefined) return end(`the server wrote something that is no message: ${visible(why)}`)
    switch (message.kind) {
      case 'request': {
        const refused = failure(message.id, { code: -32601, message: 'nobody is here to be asked' })
        side.send({ message: message.method === 'ping' ? result(message.id, {}) : refused }, [])
        return
      }
      case 'result':
      case 'error':
        waiting
          .get(message.id)
          ?.resolve(message.kind === 'result' ? { result: message.result } : { error: message.error })
        waiting.delete(message.id)
        return
      case 'invalid':
        return end(`the server wrote something that is no message: ${visible(message.why)}`)
      case 'notification':
    }
  })
  void ended.then(({ how }) => end(`the server ${how}${lastError === '' ? '' : `: ${visible(lastError)}`}`))
  return {
    ask: (method, params) => {
      if (problem !== undefined) return Promise.reject(problem)
      const id = next++
      const answer = new Promise<Answer>((resolve, reject) => waiting.set(id, { resolve, reject }))
      side.send({ message: request(id, method, params) }, [])
      return answer
    },
    notify: (message) => void side.send({ message }, []),
    close: async () => {
      await stop()
    },
  }
}
