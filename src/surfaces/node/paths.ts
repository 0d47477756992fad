import { readdirSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { didYouMean } from '../../base/suggest.ts'

/** How diagnostics call a file: relative to the working directory, or absolute where that is shorter; with `/`. */
export function nameOf(path: string, cwd: string): string {
  const absolute = resolve(cwd, path)
  const short = relative(cwd, absolute)
  const name = short === '' || isAbsolute(short) || short.length > absolute.length ? absolute : short
  return sep === '/' ? name : name.replaceAll(sep, '/')
}

/** The path with symbolic links resolved, as the file system spells it; the path itself where there is no such file. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}

/** "did you mean …?" for a file that does not exist, from the names beside it. */
export function nearFile(path: string): string | undefined {
  try {
    const name = basename(path)
    const others = readdirSync(dirname(path))
    return others.includes(name) ? undefined : didYouMean(name, others)
  } catch {
    return undefined
  }
}
