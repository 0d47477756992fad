import type { Diagnostic } from '../base/diagnostic.ts'
import type { Program } from '../ir/program.ts'
import type { Schema } from '../model/schema.ts'
import type { TestCase } from '../model/tests/test-case.ts'
import type { Policy } from '../syntax/ast.ts'
import type { Occurrences } from './occurrences.ts'

/** All that is known of the texts of a program, mistakes or not. */
export interface Analysis {
  readonly files: ReadonlyMap<string, string>
  /** The trees of those that are policies. */
  readonly policies: readonly Policy[]
  readonly schema: Schema
  /** What is there of it, if there are mistakes. */
  readonly program: Program
  readonly tests: readonly TestCase[]
  readonly diagnostics: readonly Diagnostic[]
  readonly occurrences: Occurrences
}
