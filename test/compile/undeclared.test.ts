import { expect, it } from 'vitest'
import { compile, createEngine } from '../../src/index.ts'

// The first question about a type once lost what a request says of an entity under names that no type declares.
it.each([
  ['read', 'resource.owner == true', 'dynamic resource Repo', true],
  ['read of an open type', '(resource.owner ?? false) == true', 'open resource Repo', true],
  ['another', 'resource.other == true', 'dynamic resource Repo', false],
])('an attribute that no type declares is known to the very first question: %s', (_, condition, declared, allowed) => {
  const { policy, diagnostics } = compile(`actor User {}\n${declared} {\n allow pull if ${condition}\n}`)
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const repo = { type: 'Repo', id: 'r', owner: true }
  for (const backend of ['compiled', 'interpreted'] as const) {
    const bound = createEngine(policy, { backend }).for('User:ann', { now: 0 })
    const engine = createEngine(policy, { backend })
    expect([backend, bound.can('pull', repo), engine.can('User:ann', 'pull', repo)]).toEqual([
      backend,
      allowed,
      allowed,
    ])
  }
})
