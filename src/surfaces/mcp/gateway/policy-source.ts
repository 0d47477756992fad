import type { Diagnostic, EntityInput, FactInput, Policy, SourceFile } from '../../../index.ts'
import { loadFacts, loadPolicy, watchFiles } from '../../node/index.ts'
import { sha256 } from '../audit/audit.ts'

/** Where a gateway has its policy from, and where it learns that there is another one. */
export interface PolicySource {
  load(): LoadedSource
  /** Calls back whenever `load` may give something else; returns what ends it. */
  watch?(onChange: () => void): () => void
}

export interface LoadedSource {
  /** Undefined where any diagnostic is an error. */
  readonly policy?: Policy
  readonly facts: readonly (FactInput | EntityInput)[]
  readonly diagnostics: readonly Diagnostic[]
  /** What the diagnostics point into. */
  readonly sources: readonly SourceFile[]
}

export interface PolicyFiles {
  readonly policies: readonly string[]
  readonly facts?: readonly string[]
  /** What the paths are relative to. */
  readonly cwd?: string
}

/** A policy and facts in files, loaded again when one of them changes, locks and imported files included. */
export function policyFiles({ policies, facts = [], cwd = process.cwd() }: PolicyFiles): PolicySource {
  let files: readonly string[] = []
  return {
    load: () => {
      const { policy, diagnostics, sources, files: policyFiles } = loadPolicy(policies, { cwd })
      if (policy === undefined) {
        files = [...new Set([...policyFiles, ...files])]
        return { facts: [], diagnostics, sources }
      }
      const loaded = loadFacts(policy, facts, { cwd })
      files = [...policyFiles, ...loaded.files]
      const isUsable = !loaded.diagnostics.some(({ severity }) => severity === 'error')
      return {
        ...(isUsable ? { policy } : {}),
        facts: loaded.facts,
        diagnostics: [...diagnostics, ...loaded.diagnostics],
        sources: [...sources, ...loaded.sources],
      }
    },
    watch: (onChange) => watchFiles(() => files, onChange),
  }
}

/** Of everything that the policy was compiled from, locks included; the same whatever the order of the files. */
export function policyDigest({ sources }: Policy): string {
  const texts = sources.map(({ name, text }) => [name, text] as const)
  return sha256(texts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
