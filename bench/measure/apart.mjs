// A contestant in a process of its own. It takes its turns with the others: the process waits until it is asked.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('./apart-process.mjs', import.meta.url))

// cedar-wasm can abort Node 20 after many calls, where V8 inlines calls from JavaScript into WebAssembly.
const flags = ['--no-turbo-inline-js-wasm-calls', '--max-old-space-size=8192']

/**
 * @param {string} table the id of the table, from which the process makes its own data
 * @param {string} contestant its name
 * @param {keyof typeof import('./effort.mjs').efforts} effort
 * @returns {Promise<import('./contestant.mjs').Runner>}
 */
export async function runnerApart(table, contestant, effort) {
  const child = fork(program, [table, contestant, effort], { execArgv: flags })
  const answer = async () => {
    const [message] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code, signal]) => {
        throw new Error(`its process ended (${signal ?? code})`)
      }),
    ])
    if (message.error !== undefined) throw new Error(message.error)
    return message.result
  }
  const ask = (step) => () => {
    child.send(step)
    return answer()
  }
  await answer().catch((error) => {
    child.kill()
    throw error
  })
  return {
    check: ask('check'),
    warm: ask('warm'),
    turn: ask('turn'),
    latency: ask('latency'),
    end: () => child.kill(),
  }
}
