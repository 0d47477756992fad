import type { Arguments } from './arguments.ts'
import type { Io } from './io.ts'
import type { JsonOption } from './json-option.ts'
import { show } from './load.ts'

export type JsonInputs = Partial<Record<JsonOption, Readonly<Record<string, unknown>>>>

/**
 * The options that are JSON objects, as far as they are given; undefined where one is wrong, which is shown on standard error.
 * `elsewhere`: texts that do not stand on the command line.
 */
export async function jsonInputs(
  args: Arguments,
  names: readonly JsonOption[],
  io: Io,
  elsewhere: Partial<Record<JsonOption, string>> = {},
): Promise<JsonInputs | undefined> {
  const texts: Partial<Record<JsonOption, string | undefined>> = { ...elsewhere }
  for (const name of names) texts[name] = args.one(name)
  const given = (Object.keys(texts) as JsonOption[]).flatMap((name) => {
    const text = texts[name]
    return text === undefined ? [] : [{ name, text }]
  })
  if (given.length === 0) return {}
  // zod is loaded only for those who give JSON.
  const { readJsonOption } = await import('./json-option.ts')
  const read = given.map(({ name, text }) => [name, readJsonOption(name, text)] as const)
  const wrong = read.flatMap(([, { diagnostics }]) => diagnostics)
  const sources = read.map(([, { source }]) => source)
  show(wrong, sources, io)
  if (wrong.length > 0) return undefined
  return Object.fromEntries(read.map(([name, { value }]) => [name, value]))
}
