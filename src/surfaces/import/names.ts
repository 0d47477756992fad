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

/** It may stand after a dot, and as a key. */
export function bareWord(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text)
}

/** What names of another system are taken from: each says `said` of itself, which is what it is kept as where it can be. */
export interface Naming {
  readonly said?: (name: string) => string
  /** The word is no name for this one. */
  readonly taken?: (word: string, name: string) => boolean
}

/** Names of members, actions, lets and parameters. */
export function wordNames(all: Iterable<string>, naming: Naming = {}): Names {
  return namesOf(all, asWord, (word) => bareWord(word) && !reserved.has(word) && !undeclarable.has(word), naming)
}

/** Names of entity types, which begin with a capital: `asset-category` is `AssetCategory`. */
export function typeNames(all: Iterable<string>, naming: Naming = {}): Names {
  return namesOf(all, asType, (word) => isType.test(word), naming)
}

const isType = /^[A-Z]\w*$/

/** Those that can stay as they are do, whatever others would become. */
function namesOf(
  all: Iterable<string>,
  near: (said: string) => string,
  fits: (word: string) => boolean,
  { said = (name) => name, taken = () => false }: Naming,
): Names {
  const names = new Map<string, string>()
  const used = new Set<string>()
  const isFree = (word: string, name: string) => fits(word) && !used.has(word) && !taken(word, name)
  const give = (name: string, word: string): string => {
    let free = word
    for (let n = 1; !isFree(free, name); n++) free = n === 1 ? `${word}_` : `${word}_${n}`
    used.add(free)
    names.set(name, free)
    return free
  }
  const distinct = [...new Set(all)]
  for (const name of distinct) if (near(said(name)) === said(name) && isFree(said(name), name)) give(name, said(name))
  for (const name of distinct) if (!names.has(name)) give(name, near(said(name)))
  return { of: (name) => names.get(name) ?? give(name, near(said(name))) }
}

function asWord(name: string): string {
  const word = name.replace(/\W+/g, '_')
  if (/^_*$/.test(word)) return 'unnamed'
  return bareWord(word) ? word : `_${word}`
}

function asType(name: string): string {
  if (isType.test(name)) return name
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return isType.test(joined) ? joined : `T${joined}`
}
