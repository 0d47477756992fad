import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parse as parseYaml } from 'yaml'
import { applyFixes, type Diagnostic, type EngineOptions, format, type Policy, render } from '../../src/index.ts'
import { uncovered } from '../../src/surfaces/cli/coverage/summary.ts'
import { type LoadedPolicy, loadPolicy } from '../../src/surfaces/node/index.ts'
import { mutate, runTests } from '../../src/surfaces/testing/index.ts'
import { type Block, filesNamedIn, readPage } from './read-page.ts'
import { runRepl } from './repl.ts'
import type { Scripts } from './scripts.ts'
import { checkCommand, type Place, runCommand } from './sessions.ts'
import { joined, readCommandLine, readCommands, readSession, shownFor } from './shell.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What the blocks of a page leave for those after them. */
interface State {
  place: Place
  /** Texts of the last policy and script, and of all files, which `+` goes on with. */
  readonly texts: Map<string, string>
  /** What the last block printed. */
  printed?: string
  /** What fixing makes of the last policy. */
  fixed?: string | undefined
  /** Files that have no meaning of their own: some command has to name them. */
  readonly files: Set<string>
  readonly commands: string[]
}

/**
 * Runs every code block of a page, one after another, in a folder of the page.
 *
 * @returns the page with the output that there is, where that is not what is shown
 * @throws Error, with the line of the block, for a block that does not do what the page says
 */
export async function runPage(text: string, place: Place, scripts: Scripts): Promise<string> {
  const state: State = { place, texts: new Map(), files: new Set(), commands: [] }
  let page = ''
  for (const part of readPage(text)) {
    if (part.kind === 'prose') {
      for (const file of filesNamedIn(part.text)) copyFileSync(join(root, file), join(state.place.cwd, basename(file)))
      page += part.text
      continue
    }
    try {
      page += await runBlock(part.block, state, scripts)
    } catch (error) {
      throw new Error(`line ${part.block.line}: ${error instanceof Error ? error.message : error}`)
    }
  }
  const idle = [...state.files].find(
    (file) =>
      !state.commands.some(
        (command) => command.includes(file) || (file.includes('/') && command.includes(`${dirname(file)} `)),
      ),
  )
  if (idle !== undefined) throw new Error(`nothing on this page runs \`${idle}\``)
  return page
}

/** @returns the text that belongs in the block */
async function runBlock(shown: Block, state: State, scripts: Scripts): Promise<string> {
  const { language, is, notRun } = shown
  const text = language === 'licet' ? (format(shown.text).text ?? shown.text) : shown.text
  const block = { ...shown, text }
  if (notRun === '') throw new Error('`not run:` wants a reason')
  if (notRun !== undefined) {
    if (language === 'sh' || language === 'console') {
      const commands = language === 'sh' ? readCommands(text) : readSession(text).map(({ command }) => command)
      for (const command of commands) await checkCommand(command)
    }
    return text
  }
  if (is === 'output') {
    if (state.printed === undefined) throw new Error('no block before this one prints anything')
    return shownFor(state.printed, text)
  }
  if (is === 'fixed') {
    const fixed = state.fixed ?? fail('the policy before this block has nothing to fix')
    await policy({ ...block, text: fixed }, state)
    return fixed
  }
  if (language === 'console' || text.startsWith('$ ')) return session(text, state)
  switch (language) {
    case 'licet':
      return policy(block, state)
    case 'sh':
      for (const command of readCommands(text)) {
        const { printed, place } = await run(command, state)
        if (place.code !== 0) throw new Error(`\`${command}\` ends with ${place.code}:\n${printed}`)
      }
      return text
    case 'js':
    case 'ts': {
      const whole = store(block, state)
      if (block.file === undefined) state.printed = await scripts.run(whole, language, state.place.cwd)
      else state.files.add(block.file)
      return text
    }
    case 'json':
      JSON.parse(text)
      break
    case 'yaml':
      parseYaml(text)
      break
    default:
      if (block.file === undefined)
        throw new Error(`what is \`${language}\`? name its file, or say \`output\` or \`not run: why\``)
      state.files.add(block.file)
  }
  store(block, state)
  return text
}

async function session(text: string, state: State): Promise<string> {
  let whole = ''
  for (const { command, shown } of readSession(text)) {
    const words = readCommandLine(joined(command))[0]
    const isTyped = words?.words[0] === 'licet' && words.words[1] === 'repl' && /^\S.*> /.test(shown)
    const printed = isTyped
      ? await runRepl(words.words.slice(2), shown, state.place.cwd)
      : (await run(command, state)).printed
    whole += `$ ${command}${shownFor(printed, shown)}`
  }
  return whole
}

async function run(command: string, state: State) {
  state.commands.push(command)
  const ran = await runCommand(command, state.place)
  state.place = ran.place
  state.printed = ran.printed
  return ran
}

/** The text of a block with what it goes on with, kept for those after it and written where it has a file. */
function store({ file, goesOn, text, language }: Block, { texts, place }: State): string {
  const path = file === undefined ? undefined : join(place.cwd, file)
  // A command may have changed a file since.
  const before = path !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : texts.get(file ?? language)
  if (goesOn && before === undefined) throw new Error('there is nothing before this that it could go on with')
  const whole = goesOn ? `${before}\n${text}` : text
  texts.set(file ?? language, whole)
  if (path !== undefined) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, whole)
  }
  return whole
}

/** Checks a policy and runs its tests: it has the diagnostics that are named, and no others. */
async function policy(block: Block, state: State): Promise<string> {
  const { cwd } = state.place
  const name = block.file ?? 'policy.licet'
  const text = store(block, state)
  const load = (text: string) => loadPolicy([{ name, text }, ...block.others], { cwd })
  const loaded = load(text)
  const failures = loaded.policy === undefined ? [] : await failuresOf(loaded.policy, cwd, block.codes)
  const found = [...loaded.diagnostics, ...failures]
  state.printed = render(found, loaded.sources, { color: false })
  state.fixed = fixedText(name, loaded, load)
  const codes = [...new Set(found.map(({ code }) => code as string))].sort()
  if (codes.join() !== [...block.codes].sort().join())
    throw new Error(
      `has ${codes.join(', ') || 'no diagnostics'}, not ${block.codes.join(', ') || 'none'}:\n${state.printed}`,
    )
  return block.text
}

/** What is wrong with the tests of a policy, whose host functions are in `functions.mjs`; what they leave out, where it is named. */
async function failuresOf(policy: Policy, cwd: string, codes: readonly string[]): Promise<readonly Diagnostic[]> {
  const file = join(cwd, 'functions.mjs')
  const functions: NonNullable<EngineOptions['functions']> =
    policy.program.functions.length > 0 && existsSync(file) ? { ...(await import(pathToFileURL(file).href)) } : {}
  const { tests, coverage } = runTests(policy, { functions, coverage: codes.includes('not-covered') })
  return [
    ...tests.flatMap(({ failures, warnings }) => [...failures, ...warnings]),
    ...(coverage === undefined ? [] : uncovered(coverage)),
    ...(codes.includes('surviving-mutant') ? mutate(policy, { functions }).survivors.map((one) => one.diagnostic) : []),
  ]
}

/** The text with all that can be fixed, as `licet check --fix` does it, if anything can. */
function fixedText(name: string, loaded: LoadedPolicy, load: (text: string) => LoadedPolicy): string | undefined {
  const changed = applyFixes(loaded.sources, loaded.diagnostics).files.find((file) => file.name === name)
  return changed === undefined ? undefined : (fixedText(name, load(changed.text), load) ?? changed.text)
}

function fail(message: string): never {
  throw new Error(message)
}
