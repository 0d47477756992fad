import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { EngineOptions, Policy } from '../../index.ts'
import type { Option } from './command.ts'
import type { Io } from './io.ts'
import { firstLine, Misuse } from './misuse.ts'

export const functionsOption: Option = {
  name: 'functions',
  values: ['FILE.mjs'],
  about: 'the module that exports the host functions the policy declares, by name',
}

/** The host functions that a policy declares, from a module of the user. */
export async function functionsFor(
  { program }: Policy,
  file: string | undefined,
  io: Io,
): Promise<NonNullable<EngineOptions['functions']>> {
  const declared = program.functions.map(({ name }) => name)
  if (file === undefined) {
    if (declared.length === 0) return {}
    throw new Misuse(
      `the policy declares the function \`${declared[0]}\`, which is not given`,
      'give it with `--functions FILE.mjs`',
    )
  }
  const given = await load(file, io)
  return Object.fromEntries(declared.map((name) => [name, functionIn(given, name, file)]))
}

/** All functions of a module, for whoever learns later which of them a policy declares. */
export async function functionsIn(file: string | undefined, io: Io): Promise<NonNullable<EngineOptions['functions']>> {
  if (file === undefined) return {}
  const given = Object.entries(await load(file, io)).filter(([, value]) => typeof value === 'function')
  return Object.fromEntries(given) as NonNullable<EngineOptions['functions']>
}

async function load(file: string, { cwd }: Io): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(cwd, file)).href)) as Record<string, unknown>
  } catch (error) {
    throw new Misuse(`\`${file}\` cannot be loaded: ${firstLine(error)}`)
  }
}

function functionIn(
  given: Readonly<Record<string, unknown>>,
  name: string,
  file: string,
): (...args: never[]) => unknown {
  const found = Object.hasOwn(given, name) ? given[name] : undefined
  if (typeof found === 'function') return found as (...args: never[]) => unknown
  throw new Misuse(`\`${file}\` exports no function \`${name}\`, which the policy declares`)
}
