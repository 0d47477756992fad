import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readArguments } from '../../src/surfaces/cli/arguments.ts'
import { commands } from '../../src/surfaces/cli/commands.ts'
import { licet, type World } from '../cli/command-line.ts'
import { type CommandLine, joined, readCommandLine } from './shell.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Where the commands of a page are. */
export interface Place {
  readonly cwd: string
  /** A folder with the programs that pages call, before those of the machine. */
  readonly bin: string
  /** The exit code of the command before. */
  readonly code: number
}

export interface Ran {
  readonly printed: string
  readonly place: Place
}

/** Runs what stands behind a `$`, as far as pages need it: `licet` in this process, and what looks at its files. */
export async function runCommand(text: string, place: Place): Promise<Ran> {
  let printed = ''
  let here = place
  for (const command of readCommandLine(joined(text))) {
    const { out = '', err = '', code = 0, cwd = here.cwd } = await runOne(command, here)
    if (command.output !== undefined) writeFileSync(resolve(here.cwd, command.output), out)
    printed += (command.output === undefined ? out : '') + err
    here = { ...here, cwd, code }
    if (code !== 0) break
  }
  return { printed, place: here }
}

interface Result {
  readonly out?: string
  readonly err?: string
  readonly code?: number
  readonly cwd?: string
}

async function runOne({ words, input }: CommandLine, { cwd, bin, code }: Place): Promise<Result> {
  const [name = '', ...rest] = withoutNpx(words)
  const read = (file: string) => readFileSync(resolve(cwd, file), 'utf8')
  const env = { PATH: bin + delimiter + (process.env.PATH ?? '') }
  switch (name) {
    case 'licet':
      return shown(
        rest.flatMap((word) => expanded(word, cwd)),
        { cwd, env, ...(input === undefined ? {} : { stdin: read(input) }) },
      )
    case 'node':
      return node(rest, cwd, env)
    case 'cat':
      return { out: rest.map(read).join('') }
    case 'echo':
      return { out: `${rest.join(' ').replaceAll('$?', String(code))}\n` }
    case 'mkdir':
      for (const folder of rest) if (!folder.startsWith('-')) mkdirSync(resolve(cwd, folder), { recursive: true })
      return {}
    case 'cd':
      return { cwd: resolve(cwd, rest[0] ?? '') }
    case 'npm':
      checkNpm(rest)
      return {}
    default:
      throw new Error(`\`${name}\` is not run here: mark the block \`not run: why\``)
  }
}

/** What a terminal shows: both streams, in the order in which they were written. */
async function shown(argv: readonly string[], world: World): Promise<Result> {
  let out = ''
  const add = (text: string) => {
    out += text
  }
  const { code } = await licet(argv, { ...world, onOut: add, onErr: add })
  return { out, code }
}

function node(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Result> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      argv,
      { cwd, env: { ...process.env, ...env, NO_COLOR: '1' }, timeout: 60_000 },
      (_, out, err) => done({ out, err, code: child.exitCode ?? 1 }),
    )
  })
}

const withoutNpx = (words: readonly string[]): readonly string[] =>
  words[0] === 'npx' && words[1] === 'licet' ? words.slice(1) : words

/** `policy/*.licet`, as a shell has it. */
function expanded(word: string, cwd: string): readonly string[] {
  if (!/\*\.?\w*$/.test(word) || word.includes(' ')) return [word]
  const folder = dirname(word)
  const ending = basename(word).replace('*', '')
  const names = readdirSync(resolve(cwd, folder)).filter((name) => name.endsWith(ending))
  return names.sort().map((name) => join(folder, name))
}

/** Nothing is fetched: what is installed has to be what this package knows, and a script one of its own. */
function checkNpm([verb = '', ...rest]: readonly string[]): void {
  const known = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies, licet: '' }
  const names = rest.filter((word) => !word.startsWith('-')).map((word) => word.replace(/(.)@.*$/, '$1'))
  const wrong =
    verb === 'install'
      ? names.find((name) => !Object.hasOwn(known, name))
      : verb === 'run'
        ? names.slice(0, 1).find((name) => !Object.hasOwn(manifest.scripts, name))
        : ['start', 'test', 'init'].includes(verb)
          ? undefined
          : verb
  if (wrong !== undefined) throw new Error(`npm knows no \`${wrong}\` here`)
}

/** That a command which is not run is one: its options are there. */
export async function checkCommand(text: string): Promise<void> {
  for (const { words } of readCommandLine(joined(text))) {
    const [name, verb = '', ...rest] = withoutNpx(words)
    if (name === 'npm') checkNpm([verb, ...rest])
    if (name !== 'licet' || verb.startsWith('-')) continue
    const found = Object.hasOwn(commands, verb) ? commands[verb] : undefined
    if (found === undefined) throw new Error(`there is no command \`licet ${verb}\``)
    readArguments(
      (await found.load()).command,
      rest.filter((word) => word !== '…'),
    )
  }
}

/** What `npx` fetches for a page is what is installed here, in the same version. */
export function npxScript(): string {
  const cases = Object.keys(manifest.devDependencies)
    .filter((name) => name.startsWith('@modelcontextprotocol/server-'))
    .map((name) => {
      const { version, bin } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'))
      return `${name}@${version}) program='${join(root, 'node_modules', name, Object.values<string>(bin)[0] ?? '')}' ;;\n`
    })
  return `#!/bin/sh
[ "$1" = -y ] && shift
case "$1" in
licet) program='${join(root, manifest.bin.licet)}' ;;
${cases.join('')}*) echo "npx: $1 is not installed for the tests" >&2; exit 1 ;;
esac
shift
exec '${process.execPath}' "$program" "$@"
`
}
