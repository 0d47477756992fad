import { readdirSync, statSync } from 'node:fs'
import { readText } from '../node/read-text.ts'
import type { Disk } from './workspace.ts'

/** Folders that hold what others have made. */
const passedOver: ReadonlySet<string> = new Set([
  'node_modules',
  'dist',
  'build',
  'out',
  'target',
  'vendor',
  'coverage',
])

/** So much is looked at, and no more, wherever a client opens its editor. */
const limits = { folders: 5_000, files: 1_000 }

/** The policies of folders, and texts of files. `folders`: those that are worked in, asked anew each time; names use `/`. */
export function newDisk(folders: () => readonly string[]): Disk {
  return {
    list: (beside) => {
      const found = new Set(folders().flatMap(policiesIn))
      // A file that is opened alone has its neighbours.
      for (const folder of new Set(beside.map(folderOf)))
        if (!folders().some((one) => `${folder}/`.startsWith(`${one}/`)))
          for (const name of namesIn(folder).files) found.add(name)
      return [...found]
    },
    read: (name) => (isPath(name) && isFile(name) ? readText(name).text : undefined),
  }
}

function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')))
}

function isPath(name: string): boolean {
  return name.startsWith('/') || /^[A-Za-z]:\//.test(name)
}

/** A pipe or a terminal that is imported would be waited for; standard input is the client's. */
function isFile(name: string): boolean {
  try {
    return statSync(name).isFile()
  } catch {
    return false
  }
}

function policiesIn(root: string): readonly string[] {
  const files: string[] = []
  const open = [root]
  for (let seen = 0; open.length > 0 && seen < limits.folders && files.length < limits.files; seen++) {
    const inside = namesIn(open.shift() ?? root)
    files.push(...inside.files)
    open.push(...inside.folders)
  }
  return files.slice(0, limits.files)
}

/** Policies and folders in a folder; none in one that cannot be read. */
function namesIn(folder: string): { readonly files: readonly string[]; readonly folders: readonly string[] } {
  if (!isPath(`${folder}/`)) return { files: [], folders: [] }
  try {
    const entries = readdirSync(`${folder}/`, { withFileTypes: true })
    return {
      files: entries.flatMap((one) => (one.isFile() && one.name.endsWith('.licet') ? [`${folder}/${one.name}`] : [])),
      folders: entries.flatMap((one) =>
        one.isDirectory() && !one.name.startsWith('.') && !passedOver.has(one.name) ? [`${folder}/${one.name}`] : [],
      ),
    }
  } catch {
    return { files: [], folders: [] }
  }
}
