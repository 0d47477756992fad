import { type Analysed, analyse, type TextMemory } from '../../assist.ts'
import { type Profile, type ProgramFiles, profileOf, programsOf } from './programs.ts'
import { type LineIndex, lineIndex } from './text.ts'

/** Where texts come from that are not open. */
export interface Disk {
  /** Names of policies in the folders that are worked in, and beside these. */
  readonly list: (beside: readonly string[]) => readonly string[]
  /** Undefined where there is no such text. */
  readonly read: (name: string) => string | undefined
}

/** A program as it is now, and what is known of it. */
export interface Program extends ProgramFiles {
  readonly analysis: Analysed
}

/** Texts, open ones before those on disk, and the programs that they form. It does no I/O of its own. */
export interface Workspace {
  /** A text that is open, from now on, or as it is now. */
  readonly open: (name: string, text: string) => void
  readonly close: (name: string) => void
  /** Something on disk may be otherwise; without names, everything. */
  readonly touched: (names?: readonly string[]) => void
  readonly text: (name: string) => string | undefined
  readonly lines: (name: string) => LineIndex
  readonly opened: () => readonly string[]
  /** The programs that a text is in, the one first that it is a part of. None for a text that is no policy. */
  readonly programsWith: (name: string) => readonly Program[]
  /** Of every program. */
  readonly programs: () => readonly Program[]
}

export function newWorkspace(disk: Disk): Workspace {
  const opened = new Map<string, string>()
  /** Of files that are not open: what was read, null where there is nothing. */
  const onDisk = new Map<string, string | null>()
  let listed: readonly string[] | undefined
  let grouped: readonly ProgramFiles[] | undefined
  const analyses = new Map<string, { readonly files: ReadonlyMap<string, string>; readonly analysis: Analysed }>()
  /** Of each program, what parsing it again would take. */
  const memories = new Map<string, TextMemory>()
  const profiles = new Map<string, { readonly text: string; readonly profile: Profile }>()
  const indices = new Map<string, { readonly text: string; readonly lines: LineIndex }>()

  const text = (name: string): string | undefined => {
    const own = opened.get(name)
    if (own !== undefined) return own
    const known = onDisk.get(name)
    if (known !== undefined) return known ?? undefined
    const read = disk.read(name)
    onDisk.set(name, read ?? null)
    return read
  }

  const profile = (name: string, own: string): Profile => {
    const known = profiles.get(name)
    if (known?.text === own) return known.profile
    const made = profileOf(name, own)
    profiles.set(name, { text: own, profile: made })
    return made
  }

  /** Every policy that is open or in the folders, or that those import. */
  const policies = (): ReadonlyMap<string, Profile> => {
    listed ??= disk.list([...opened.keys()])
    const found = new Map<string, Profile>()
    const names = new Set([...opened.keys(), ...listed].filter((name) => !name.endsWith('.json')))
    // A Set hands out what is added while it is walked.
    for (const name of names) {
      const own = text(name)
      if (own === undefined) continue
      const one = profile(name, own)
      found.set(name, one)
      for (const imported of one.imports) if (!imported.endsWith('.json')) names.add(imported)
    }
    for (const name of profiles.keys()) if (!found.has(name)) profiles.delete(name)
    return found
  }

  /** Found out when something is asked: of many changes that arrive together the last one matters. */
  const groups = (): readonly ProgramFiles[] => {
    if (grouped !== undefined) return grouped
    grouped = programsOf(policies())
    // What is known of programs that are no more is let go.
    const keys = new Set(grouped.map(keyOf))
    for (const kept of [analyses, memories]) for (const key of kept.keys()) if (!keys.has(key)) kept.delete(key)
    return grouped
  }

  /** The texts of a program, with its locks. */
  const filesOf = (names: readonly string[]): ReadonlyMap<string, string> => {
    const files = new Map<string, string>()
    for (const name of names) {
      const own = text(name)
      if (own === undefined) continue
      files.set(name, own)
      for (const imported of profile(name, own).imports) {
        const other = imported.endsWith('.json') ? text(imported) : undefined
        if (other !== undefined) files.set(imported, other)
      }
    }
    return files
  }

  const analysed = (program: ProgramFiles): Program => {
    const key = keyOf(program)
    const files = filesOf(program.names)
    const known = analyses.get(key)
    if (known !== undefined && isSame(known.files, files)) return { ...program, analysis: known.analysis }
    const memory = memories.get(key) ?? new Map()
    memories.set(key, memory)
    const analysis = analyse(files, memory)
    analyses.set(key, { files, analysis })
    return { ...program, analysis }
  }

  return {
    open: (name, own) => {
      const isNew = !opened.has(name)
      opened.set(name, own)
      if (isNew) listed = undefined
      grouped = undefined
    },
    close: (name) => {
      opened.delete(name)
      onDisk.delete(name)
      indices.delete(name)
      grouped = undefined
    },
    touched: (names) => {
      if (names === undefined) onDisk.clear()
      else for (const name of names) onDisk.delete(name)
      listed = undefined
      grouped = undefined
    },
    text,
    lines: (name) => {
      const own = text(name) ?? ''
      const known = indices.get(name)
      if (known?.text === own) return known.lines
      const lines = lineIndex(own)
      indices.set(name, { text: own, lines })
      return lines
    },
    opened: () => [...opened.keys()],
    programsWith: (name) => {
      const all = groups().filter(({ names }) => names.includes(name))
      return [...all].sort((a, b) => rank(a, name) - rank(b, name)).map(analysed)
    },
    programs: () => groups().map(analysed),
  }
}

/** Before the programs that it is a guest of, and those that have a guest, the one that it is a part of. */
function rank({ guest }: ProgramFiles, name: string): number {
  return guest === undefined ? 0 : guest === name ? 1 : 2
}

function keyOf({ names, guest }: ProgramFiles): string {
  return JSON.stringify([names, guest])
}

function isSame(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([name, text]) => b.get(name) === text)
}
