import { hasLoneSurrogate } from './text.ts'
import type { Path } from './value.ts'

/**
 * An absolute POSIX path, normalised lexically: empty and `.` segments dropped, `..` resolved, at the root staying there.
 * Refused, since servers read them in more than one way: backslashes and drive letters, control characters, and a
 * leading `//`, which names a host on some systems. Symbolic links remain the server's to mind.
 */
export function parsePath(text: string): Path | undefined {
  if (!text.startsWith('/') || text.startsWith('//')) return undefined
  if (/[\\\p{Cc}]/u.test(text) || hasLoneSurrogate(text)) return undefined
  const segments: string[] = []
  for (const segment of text.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return { kind: 'path', segments }
}

/** Equal or inside, by whole segments: `/srv/database` is not within `/srv/data`. */
export function pathWithin(path: Path, within: Path): boolean {
  return (
    within.segments.length <= path.segments.length &&
    within.segments.every((segment, index) => segment === path.segments[index])
  )
}

export function formatPath(path: Path): string {
  return `/${path.segments.join('/')}`
}
