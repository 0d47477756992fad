import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createEngine } from '../src/engine.ts'
import { erring, scenario, policyOf } from './properties/generate/scenario.ts'
const N = Number(process.env.N ?? 200)
const plain = (d: any) => ({ ...d, errors: d.errors.map((e: any) => `${e.code} ${e.message} ${e.at?.start}-${e.at?.end}`) })
it('agrees', () => {
  let n = 0, errs = 0, allowed = 0
  fc.assert(fc.property(scenario(), ({ model, facts, requests }) => {
    const policy = policyOf(model)
    const all = [...facts.entities, ...facts.facts]
    const one = createEngine(policy, { backend: 'interpreted', functions: erring }); one.facts.load(all)
    const two = createEngine(policy, { backend: 'compiled', functions: erring }); two.facts.load(all)
    for (const { actor, action, resource, env } of requests as any) {
      const e = { now: 0, ...env }
      const a = one.authorize(actor, action, resource, e)
      n++; if (a.errors.length) errs++; if (a.allowed) allowed++
      for (let i = 0; i < 2; i++) {
        expect(plain(two.authorize(actor, action, resource, e))).toEqual(plain(a))
        expect(two.can(actor, action, resource, e)).toBe(a.allowed)
        expect(plain(two.for(actor, e).authorize(action, resource))).toEqual(plain(a))
        expect(two.for(actor, e).can(action, resource)).toBe(a.allowed)
      }
    }
  }), { numRuns: N, seed: Number(process.env.SEED ?? 1), endOnFailure: false, verbose: 0 })
  console.log({ n, errs, allowed })
}, 600000)
