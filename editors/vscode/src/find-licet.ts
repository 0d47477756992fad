import { dirname, join } from 'node:path'

/** Where a package keeps the file that its command runs. */
const command = join('node_modules', 'licet', 'dist', 'surfaces', 'cli', 'main.js')

/**
 * The `licet` that is installed for a folder: in it, or in one around it. Of several folders, as a workspace has them, the first that
 * has one.
 */
export function findLicet(folders: readonly string[], exists: (path: string) => boolean): string | undefined {
  for (const folder of folders)
    for (let at = folder; ; at = dirname(at)) {
      const path = join(at, command)
      if (exists(path)) return path
      if (dirname(at) === at) break
    }
  return undefined
}
