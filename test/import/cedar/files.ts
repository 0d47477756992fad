import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ReadSource, Surroundings } from '../../../src/surfaces/import/cedar/index.ts'
import { type ImportedCedar, importCedar } from '../../../src/surfaces/import/cedar/index.ts'

/** Imports what lies at a path, with more files beside it. */
export function importFrom(path: string, beside: Readonly<Record<string, string>> = {}): ImportedCedar {
  const read: ReadSource = (name, from) => {
    const file = from === undefined ? name : join(dirname(from), name)
    const given = beside[file.slice(path.length + 1)]
    if (given !== undefined) return { name: file, text: given }
    if (!existsSync(file) || !statSync(file).isFile()) return { problem: `there is no \`${file}\`` }
    return { name: file, text: readFileSync(file, 'utf8') }
  }
  const around: Surroundings = {
    above: () => read,
    list: (folder) => {
      if (!existsSync(folder) || !statSync(folder).isDirectory()) return undefined
      return [...readdirSync(folder), ...(folder === path ? Object.keys(beside) : [])].sort()
    },
  }
  return importCedar(path, read, around)
}

/** Imports files that are nowhere but here: a folder of them, or the one that is named. */
export function importThese(files: Readonly<Record<string, string>>, path = 'src'): ImportedCedar {
  const read: ReadSource = (name, from) => {
    const file = from === undefined ? name : join(dirname(from), name)
    const text = files[file.replace(/^src\//, '')]
    return text === undefined ? { problem: `\`${name}\` is not there` } : { name: file, text }
  }
  const within = (folder: string) =>
    Object.keys(files)
      .map((name) => `src/${name}`)
      .filter((name) => name.startsWith(`${folder}/`))
      .map((name) => name.slice(folder.length + 1).split('/')[0] ?? '')
  const list = (folder: string) => (within(folder).length === 0 ? undefined : [...new Set(within(folder))].sort())
  return importCedar(path, read, { above: () => read, list })
}
