import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'

/** How to start a server that speaks over its standard input and output. No shell is involved. */
export interface ServerCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** The whole environment of the server; that of this process when left out. */
  readonly env?: NodeJS.ProcessEnv
}

export interface Child {
  readonly process: ChildProcessWithoutNullStreams
  /** Resolves once the process is gone and all that it wrote has been read. */
  readonly ended: Promise<Ending>
  /** MCP, stdio, "Shutdown": closes its input, then asks it to end, then ends it. */
  stop(): Promise<Ending>
}

export interface Ending {
  /** As a shell gives it: 128 and the number of the signal, 127 for a command that could not be started. */
  readonly status: number
  /** For a person. */
  readonly how: string
}

const patience = 2000

export function startServer({ command, args, cwd, env }: ServerCommand): Child {
  const process = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    shell: false,
    windowsHide: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  })
  const ended = new Promise<Ending>((resolve) => {
    process.once('error', (error: NodeJS.ErrnoException) => {
      if (process.pid === undefined) resolve({ status: 127, how: `could not be started: ${startProblem(error)}` })
    })
    process.once('close', (code, signal) => resolve(endingOf(code, signal)))
  })
  // A write to a server that has just died; its end is told by `close`.
  process.stdin.on('error', () => {})
  const isEnded = (): boolean => process.pid === undefined || process.exitCode !== null || process.signalCode !== null
  const after = (milliseconds: number): Promise<unknown> => {
    let timer: NodeJS.Timeout | undefined
    const waited = new Promise((resolve) => {
      timer = setTimeout(resolve, milliseconds)
    })
    return Promise.race([ended, waited]).finally(() => clearTimeout(timer))
  }
  return {
    process,
    ended,
    stop: async () => {
      process.stdin.end()
      await after(patience)
      if (!isEnded()) {
        process.kill('SIGTERM')
        await after(patience)
      }
      if (!isEnded()) process.kill('SIGKILL')
      // A grandchild may hold the pipes open after the server is gone.
      await after(patience)
      process.stdout.destroy()
      process.stderr.destroy()
      return isEnded() ? Promise.race([ended, endingOf(process.exitCode, process.signalCode)]) : ended
    },
  }
}

const signals: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGTERM: 15,
}

function endingOf(code: number | null, signal: NodeJS.Signals | null): Ending {
  if (signal !== null) return { status: 128 + (signals[signal] ?? 0), how: `was ended by ${signal}` }
  return { status: code ?? 1, how: `ended with status ${code ?? 1}` }
}

function startProblem({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such command'
  if (code === 'EACCES') return 'permission denied'
  return message
}
