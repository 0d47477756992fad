#!/usr/bin/env node
import { processIo } from './io.ts'
import { main, unexpected } from './run.ts'

const end = new AbortController()

/** Signals are taken over only for a command that asks, so that any other ends at once. */
function closing(): AbortSignal {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort())
  return end.signal
}

// A reader that has seen enough, such as `head`, is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    end.abort()
  })
}
process.on('uncaughtException', (error) => {
  process.stderr.write(`licet: ${unexpected(error)}\n`)
  process.exit(2)
})

process.exitCode = await main(process.argv.slice(2), processIo(closing))
