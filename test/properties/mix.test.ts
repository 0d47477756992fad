import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, createEngine } from '../../src/index.ts'
import { classesOf, count, type Mix, shares, show } from './generate/mix.ts'
import { render } from './generate/policy.ts'
import { itemQuestion } from './generate/request.ts'
import { runs } from './generate/runs.ts'
import { ask, engineOf, policyOf, type Scenario, scenario } from './generate/scenario.ts'
import { forwardedArguments, forwardingEngine, judged } from './invariants/forwarded.ts'
import { keyOf, pairs, templates } from './invariants/keys.ts'
import { missingScenario } from './invariants/missing.ts'
import { open } from './invariants/partial.ts'

/** Below this a class is not met often enough for a property to say anything about it, in per cent. */
const least = 2

function check(name: string, mix: Mix): void {
  console.info(`${name}: ${show(mix)}`)
  expect([...shares(mix)].filter(([, share]) => share < least)).toEqual([])
}

/** Every question of every scenario. */
function sample(arbitrary: fc.Arbitrary<Scenario>, runsOfIt: number) {
  return fc.sample(arbitrary, runs<Scenario>(runsOfIt)).map(({ model, facts, requests }) => {
    const policy = policyOf(model)
    return { policy, facts, requests, engine: engineOf(createEngine, policy, facts) }
  })
}

describe('the generated input has something of everything:', () => {
  it('scenarios', () => {
    const mix: Mix = new Map()
    const whole: Mix = new Map()
    for (const { policy, facts, requests, engine } of sample(scenario(), 100)) {
      let expiryDecides = false
      const endless = engineOf(createEngine, policy, [
        ...facts.entities,
        ...facts.facts.map(({ until: _, ...fact }) => fact),
      ])
      for (const request of requests) {
        const decision = ask(engine, request)
        if (ask(endless, request).reason !== decision.reason) expiryDecides = true
        count(mix, classesOf(policy, facts, request, decision))
      }
      count(whole, { 'expiry decides some question': expiryDecides })
    }
    check('questions', mix)
    check('scenarios', whole)
  })

  it('of which the checker refuses few', () => {
    const models = fc.sample(scenario(), runs<Scenario>(250)).map(({ model }) => model)
    const refused = models.filter((model) => compile(render(model)).policy === undefined)
    console.info(`${refused.length} of ${models.length} policies are refused by the checker`)
    expect(refused.length / models.length).toBeLessThan(0.02)
  })

  it('what leads back to itself through a negation', () => {
    const mix: Mix = new Map()
    const models = fc.sample(scenario({ recursive: true }), runs<Scenario>(30)).map(({ model }) => model)
    for (const { recursive, ...model } of models) {
      expect(compile(render({ ...model, ...(recursive && { recursive }) })).policy).toBeDefined()
      count(mix, { 'would be refused without the mark': compile(render(model)).policy === undefined })
    }
    check('recursive', mix)
  })

  it('what recovers from errors', () => {
    const mix: Mix = new Map()
    for (const { requests, engine } of sample(scenario({ recovers: true }), 30))
      for (const request of requests) {
        const { errors } = ask(engine, request)
        count(mix, { 'an error of a budget': errors.some(({ code }) => code === 'budget') })
      }
    check('recovers', mix)
  })

  it('what is missing', () => {
    const mix: Mix = new Map()
    for (const { requests, engine } of sample(missingScenario(), 100))
      for (const request of requests) {
        const { allowed, missing } = ask(engine, request)
        if (allowed || missing.sets.length === 0) continue
        const facts = missing.sets.flat().map(({ kind }) => kind)
        count(mix, {
          ...Object.fromEntries(
            (['scope', 'acr', 'auth-age', 'confirmed', 'approved'] as const).map((kind) => [
              kind,
              facts.includes(kind),
            ]),
          ),
          'several sets': missing.sets.length > 1,
          'several facts in a set': missing.sets.some((set) => set.length > 1),
        })
      }
    check('missing', mix)
  })

  it('partial evaluation', () => {
    const mix: Mix = new Map()
    const given = fc.tuple(scenario(), fc.subarray([...open], { minLength: 1 }))
    for (const [{ model, facts, requests }, unknown] of fc.sample(given, { numRuns: 120, seed: 1 })) {
      const engine = engineOf(createEngine, policyOf(model), facts)
      for (const request of requests) {
        const { outcome } = engine.partial({ ...request, unknown })
        const classes = (['allow', 'deny', 'depends'] as const).map((name) => [name, outcome === name])
        count(mix, Object.fromEntries(classes))
      }
    }
    check('partial', mix)
  })

  it('lists', () => {
    const mix: Mix = new Map()
    const items = sample(scenario({ hidesNothing: true, questions: itemQuestion }), 120)
    for (const { requests, engine } of items)
      for (const { actor, resource, env } of requests) {
        if (typeof resource !== 'object') continue
        const shown = engine.can(actor, 'list', resource, env)
        count(mix, { shown, hidden: !shown })
      }
    check('lists', mix)
  })

  it('templates and their arguments', () => {
    const mix: Mix = new Map()
    for (const [template, [mine, other]] of fc.sample(fc.tuple(fc.constantFrom(...templates), pairs), {
      numRuns: 1000,
      seed: 1,
    }))
      count(mix, {
        'one text for both': keyOf(template, mine) === keyOf(template, other),
        plain: mine.every((part) => /^[ab]+$/.test(part)),
        empty: mine.includes(''),
        'dots only': mine.some((part) => /^\.\.?$/.test(part)),
      })
    check('templates', mix)
  })

  it('forwarded arguments', () => {
    const mix: Mix = new Map()
    const engine = forwardingEngine(createEngine)
    for (const sent of fc.sample(forwardedArguments, { numRuns: 1000, seed: 1 })) {
      const value = judged(sent)
      if (value === undefined) continue
      const { reason } = engine.authorize('User:ann', 'call', { kind: 'tool', server: 's', name: 'put', args: value })
      count(mix, {
        granted: reason === 'granted',
        'not-permitted': reason === 'not-permitted',
        error: reason === 'error',
        'with `__proto__`': JSON.stringify(value).includes('__proto__'),
      })
    }
    check('forwarded', mix)
  })
})
