import type { Io } from '../../src/surfaces/cli/io.ts'
import { main } from '../../src/surfaces/cli/run.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface World {
  readonly cwd?: string
  readonly stdin?: string | Uint8Array
  readonly color?: boolean
  readonly width?: number
  readonly signal?: AbortSignal
  /** Beside the variables of this process. */
  readonly env?: Readonly<Record<string, string>>
  readonly onOut?: (text: string) => void
  readonly onErr?: (text: string) => void
}

/** Runs a command in this process. */
export async function licet(argv: readonly string[], world: World = {}): Promise<Ran> {
  let out = ''
  let err = ''
  const {
    cwd = process.cwd(),
    stdin = '',
    color = false,
    width = 100,
    signal = new AbortController().signal,
    onOut,
    onErr,
  } = world
  const io: Io = {
    out: (text) => {
      out += text
      onOut?.(text)
    },
    err: (text) => {
      err += text
      onErr?.(text)
    },
    stdin: async () => (typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin),
    lines: async function* () {
      yield* (typeof stdin === 'string' ? stdin : new TextDecoder().decode(stdin)).split('\n')
    },
    color: { out: color, err: color },
    width,
    cwd,
    env: { ...process.env, ...world.env },
    closing: () => signal,
  }
  return { code: await main(argv, io), out, err }
}
