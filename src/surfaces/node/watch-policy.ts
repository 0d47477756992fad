import { type LoadedPolicy, type LoadOptions, loadPolicy } from './load-policy.ts'
import { type WatchOptions, watchFiles } from './watch.ts'

/**
 * Loads a policy as `loadPolicy` does, and again after each change of a file that it depends on: imports, lock files, and
 * files that were missing.
 *
 * @param onChange called once before this returns, then after each change; a policy with errors has no `policy`, and
 *   whoever serves requests keeps the last one that had
 * @returns ends it
 */
export function watchPolicy(
  paths: string | readonly string[],
  onChange: (loaded: LoadedPolicy) => void,
  options: LoadOptions & WatchOptions = {},
): () => void {
  let loaded = loadPolicy(paths, options)
  onChange(loaded)
  return watchFiles(
    () => loaded.files,
    () => {
      loaded = loadPolicy(paths, options)
      onChange(loaded)
    },
    options,
  )
}
