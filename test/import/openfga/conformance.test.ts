import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compile, createEngine, type Policy } from '../../../src/index.ts'
import { importOpenFga } from '../../../src/surfaces/import/openfga/index.ts'
import { readWithin } from '../../../src/surfaces/import/read-within.ts'
import { runTests, testNow } from '../../../src/surfaces/testing/index.ts'

const folder = fileURLToPath(new URL('../../../../shared/conformance/openfga-sample-stores/stores', import.meta.url))
const stores = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.fga.yaml'))
      .sort()
  : []

/** What is not translated, by store: 4 checks, of texts in order and lists by index, and 2 lists of usersets, which ask nothing themselves. */
const untranslated: Readonly<Record<string, readonly string[]>> = {
  'condition-data-types/store.fga.yaml': [
    'the condition `is_valid_map_string`: texts have no order',
    'the condition `is_valid_list_string`: a list is a set here, which has no first element and no other one',
    ...[1, 2].flatMap(() => [
      '`user:mapstring is_valid datatype_test:one`: its condition `is_valid_map_string` is not translated',
      '`user:liststring is_valid datatype_test:one`: its condition `is_valid_list_string` is not translated',
      '`user:mapstring is_valid datatype_test:one`: it may depend on `user:mapstring is_valid datatype_test:one`, which is left out',
      '`user:liststring is_valid datatype_test:one`: it may depend on `user:liststring is_valid datatype_test:one`, which is left out',
    ]),
  ],
  'gdrive/store.fga.yaml': [
    'who has `viewer` of `folder:product-2021`: the holders of a relation are not told, but who they are',
  ],
  'github/store.fga.yaml': [
    'who has `writer` of `repo:openfga/openfga`: the holders of a relation are not told, but who they are',
  ],
}

const counts = { check: 0, list: 0, who: 0 }

describe.skipIf(stores.length === 0)('the sample stores of OpenFGA (in ../shared, which a clone does not have)', () => {
  it('are all there', () => {
    expect(stores.length).toBe(32)
  })

  it.each(stores)('%s', (name) => {
    const { files, remarks } = importOpenFga(name, readWithin(folder, name))
    expect(remarks.map(({ message }) => message)).toEqual(untranslated[name] ?? [])
    const { policy, diagnostics } = compile(Object.fromEntries(files))
    expect(diagnostics).toEqual([])
    if (policy === undefined) throw new Error('there is no policy')
    const { tests } = runTests(policy)
    expect(tests.flatMap(({ failures, warnings }) => [...failures, ...warnings])).toEqual([])
    for (const { expectations } of policy.tests)
      for (const { kind } of expectations) counts[kind === 'list' || kind === 'who' ? kind : 'check'] += 1
    bothAgree(policy)
  })

  it('hold, but for those that are named here', () => {
    expect(counts).toEqual({ check: 327 - 4, list: 17, who: 19 - 2 })
  })
})

/** The interpreter and the compiled path say the same of everyone and everything that a test knows. */
function bothAgree(policy: Policy): void {
  for (const { facts, inputs } of policy.tests) {
    const [compiled, interpreted] = (['compiled', 'interpreted'] as const).map((backend) => {
      const engine = createEngine(policy, { backend })
      engine.facts.load(facts)
      return engine
    })
    const names = new Set(JSON.stringify([...policy.facts, ...facts]).match(/[A-Z]\w*:[\w-]+/g) ?? [])
    const env = { now: testNow, ...Object.fromEntries(inputs) }
    const typeOf = (entity: string) => entity.slice(0, entity.indexOf(':'))
    for (const { action, types } of policy.program.actions)
      for (const entity of names)
        if (types.includes(typeOf(entity)))
          for (const actor of names)
            if (policy.program.types.some((one) => one.actor && one.name === typeOf(actor)))
              expect([actor, action, entity, compiled?.authorize(actor, action, entity, env)]).toEqual([
                ...[actor, action, entity, interpreted?.authorize(actor, action, entity, env)],
              ])
  }
}
