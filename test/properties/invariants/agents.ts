import fc from 'fast-check'
import { expect } from 'vitest'
import { ask, engineOf, policyOf, scenario } from '../generate/scenario.ts'
import { agents as agentIds, docs } from '../generate/vocabulary.ts'
import type { Invariant } from './invariant.ts'

const another = fc.constantFrom(...agentIds.map((id) => `Agent:${id}`), 'Agent:a9')

export const oneMoreAgent: Invariant = {
  number: 3,
  title: 'adding an agent never turns a deny into an allow',
  runs: 60,
  holds: ['recursive', 'recovers'],
  property: ({ createEngine }, options) =>
    fc.property(scenario(options), another, ({ model, facts, requests }, agent) => {
      fc.pre(model.agents)
      const engine = engineOf(createEngine, policyOf(model), facts)
      const onDocs = requests.flatMap((request) =>
        ['view', 'edit', 'share'].map((action, i) => ({ ...request, action, resource: `Doc:${docs[i]}` })),
      )
      for (const { env, ...asked } of [...requests, ...onDocs])
        for (const agents of [env.agents ?? [], ['Agent:a0'], ['Agent:a1']]) {
          const fewer = { ...asked, env: { ...env, agents } }
          const more = { ...asked, env: { ...env, agents: [...agents, agent] } }
          if (ask(engine, more).allowed) expect(ask(engine, fewer)).toMatchObject({ allowed: true })
        }
    }),
}

export const undelegated: Invariant = {
  number: 5,
  title: 'an agent without `delegate` is denied',
  runs: 60,
  holds: ['recursive', 'recovers'],
  property: ({ createEngine }, options) =>
    fc.property(scenario(options), another, ({ model, facts, requests }, agent) => {
      const policy = policyOf({
        ...model,
        agents: true,
        lines: model.lines.filter(({ effect }) => effect !== 'delegate'),
      })
      const engine = engineOf(createEngine, policy, facts)
      for (const { env, ...asked } of requests)
        expect(ask(engine, { ...asked, env: { ...env, agents: [agent] } })).toMatchObject({ allowed: false })
    }),
}
