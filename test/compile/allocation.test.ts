import { describe, expect, it } from 'vitest'
import { linkLazily } from '../../src/compile/linker.ts'
import { memoryStore } from '../../src/facts/memory.ts'
import { compile } from '../../src/index.ts'
import { begin, newRegisters } from '../../src/machine/registers.ts'
import { createBuiltins } from '../../src/runtime/builtins/registry.ts'
import { policyOf } from '../../src/runtime/policy.ts'
import { regexes } from '../../src/runtime/regexes.ts'
import { header } from './values-policy.ts'

/** Conditions that leave nothing behind for the garbage collector, once they have been compiled. */
const conditions: readonly string[] = [
  'context.int <= 5 and context.flag',
  'context.device.trusted and context.text == "abc"',
  'resource.owner == actor and resource.level >= 3 and not resource.private',
  'context.owner == actor',
  '(context.maybe ?? 5) <= 5',
  'context.int + 1 == 6',
  'now - context.when < 1d',
  'context.text.startsWith("ab") or context.text.like("a*z")',
  'context.text.length <= 64',
  'context.text in ["a", "b", "abc"]',
  '"b" in context.tags and not ("z" in context.tags)',
  'context.tags.containsAny(["x", "b"])',
  '"b" in resource.labels',
  'scope("a") and "dev" in token.roles',
  'path(context.file) in path("/srv/data")',
  'ip(context.host) in cidr("10.0.0.0/8")',
]

const calls = 50_000
const rounds = 5

/** Bytes that a call leaves behind: the median of several rounds, since others allocate too, and a collection may fall into one. */
function bytesPerCall(call: () => void): number {
  for (let i = 0; i < calls; i++) call()
  const measured = Array.from({ length: rounds }, () => {
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < calls; i++) call()
    return (process.memoryUsage().heapUsed - before) / calls
  })
  return measured.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
}

describe('a condition as code', () => {
  const text = header.replace('text: string,', 'text: string, file: string, host: string,')
  const { policy } = compile({
    'test.licet': `${text}\n${conditions.map((condition, i) => `allow a${i} on Doc if ${condition}`).join('\n')}`,
  })
  if (policy === undefined) throw new Error('a mistake in the test')
  const { program } = policy as unknown as { readonly program: Parameters<typeof policyOf>[0] }
  const checked = policyOf(program)
  const store = memoryStore(checked.schema)
  store.load([
    { type: 'User', id: 'ann', name: 'ann', limit: 5 },
    { type: 'Doc', id: '1', level: 3, title: 'abc', private: false, labels: ['a', 'b'], owner: 'User:ann' },
  ])
  const r = newRegisters({
    policy: checked,
    table: store.table,
    functions: {},
    builtins: createBuiltins(regexes),
    limits: { atoms: 1e6 },
    clock: () => 1000,
  })
  const linked = linkLazily(program)(r)

  it.each(conditions)('leaves nothing behind: %s', (condition) => {
    store.deciding(() => {
      const [actor, doc] = ['User:ann', 'Doc:1'].map((key) => store.table.ids.get(key) ?? '')
      r.actor = actor ?? ''
      r.time = 1000
      r.context =
        JSON.parse(`{"int": 5, "text": "abc", "file": "/srv/data/x", "host": "10.1.2.3", "flag": true, "owner": "User:ann",
        "when": "1970-01-01T00:00:00Z", "tags": ["a", "b"], "device": {"trusted": true}}`)
      r.token = JSON.parse('{"scopes": ["a"], "roles": ["dev"]}')
      begin(r)
      const index = program.rules.findIndex(({ actions }) => actions.includes(`a${conditions.indexOf(condition)}`))
      const { when, k } = linked.rule(index)
      expect(when(actor ?? '', doc, undefined, undefined, 'a', k)).toBe(true)
      expect(bytesPerCall(() => when(actor ?? '', doc, undefined, undefined, 'a', k))).toBeLessThan(1)
    })
  })
})
