import fc from 'fast-check'
import { expect, it } from 'vitest'
import { count, type Mix, shares, show } from './generate/mix.ts'
import { runs } from './generate/runs.ts'
import { loadLicet } from './licet.ts'
import { agrees } from './oracle/agrees.ts'
import { decide } from './oracle/oracle.ts'
import { asking, docs, order, program, world } from './oracle/program.ts'

it(agrees.title, { timeout: 0 }, async () => {
  fc.assert(agrees.property(await loadLicet()), runs(agrees.runs))
})

it('its programs come to every decision', () => {
  const mix: Mix = new Map()
  const question = fc.record({ action: fc.constantFrom('read', 'write'), doc: fc.constantFrom(...docs) })
  const sampled = fc.sample(fc.tuple(program, world, asking, question), { numRuns: 2000, seed: 1 })
  for (const [lines, facts, caller, asked] of sampled) {
    const question = { ...caller, ...asked }
    const reason = decide(order, lines, facts, question)
    const classes = ['granted', 'forbidden', 'not-permitted', 'not-delegated', 'error']
    count(mix, {
      ...Object.fromEntries(classes.map((name) => [name, reason === name])),
      'granted through agents': reason === 'granted' && question.agents.length > 0,
      anonymous: question.actor === null,
    })
  }
  console.info(`oracle: ${show(mix)}`)
  expect([...shares(mix)].filter(([, share]) => share < 2)).toEqual([])
})
