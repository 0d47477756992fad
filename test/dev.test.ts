import fc from 'fast-check'
import { expect, it } from 'vitest'
import { adapter } from '/tmp/dev/adapter.ts'
import { linkLazily } from '../src/compile/linker.ts'
import { createMachine } from '../src/machine/machine.ts'
import { createEvaluator } from '../src/runtime/evaluator.ts'
import { memoryStore } from '../src/facts/memory.ts'
import { layered } from '../src/facts/layers.ts'
import { normalise } from '../src/runtime/normalise.ts'
import { isError } from '../src/value/evaluation-error.ts'
import { scenario, policyOf } from './properties/generate/scenario.ts'
const N = Number(process.env.N ?? 200)
const plain = (d: any) => ({ ...d, errors: d.errors.map((e: any) => `${e.code} ${e.message} ${e.at?.start}-${e.at?.end}`) })
it('agrees', () => {
  let n = 0, errs = 0, allowed = 0
  fc.assert(fc.property(scenario(), ({ model, facts, requests }) => {
    const policy = policyOf(model)
    const { program } = policy
    const evaluator = createEvaluator(program, {})
    const own = memoryStore(evaluator.policy.schema); own.load(policy.facts)
    const store = memoryStore(evaluator.policy.schema, own.snapshot()); store.load([...facts.entities, ...facts.facts])
    const view = layered(own.snapshot(), store.snapshot())
    const linked = linkLazily(program, process.env.SHARE ? { sharing: true } : {})
    for (const request of requests) {
      const asked = { ...request, env: { now: 0, ...request.env } } as any
      const one = evaluator.decide(asked, view)
      const q = normalise(evaluator.policy, asked, new Set())
      if (isError(q)) continue
      const machine = createMachine(linked, evaluator.policy, adapter(program, layered(...q.layers, view)), {})
      const two = machine.decide(q.question)
      n++; if (one.errors.length) errs++; if (one.allowed) allowed++
      expect(plain(two)).toEqual(plain(one)); expect(machine.can(q.question)).toBe(one.allowed)
    }
  }), { numRuns: N, seed: Number(process.env.SEED ?? 1), endOnFailure: false, verbose: 0 })
  console.log({ n, errs, allowed })
}, 600000)
