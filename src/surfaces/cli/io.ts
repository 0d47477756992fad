import { createInterface } from 'node:readline'

/** What a command has of the world outside; tests give it another one. */
export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** All of standard input. */
  readonly stdin: () => Promise<Uint8Array>
  /** The same line by line, as they come. */
  readonly lines: () => AsyncIterable<string>
  /** On which somebody types and reads; undefined where one of both is something else. */
  readonly terminal?: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream }
  /** Whether colours are wanted on standard output and on standard error. */
  readonly color: { readonly out: boolean; readonly err: boolean }
  /** Columns of standard output; 100 where it is no terminal. */
  readonly width: number
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** For a command that runs on, such as `test --watch`: aborted when it is to end. Others end as any process does. */
  readonly closing: () => AbortSignal
}

/** Standard streams. Colour only on a terminal, and never where `NO_COLOR` is set (no-color.org) or the terminal is dumb. */
export function processIo(closing: () => AbortSignal): Io {
  const { env } = process
  const wanted = (stream: { readonly isTTY?: boolean }) =>
    stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdin: async () => {
      const chunks: Uint8Array[] = []
      for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
      return Buffer.concat(chunks)
    },
    lines: linesOfStdin,
    ...(process.stdin.isTTY && process.stdout.isTTY && env.TERM !== 'dumb'
      ? { terminal: { input: process.stdin, output: process.stdout } }
      : {}),
    color: { out: wanted(process.stdout), err: wanted(process.stderr) },
    width: process.stdout.columns ?? 100,
    cwd: process.cwd(),
    env,
    closing,
  }
}

async function* linesOfStdin(): AsyncIterable<string> {
  const reader = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  try {
    yield* reader
  } finally {
    // Else whoever has seen enough would wait for the end of the input.
    reader.close()
  }
}

export type Style = 'bold' | 'green' | 'red' | 'yellow' | 'dim'

const codes: Readonly<Record<Style, string>> = { bold: '1', green: '32', red: '31', yellow: '33', dim: '2' }

export function paint(text: string, style: Style, color: boolean): string {
  return color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text
}
