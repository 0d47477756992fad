import fc from 'fast-check'
import { expect } from 'vitest'
import { prompt, resource, tool } from '../../../src/index.ts'
import { engineOf, policyOf, scenario } from '../generate/scenario.ts'
import { toolNames } from '../generate/vocabulary.ts'
import type { Invariant } from './invariant.ts'

const name = fc.oneof(
  fc.constantFrom('get_dog', 'constructor', '__proto__', 'toString', '*', 'GET_DOC', 'get_doc ', 'desk/get_doc', ''),
  fc.string({ maxLength: 8 }),
)

export const unlocked: Invariant = {
  number: 21,
  title: 'an item that is not in the lock is denied under every policy',
  runs: 60,
  property: ({ createEngine }) =>
    fc.property(
      scenario().filter(({ model }) => model.lines.some(({ where }) => where === 'desk')),
      name.filter((text) => !toolNames.includes(text) && text !== 'summarise'),
      fc.constantFrom('http://x/y', 'doc://f0/d0/more', 'doc://f0', 'mail://f0/d0', 'DOC://index', 'doc://index?x'),
      ({ model, facts, requests }, name, uri) => {
        const open = { effect: 'allow', where: '*', head: 'allow call, get, read', tail: '*', id: 'open' } as const
        const engine = engineOf(createEngine, policyOf({ ...model, lines: [...model.lines, open] }), facts)
        for (const { actor, env } of requests) {
          const denied = { allowed: false }
          for (const action of ['call', 'list'])
            expect(engine.authorize(actor, action, tool('desk', name, { id: 'd0' }), env)).toMatchObject(denied)
          expect(engine.authorize(actor, 'get', prompt('desk', name), env)).toMatchObject(denied)
          expect(engine.authorize(actor, 'read', resource('desk', uri), env)).toMatchObject(denied)
          expect(engine.authorize(actor, 'call', tool('deks', 'get_doc', { id: 'd0' }), env)).toMatchObject(denied)
        }
      },
    ),
}
