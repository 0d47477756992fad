import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { loadFacts } from '../../node/load-facts.ts'
import { loadPolicy } from '../../node/load-policy.ts'
import { watchFiles } from '../../node/watch.ts'
import type { Host, LoadedFiles } from '../../repl/host.ts'
import { functionsFor } from '../functions.ts'
import type { Io } from '../io.ts'
import { firstLine } from '../misuse.ts'
import { version } from '../version.ts'

export interface FilesOfSession extends Host {
  /** Calls back when a file that is watched has changed. */
  readonly onChange: (changed: () => void) => void
  readonly close: () => void
}

/** The files that a session is about, in the working directory of the command. */
export function filesOfSession(
  {
    policies,
    facts,
    functions,
  }: {
    readonly policies: readonly string[]
    readonly facts: readonly string[]
    readonly functions: string | undefined
  },
  io: Io,
): FilesOfSession {
  const { cwd } = io
  let paths = policies
  let files: readonly string[] = []
  let changed: (() => void) | undefined
  let stop: (() => void) | undefined

  async function load(others: readonly string[] = paths): Promise<LoadedFiles> {
    const loaded = loadPolicy(others, { cwd })
    const { policy, sources } = loaded
    if (policy === undefined) {
      files = [...files, ...loaded.files]
      return { facts: [], functions: {}, diagnostics: loaded.diagnostics, sources }
    }
    const given = loadFacts(policy, facts, { cwd })
    files = [...loaded.files, ...given.files]
    const diagnostics = [...loaded.diagnostics, ...given.diagnostics]
    const all = { facts: given.facts, diagnostics, sources: [...sources, ...given.sources] }
    if (given.diagnostics.some(({ severity }) => severity === 'error')) return { ...all, functions: {} }
    const hosted = await functionsFor(policy, functions, io)
    paths = others
    return { ...all, policy, functions: hosted }
  }

  return {
    load,
    facts: (policy, file) => loadFacts(policy, file, { cwd }),
    write: (file, text) => {
      try {
        writeFileSync(resolve(cwd, file), text, { flag: 'wx' })
        return undefined
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'it exists' : firstLine(error)
      }
    },
    watch: (on) => {
      if (changed === undefined) return undefined
      if (on === false) {
        stop?.()
        stop = undefined
      }
      if (on === true && stop === undefined) stop = watchFiles(() => files, changed)
      return stop !== undefined
    },
    onChange: (callback) => {
      changed = callback
    },
    version: version(),
    close: () => stop?.(),
  }
}
