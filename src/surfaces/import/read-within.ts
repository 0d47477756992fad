import { readdirSync } from 'node:fs'
import { dirname, isAbsolute, resolve, sep } from 'node:path'
import { nameOf, realPath } from '../node/paths.ts'
import { readText } from '../node/read-text.ts'
import type { ReadSource } from './imported.ts'

/**
 * Reads what a source names, but nothing outside of the working directory and of the folder of the source itself, wherever a
 * symbolic link leads: a source may come from a stranger, and what it names ends up in what is written. `above`: of the folder so
 * many levels up, where the source lies in a tree that its names begin at.
 */
export function readWithin(cwd: string, source: string, above = 0): ReadSource {
  const folder = dirname(realPath(resolve(cwd, source)))
  const roots = [realPath(cwd), resolve(folder, ...Array<string>(above).fill('..'))]
  return (path, from) => {
    if (from !== undefined && isAbsolute(path)) return { problem: `\`${path}\` is an absolute path` }
    const asked = resolve(cwd, from === undefined ? '.' : dirname(from), path)
    const real = realPath(asked)
    if (from !== undefined && !roots.some((root) => real.startsWith(root.endsWith(sep) ? root : root + sep)))
      return { problem: `\`${path}\` is outside of the folder of the source and of the working directory` }
    const { text, problem } = readText(real)
    return problem === undefined ? { name: nameOf(asked, cwd), text } : { problem: `\`${path}\` ${problem.message}` }
  }
}

/** The names in a folder, undefined where it is none. */
export function listFolder(cwd: string, path: string): readonly string[] | undefined {
  try {
    return readdirSync(resolve(cwd, path)).sort()
  } catch {
    return undefined
  }
}
