import { appendFileSync, chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** What was typed before, of this session and others of the same user. */
export interface History {
  /** The latest first, as a line editor wants it. */
  readonly lines: readonly string[]
  readonly add: (line: string) => void
}

/** How much is kept. A line that is longer is not. */
export const mostLines = 1000
const [longestLine, mostBytes] = [2000, 4 << 20]

/**
 * `LICET_HISTORY` names the file; empty, there is none. Else it is where the user's programs keep their state (XDG Base Directory
 * Specification).
 */
export function historyFile(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = env.LICET_HISTORY
  if (named !== undefined) return named === '' ? undefined : named
  const state = env.XDG_STATE_HOME
  return join(state === undefined || state === '' ? join(homedir(), '.local', 'state') : state, 'licet', 'history')
}

/**
 * Readable by nobody else. It is a convenience: where the file cannot be read or written there is none, and a session goes on. Several
 * sessions append to it at a time; a file that has grown too long is cut when one begins.
 */
export function openHistory(file: string | undefined): History {
  if (file === undefined) return { lines: [], add: () => {} }
  // Whoever names a device wants none, and it is not theirs alone; a pipe would be waited for.
  const isFile = attempt(() => statSync(file).isFile()) ?? true
  return {
    lines: (isFile ? attempt(() => read(file)) : undefined) ?? [],
    add: (line) => {
      if (!isFile || !isKept(line)) return
      attempt(() => {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
        appendFileSync(file, `${line}\n`, { mode: 0o600 })
      })
    },
  }
}

function read(file: string): readonly string[] {
  const { size } = statSync(file)
  chmodSync(file, 0o600)
  const lines = size > mostBytes ? [] : readFileSync(file, 'utf8').split('\n').filter(isKept)
  const kept = lines.slice(-mostLines)
  if (size > mostBytes || kept.length < lines.length) {
    const fresh = `${file}.${process.pid}.tmp`
    writeFileSync(fresh, kept.map((line) => `${line}\n`).join(''), { mode: 0o600, flag: 'wx' })
    renameSync(fresh, file)
  }
  return kept.toReversed()
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** What looks like a credential: a JSON Web Token, a key of Licet, GitHub, Slack, AWS and the like, a private key, a bearer's header. */
const secret =
  /\beyJ[\w-]{8,}\.|\blicet_\w{20,}|\b(?:gh[opsu]|github_pat|glpat|sk|pk|rk|xox[abprs])[-_][\w-]{16,}|\bAKIA\w{12,}|-----BEGIN|\bBearer\s+\S/i

/** Not what begins with a space, as in shells; nothing that looks like a secret, or could steer a terminal that shows it. */
export function isKept(line: string): boolean {
  return (
    line !== '' &&
    line.length <= longestLine &&
    !line.startsWith(' ') &&
    !secret.test(line) &&
    !/[\p{Cc}\p{Cf}]/u.test(line)
  )
}
