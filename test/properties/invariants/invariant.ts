import type fc from 'fast-check'
import type { PolicyOptions } from '../generate/policy.ts'
import type { Licet } from '../licet.ts'

/** An invariant of the normative text, as a property of an engine. */
export interface Invariant {
  /** Its number there; none: it follows from the text without being in the list. */
  readonly number?: number
  readonly title: string
  /** How often it is tried; each try asks several questions. */
  readonly runs: number
  /** Of which other policies it holds, too. */
  readonly holds?: readonly ('recursive' | 'recovers')[]
  property(licet: Licet, options?: PolicyOptions): fc.IRawProperty<unknown>
}
