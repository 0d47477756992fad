import type { SourceFile } from '../../index.ts'

/** What an importer makes of what another system has: a policy, its facts and its tests, which are one program. */
export interface Imported {
  /** Text by file name: `policy.licet`, and `facts.licet` and `tests.licet` where there are any. */
  readonly files: ReadonlyMap<string, string>
  /** What is not in them, in the order of the sources. */
  readonly remarks: readonly Remark[]
}

/** Something that a source says and the files do not. */
export interface Remark {
  /** `untranslated`: it means something that the files lack. `no-effect`: it means nothing in the other system either. */
  readonly kind: 'untranslated' | 'no-effect'
  /** Lowercase, without a final period, names of the source in backticks. */
  readonly message: string
  readonly source: SourceFile
  /** Where it begins, in UTF-16 units from the start of the source. */
  readonly at: number
}

/** Reads a file that a source names, relative to the file that says so. What cannot be read is told, never thrown. */
export type ReadSource = (path: string, from?: string) => SourceFile | { readonly problem: string }

/** What an importer may see of the files beside a source, besides what it names. */
export interface Surroundings {
  /** As the `ReadSource` that came with it, where the names in the source begin so many levels above its folder. */
  readonly above: (levels: number) => ReadSource
  /** The names in a folder, in order; undefined where it is none. */
  readonly list: (path: string) => readonly string[] | undefined
}

/** The source cannot be read as what it should be, so nothing of it can be imported. */
export class Unreadable extends Error {
  readonly remarks: readonly Remark[]

  constructor(remarks: readonly Remark[]) {
    super(remarks[0]?.message ?? 'nothing can be read')
    this.remarks = remarks
  }
}
