import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { folder } from '../node/folder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'dist/surfaces/cli/main.js')

// Prebuilt for Linux, macOS and Windows on x64 and arm64; elsewhere it is not installed, and these tests say that they were skipped.
const pty = await import('@lydell/node-pty').catch(() => undefined)

const policy = `actor User { email: string }
resource Repo {
  role owner: User
  role writer: User if owner
  allow read if writer
  allow write if writer
}
test "owners write" {
  given Repo:site { owner: User:ann }
  expect User:ann can write Repo:site
}
`
const facts = `given User:ann { email: "a" } given User:bob { email: "b" } given Repo:site { owner: User:ann }
given User:"\\u{1b}]0;owned\\u{7}" { email: "evil" }
`

const keys = { enter: '\r', up: '\u001b[A', interrupt: '\u0003', end: '\u0004' }

interface Session {
  readonly cwd: string
  readonly type: (text: string) => void
  /** Types a text and, once it shows, the tab key: a tab that comes in one piece with text is no key. */
  readonly complete: (text: string) => Promise<void>
  /** What comes from the last look on up to a text, without colours. */
  readonly until: (text: string) => Promise<string>
  /** Everything that came, as it came. */
  readonly raw: () => string
  readonly exited: Promise<number>
  readonly kill: () => void
}

const open: Session[] = []
afterAll(() => {
  for (const session of open) session.kill()
})

function start(
  env: Readonly<Record<string, string>> = {},
  cwd = folder({ 'p.licet': policy, 'f.licet': facts }),
): Session {
  if (pty === undefined) throw new Error('there is no pseudo-terminal')
  const child = pty.spawn(process.execPath, [main, 'repl', '-p', 'p.licet', '-f', 'f.licet'], {
    name: 'xterm-256color',
    cols: 100,
    rows: 40,
    cwd,
    env: { ...process.env, NO_COLOR: '', TERM: 'xterm-256color', LICET_HISTORY: join(cwd, 'history'), ...env },
  })
  let all = ''
  let seen = 0
  const waiting = new Set<() => void>()
  child.onData((data) => {
    all += data
    for (const look of waiting) look()
  })
  const session: Session = {
    cwd,
    type: (text) => child.write(text),
    until: (text) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look)
          reject(new Error(`no ${JSON.stringify(text)} in ${JSON.stringify(plain(all).slice(seen))}`))
        }, 60_000)
        const look = () => {
          const shown = plain(all)
          const at = shown.indexOf(text, seen)
          if (at === -1) return
          waiting.delete(look)
          clearTimeout(timer)
          const found = shown.slice(seen, at + text.length)
          seen = at + text.length
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    complete: async (text) => {
      child.write(text)
      await session.until(text)
      child.write('\t')
    },
    raw: () => all,
    exited: new Promise((resolve) => child.onExit(({ exitCode }) => resolve(exitCode))),
    kill: () => {
      try {
        child.kill()
      } catch {
        // It has ended by itself.
      }
    },
  }
  open.push(session)
  return session
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is sent is what is looked at
  return text.replace(/\u001b\[[0-9;]*(?:[A-Za-z]|$)|\u001b$/g, '')
}

const where = pty === undefined ? 'at a terminal, which there is none of for this platform' : 'at a terminal'

describe.skipIf(pty === undefined)(`${where}, the session`, () => {
  it('answers in colour, completes, goes on with a block, and is ended by the end of input', async () => {
    const session = start()
    await session.until('licet> ')
    session.type(`can User:ann write Repo:site?${keys.enter}`)
    await session.until('yes: granted by Repo.write#1')
    expect(session.raw()).toContain('\u001b[32myes')

    await session.complete('can User:b')
    await session.until('ob ')
    await session.complete('wri')
    await session.until('te ')
    await session.complete('Re')
    await session.until('po:')
    await session.complete('s')
    await session.until('ite ')
    session.type(keys.enter)
    await session.until('no: not permitted')

    session.type(`given Repo:site {${keys.enter}`)
    await session.until('… ')
    session.type(`  writer: User:bob${keys.enter}`)
    await session.until('… ')
    session.type(`}${keys.enter}`)
    await session.until('now yes: User:bob can write Repo:site (no before)')

    session.type(`as User:bob${keys.enter}`)
    await session.until('User:bob> ')
    session.type(keys.end)
    expect(await session.exited).toBe(0)
  })

  it('takes back a line or a block on the first Ctrl-C, and ends on the second of an empty line', async () => {
    const session = start()
    await session.until('licet> ')
    session.type(`nonsense${keys.interrupt}`)
    await session.until('licet> ')
    session.type(`given Repo:site {${keys.enter}`)
    await session.until('… ')
    session.type(keys.interrupt)
    await session.until('licet> ')
    session.type(`20 + 22${keys.enter}`)
    expect(await session.until('42')).not.toContain('error')
    await session.until('licet> ')
    session.type(keys.interrupt)
    await session.until('(once more ends the session)')
    session.type(keys.interrupt)
    expect(await session.exited).toBe(0)
  })

  it('remembers what was typed, but for secrets, in a file of the user alone', async () => {
    const first = start()
    await first.until('licet> ')
    for (const line of [
      '1 + 41',
      ' 1 + 2',
      '"licet_0123456789abcdefghijKLMNOP" == "x"',
      'given Repo:x {',
      '}',
      ' given Repo:y {',
      '}',
    ]) {
      first.type(`${line}${keys.enter}`)
      await first.until(line.endsWith('{') ? '… ' : 'licet> ')
    }
    first.type(keys.end)
    await first.exited
    const file = join(first.cwd, 'history')
    expect(readFileSync(file, 'utf8')).toBe('1 + 41\ngiven Repo:x { }\n')
    expect(statSync(file).mode & 0o777).toBe(0o600)

    const second = start({}, first.cwd)
    await second.until('licet> ')
    second.type(keys.up)
    await second.until('given Repo:x { }')
    second.type(`${keys.up}${keys.enter}`)
    await second.until('42')
    second.type(keys.end)
    await second.exited
  })

  it('tells what a changed file changes while it is watched', async () => {
    const session = start()
    await session.until('licet> ')
    session.type(`can User:ann write Repo:site${keys.enter}`)
    await session.until('yes')
    session.type(`:watch${keys.enter}`)
    await session.until('watching the files')
    session.type('can User:')
    writeFileSync(
      join(session.cwd, 'p.licet'),
      policy.replace('allow write if writer', 'allow write if writer and false'),
    )
    await session.until('✗ owners write (passed before)')
    await session.until('now no: User:ann can write Repo:site (yes before)')
    await session.until('licet> can User:')
    session.type(`bob read Repo:site${keys.enter}`)
    await session.until('no: not permitted')
    session.type(`:quit${keys.enter}`)
    expect(await session.exited).toBe(0)
  })

  it('shows no character of the data that would steer the terminal', async () => {
    const session = start()
    await session.until('licet> ')
    session.type(`:facts User${keys.enter}`)
    await session.until('\\u{1b}]0;owned\\u{7}" { email: "evil" }')
    session.type(`as User:"\\u{1b}]0;owned\\u{7}"${keys.enter}`)
    await session.until('> ')
    await session.complete('User:"')
    await session.until('\\u{1b}]0;owned')
    session.type(keys.interrupt)
    await session.until('> ')
    session.type(keys.end)
    await session.exited
    expect(session.raw()).not.toContain('\u001b]0;owned')
    expect(session.raw()).not.toContain('\u0007owned')
  })
})
