import fc from 'fast-check'
import { expect } from 'vitest'
import { compile } from '../../../src/index.ts'
import { now } from '../generate/vocabulary.ts'
import type { Invariant } from '../invariants/invariant.ts'
import { decide } from './oracle.ts'
import { asking, docs, factsOf, order, program, textOf, world } from './program.ts'

export const agrees: Invariant = {
  title: 'decisions and reasons are those of the oracle',
  runs: 120,
  property: ({ createEngine }) =>
    fc.property(program, world, fc.array(asking, { minLength: 2, maxLength: 2 }), (lines, world, callers) => {
      const questions = callers.flatMap((caller) =>
        docs.flatMap((doc) => ['read', 'write'].map((action) => ({ ...caller, action, doc }))),
      )
      const text = textOf(lines)
      const { policy, diagnostics } = compile(text)
      if (policy === undefined) throw new Error(`${diagnostics.map(({ message }) => message).join('\n')}\n${text}`)
      const engine = createEngine(policy, { facts: factsOf(world) })
      for (const question of questions) {
        const { actor, agents, action, doc } = question
        const { reason } = engine.authorize(actor === null ? null : `User:${actor}`, action, `Doc:${doc}`, {
          agents: agents.map((id) => `Agent:${id}`),
          now,
        })
        expect(reason, `${JSON.stringify(question)}\n${text}`).toBe(decide(order, lines, world, question))
      }
    }),
}
