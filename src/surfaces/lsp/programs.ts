import { likelyImports, pathIn } from '../node/imports.ts'

/** What tells where a text belongs. */
export interface Profile {
  /** The names of the files that it imports or names as locks. */
  readonly imports: readonly string[]
  readonly kind: 'policy' | 'tests' | 'facts'
}

export function profileOf(name: string, text: string): Profile {
  return { imports: importsOf(name, text), kind: kindOf(text) }
}

/** The texts of one program, which are checked together. */
export interface ProgramFiles {
  /** Policies, by name; the locks and other files that they lead to are found through them. */
  readonly names: readonly string[]
  /** A file of facts that was added to a program it is not part of: only what is wrong with it is told. */
  readonly guest?: string
}

/**
 * Which policies form a program: those that imports connect. A file of tests that imports nothing and is imported nowhere belongs to
 * the one program of its folder, as on a command line (`licet test policy.licet tests.licet`); a file of facts (`-f facts.licet`) is
 * checked against that program, but is no part of it.
 */
export function programsOf(texts: ReadonlyMap<string, Profile>): readonly ProgramFiles[] {
  const components = connected(texts)
  const isLoose = ([name, ...others]: readonly string[]) =>
    others.length === 0 && texts.get(name ?? '')?.kind !== 'policy'
  const programs = components.filter((names) => !isLoose(names)).map((names) => [...names])
  const guests: ProgramFiles[] = []
  for (const [name] of components.filter(isLoose)) {
    if (name === undefined) continue
    const host = hostOf(name, programs)
    if (host === undefined) guests.push({ names: [name] })
    else if (texts.get(name)?.kind === 'tests') host.push(name)
    else guests.push({ names: host, guest: name })
  }
  return [
    ...programs.map((names): ProgramFiles => ({ names })),
    ...guests.map(({ names, guest }) => (guest === undefined ? { names } : { names: [...names, guest], guest })),
  ]
}

/** The program that has files in the same folder, if there is one alone, or one with a `policy.licet`. */
function hostOf(name: string, programs: readonly string[][]): string[] | undefined {
  const folder = folderOf(name)
  const near = programs.filter((names) => names.some((one) => folderOf(one) === folder))
  return near.length === 1 ? near[0] : near.find((names) => names.includes(`${folder}policy.licet`))
}

function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1)
}

const comments = /\/\/[^\n]*/g
const statements = /^[ \t]*(?:(?:open|virtual|dynamic|contextual)[ \t]+)*([a-z]+)\b/gm

/** What a text is for, as far as its lines show: a guess for texts that need not parse. */
function kindOf(text: string): Profile['kind'] {
  const words = new Set([...text.replace(comments, '').matchAll(statements)].map(([, word]) => word))
  const declares = [
    'actor',
    'resource',
    'role',
    'allow',
    'deny',
    'delegate',
    'limit',
    'label',
    'server',
    'let',
    'function',
    'scope',
    'action',
    'import',
  ]
  if (declares.some((word) => words.has(word))) return 'policy'
  if (words.has('test')) return 'tests'
  return words.has('given') ? 'facts' : 'policy'
}

/** Files that imports lead to from one another, in either direction. */
function connected(texts: ReadonlyMap<string, Profile>): readonly (readonly string[])[] {
  const neighbours = new Map([...texts.keys()].map((name) => [name, new Set<string>()]))
  for (const [name, { imports }] of texts)
    for (const imported of imports) {
      neighbours.get(name)?.add(imported)
      neighbours.get(imported)?.add(name)
    }
  const seen = new Set<string>()
  const found: string[][] = []
  for (const name of texts.keys()) {
    if (seen.has(name)) continue
    const all = new Set([name])
    // A Set hands out what is added while it is walked.
    for (const one of all) for (const next of neighbours.get(one) ?? []) if (texts.has(next)) all.add(next)
    for (const one of all) seen.add(one)
    found.push([...all].sort())
  }
  return found
}

function importsOf(name: string, text: string): readonly string[] {
  return likelyImports(text).flatMap((literal) => {
    const path = pathIn(literal)
    return path === undefined ? [] : [resolved(folderOf(name), path.replaceAll('\\', '/'))]
  })
}

/** A path from a folder, without `.` and `..`. */
function resolved(folder: string, path: string): string {
  const isAbsolute = path.startsWith('/') || /^[A-Za-z]:\//.test(path)
  const kept: string[] = []
  const parts = (isAbsolute ? path : `${folder}${path}`).split('/')
  for (const [i, part] of parts.entries()) {
    if (part === '.' || (part === '' && i > 0)) continue
    if (part === '..' && kept.length > 1) kept.pop()
    else kept.push(part)
  }
  return kept.join('/')
}
