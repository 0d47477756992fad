import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * What a program of this folder sends back from a fresh process.
 *
 * @param {string} program relative to bench/
 * @param {readonly string[]} args
 * @param {{ execArgv?: string[], env?: Record<string, string> }} [options] flags of node, and what the environment has besides
 */
export async function fresh(program, args, { execArgv = [], env = {} } = {}) {
  const child = fork(fileURLToPath(new URL(`../${program}`, import.meta.url)), args, {
    execArgv,
    env: { ...process.env, ...env },
  })
  const [[message]] = await Promise.all([
    Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code, signal]) => {
        throw new Error(`${program} ${args.join(' ')} ended without a result (${signal ?? code})`)
      }),
    ]),
    once(child, 'exit'),
  ])
  return message
}
