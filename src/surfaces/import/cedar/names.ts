import { reserved } from '../names.ts'

/** It may stand after a dot. */
export function bareWord(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text)
}

/** Names of another system under names of this one: each has one, and no two have the same. */
export type Naming = (original: string) => string

/**
 * Gives each name the nearest one that is free. Those that need no change keep theirs, so they are told first; `taken` are not given
 * to any.
 */
export function naming(
  originals: Iterable<string>,
  nearest: (original: string) => string,
  taken: ReadonlySet<string> = new Set(),
): Naming {
  const given = new Map<string, string>()
  const used = new Set(taken)
  const all = [...new Set(originals)].sort()
  const give = (original: string) => {
    let name = nearest(original)
    for (let n = 2; used.has(name); n++) name = `${nearest(original)}_${n}`
    used.add(name)
    given.set(original, name)
  }
  for (const original of all) if (nearest(original) === original && !taken.has(original)) give(original)
  for (const original of all) if (!given.has(original)) give(original)
  return (original) => {
    const name = given.get(original)
    if (name === undefined) throw new Error(`invariant: \`${original}\` has a name`)
    return name
  }
}

/** `Photo::Album` is `Album` where no other type is called that, else `PhotoAlbum`; types begin with a capital here. */
export function nearestTypes(originals: readonly string[]): (original: string) => string {
  const last = (original: string) => asType(original.split('::').slice(-1))
  const count = new Map<string, number>()
  for (const original of originals) count.set(last(original), (count.get(last(original)) ?? 0) + 1)
  return (original) => (count.get(last(original)) === 1 ? last(original) : asType(original.split('::')))
}

function asType(words: readonly string[]): string {
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^[A-Z]\w*$/.test(joined) ? joined : `T${joined.replace(/\W/g, '_')}`
}

/** An action's id as a name: `Role-A Actions` is `Role_A_Actions`. */
export function nearestAction(original: string): string {
  const words = original.replace(/\W+/g, '_').replace(/^(?=\d)/, '_')
  if (words === '' || /^_+$/.test(words)) return 'action'
  return reserved.has(words) ? `${words}_` : words
}
