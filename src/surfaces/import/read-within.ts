import { dirname, isAbsolute, resolve, sep } from 'node:path'
import { nameOf, realPath } from '../node/paths.ts'
import { readText } from '../node/read-text.ts'
import type { ReadSource } from './imported.ts'

/**
 * Reads what a source names, but nothing outside of the working directory and of the folder of the source itself, wherever a
 * symbolic link leads: a source may come from a stranger, and what it names ends up in what is written.
 */
export function readWithin(cwd: string, source: string): ReadSource {
  const roots = [realPath(cwd), dirname(realPath(resolve(cwd, source)))]
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
