import type { FSWatcher } from 'node:fs'
import { statSync, watch } from 'node:fs'
import { dirname } from 'node:path'

export interface WatchOptions {
  /** Milliseconds of quiet after a change before it is reported; 50 by default. */
  readonly settle?: number
  /** Milliseconds between looks at the files where the file system reports nothing; 1000 by default. */
  readonly poll?: number
}

/**
 * Calls back after any of the files has changed, appeared or gone. Folders are watched rather than files, since editors
 * replace files; and the files are looked at every second, since some file systems report nothing.
 *
 * @param files absolute paths; asked again after every change, which may be one of what there is to watch
 * @returns ends it; keeps the process alive until then
 */
export function watchFiles(
  files: () => readonly string[],
  onChange: () => void,
  { settle = 50, poll = 1000 }: WatchOptions = {},
): () => void {
  const watchers = new Map<string, FSWatcher>()
  let stamps = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const look = () => {
    if (closed) return
    const now = new Map([...stamps.keys()].map((file) => [file, stampOf(file)]))
    if ([...now].every(([file, stamp]) => stamps.get(file) === stamp)) return
    // Before the callback reads the files: what changes meanwhile is found by the next look.
    stamps = now
    onChange()
    if (!closed) follow()
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(look, settle)
  }
  const follow = () => {
    stamps = new Map(files().map((file) => [file, stamps.get(file) ?? stampOf(file)]))
    const folders = new Set([...stamps.keys()].map((file) => dirname(file)))
    for (const [folder, watcher] of watchers) if (!folders.has(folder)) stop(folder, watcher)
    for (const folder of folders) if (!watchers.has(folder)) start(folder)
  }
  const stop = (folder: string, watcher: FSWatcher) => {
    watchers.delete(folder)
    watcher.close()
  }
  const start = (folder: string) => {
    try {
      const watcher = watch(folder, soon)
      watcher.on('error', () => stop(folder, watcher))
      watchers.set(folder, watcher)
    } catch {
      // A folder that cannot be watched is left to the looks.
    }
  }
  follow()
  const looks = setInterval(look, poll)
  return () => {
    closed = true
    clearTimeout(timer)
    clearInterval(looks)
    for (const [folder, watcher] of watchers) stop(folder, watcher)
  }
}

/** Differs after any change that writes or replaces a file, one of the same length within a millisecond included. */
function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`
}
