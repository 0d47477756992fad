/** Gives each name of another system one that Licet can say: itself where it can, else the nearest that is still free. */
export interface Names {
  /** The same for the same name, another one for another. */
  readonly of: (name: string) => string
}

/** Words of the language that stand for nothing else but after a dot and as keys. */
export const reserved: ReadonlySet<string> = new Set([
  'if',
  'unless',
  'and',
  'or',
  'not',
  'in',
  'has',
  'is',
  'true',
  'false',
  'any',
])

/** Names that reach into the prototype of an object are not declarable. */
export const undeclarable: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Names of members, lets and parameters. Those in `all` that can stay as they are do, whatever others would become; `taken`
 * are no names for any.
 */
export function wordNames(all: Iterable<string>, taken: Iterable<string> = []): Names {
  return namesOf(
    all,
    taken,
    asWord,
    (word) => /^[A-Za-z_]\w*$/.test(word) && !reserved.has(word) && !undeclarable.has(word),
  )
}

/** Names of entity types, which begin with a capital: `asset-category` is `AssetCategory`. */
export function typeNames(all: Iterable<string>): Names {
  return namesOf(all, [], asType, (word) => /^[A-Z]\w*$/.test(word))
}

function namesOf(
  all: Iterable<string>,
  taken: Iterable<string>,
  near: (name: string) => string,
  fits: (word: string) => boolean,
): Names {
  const names = new Map<string, string>()
  const used = new Set(taken)
  const give = (name: string, word: string): string => {
    let free = word
    for (let n = 2; used.has(free) || !fits(free); n++)
      free = n === 2 && !used.has(`${word}_`) ? `${word}_` : `${word}_${n}`
    used.add(free)
    names.set(name, free)
    return free
  }
  const distinct = [...new Set(all)]
  for (const name of distinct) if (near(name) === name && fits(name) && !used.has(name)) give(name, name)
  for (const name of distinct) if (!names.has(name)) give(name, near(name))
  return { of: (name) => names.get(name) ?? give(name, near(name)) }
}

function asWord(name: string): string {
  const word = name.replace(/\W+/g, '_')
  return /^[A-Za-z_]/.test(word) ? word : `_${word}`
}

function asType(name: string): string {
  if (/^[A-Z]\w*$/.test(name)) return name
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^[A-Z]/.test(joined) ? joined : `T${joined}`
}
