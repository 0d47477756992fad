import type { Diagnostic, EngineOptions, EntityInput, FactInput, Policy, SourceFile } from '../../index.ts'

/** Policy and facts as their files are at a time; without a policy where something is wrong. */
export interface LoadedFiles {
  readonly policy?: Policy
  readonly facts: readonly (FactInput | EntityInput)[]
  readonly functions: NonNullable<EngineOptions['functions']>
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: readonly SourceFile[]
}

/** What a session has of the world outside, which it reaches in no other way. */
export interface Host {
  /** The files of the session, or from now on those of another policy. */
  readonly load: (policy?: readonly string[]) => Promise<LoadedFiles>
  /** Facts of one more file. */
  readonly facts: (policy: Policy, file: string) => Pick<LoadedFiles, 'facts' | 'diagnostics' | 'sources'>
  /** Writes a new file; what is in the way, in words, where it cannot. */
  readonly write: (file: string, text: string) => string | undefined
  /** Whether the files are watched, which changes it where it is said; undefined where nothing can be watched. */
  readonly watch: (on?: boolean) => boolean | undefined
  /** What wrote a module. */
  readonly version: string
}
