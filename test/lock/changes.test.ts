import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { driftOf } from '../../src/lock/drift.ts'
import { driftJson } from '../../src/lock/drift-json.ts'
import { readLock } from '../../src/lock/read-lock.ts'
import { renderDrift } from '../../src/lock/render-drift.ts'

function lockOf(members: JsonObject) {
  const { lock } = readLock({ name: 'f', text: JSON.stringify({ lock: 1, server: 's', ...members }) })
  if (lock === undefined) throw new Error('no lock')
  return lock
}

/** What is shown under a tool that has become another one. */
function shown(locked: JsonObject, live: JsonObject): string[] {
  const whole = (tool: JsonObject) => ({ name: 't', inputSchema: {}, ...tool })
  const text = renderDrift(driftOf(lockOf({ tools: [whole(locked)] }), { tools: [whole(live)] }))
  return text
    .split('\n')
    .slice(1, -1)
    .map((line) => line.trim())
}

const schema = (properties: JsonObject, more: JsonObject = {}) => ({
  inputSchema: { type: 'object', properties, ...more },
})

describe('a change', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'of a type, by its path',
      schema({ a: { type: 'string' }, b: {} }),
      schema({ a: { type: 'integer' }, b: {} }),
      ['inputSchema.properties.a.type', '- "string"', '+ "integer"'],
    ],
    [
      'of a property that has come',
      schema({}),
      schema({ 'a b': { type: 'string' } }),
      ['inputSchema.properties["a b"]', '- (none)', '+ {"type":"string"}'],
    ],
    [
      'of what is required',
      schema({}, { required: ['a', 'b'] }),
      schema({}, { required: ['b', 'c'] }),
      ['inputSchema.required', '- "a"', '+ (none)', 'inputSchema.required', '- (none)', '+ "c"'],
    ],
    [
      'of an order alone',
      schema({}, { required: ['a', 'b'] }),
      schema({}, { required: ['b', 'a'] }),
      ['inputSchema.required', '- ["a","b"]', '+ ["b","a"]'],
    ],
    [
      'inside a union',
      schema({ a: { anyOf: [{ type: 'string' }, { type: 'null' }] } }),
      schema({ a: { anyOf: [{ type: 'string' }, { type: 'array' }, {}] } }),
      [
        'inputSchema.properties.a.anyOf[1].type',
        '- "null"',
        '+ "array"',
        'inputSchema.properties.a.anyOf[2]',
        '- (none)',
        '+ {}',
      ],
    ],
    [
      'of a hint',
      { annotations: { readOnlyHint: true } },
      { annotations: { readOnlyHint: false } },
      ['annotations.readOnlyHint', '- true', '+ false'],
    ],
    [
      'to another form',
      schema({ a: {} }),
      { inputSchema: { properties: [1] } },
      ['inputSchema.properties', '- {"a":{}}', '+ [1]', 'inputSchema.type', '- "object"', '+ (none)'],
    ],
    [
      'of one line of a text',
      { description: 'one\ntwo\nthree' },
      { description: 'one\n2\nthree' },
      ['description', '- "two"', '+ "2"'],
    ],
    [
      'of some lines of a text',
      { description: 'one\ntwo\nthree' },
      { description: 'one\nand\nthen\u202e\nthree' },
      ['description', '- "two"', '+ "and"', '+ "then\\u{202e}"'],
    ],
    [
      'with characters that do not show',
      { title: 'a' },
      { title: '\u001b[2Ja\u{e0041}' },
      ['title', '- "a"', '+ "\\u001b[2Ja\\u{e0041}"'],
    ],
    [
      'of a name that does not show',
      schema({}),
      schema({ '\u202ea': {} }),
      ['inputSchema.properties["\\u{202e}a"]', '- (none)', '+ {}'],
    ],
    [
      'of a name that is special',
      schema({}),
      JSON.parse('{"inputSchema":{"type":"object","properties":{"__proto__":{"a":1}}}}'),
      ['inputSchema.properties.__proto__', '- (none)', '+ {"a":1}'],
    ],
  ])('%s', (_, locked, live, expected) => {
    expect(shown(locked, live)).toEqual(expected)
  })

  it('of the arguments of a prompt goes by their names', () => {
    const prompt = (args: JsonObject[]) => [{ name: 'p', arguments: args }]
    const locked = lockOf({ prompts: prompt([{ name: 'a' }, { name: 'b', required: true }]) })
    expect(renderDrift(driftOf(locked, { prompts: prompt([{ name: 'b', required: false }, { name: 'c' }]) }))).toBe(
      [
        '~ prompt p: arguments changed',
        '    arguments.a',
        '      - {"name":"a"}',
        '      + (none)',
        '    arguments.b.required',
        '      - true',
        '      + false',
        '    arguments.c',
        '      - (none)',
        '      + {"name":"c"}',
        '',
      ].join('\n'),
    )
  })

  it('of a thousand members is not shown in full', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`p${i}`, {}]))
    expect(shown(schema({}), schema(many)).length).toBeLessThan(310)
    expect(shown(schema({}), schema(many)).at(-1)).toBe('and 900 more changes')
  })
})

describe('an item that is not locked', () => {
  it('is shown with what a model would read', () => {
    const live = { tools: [{ name: 'rm', description: 'Removes\nall', inputSchema: {} }] }
    expect(renderDrift(driftOf(lockOf({}), live))).toBe('+ tool rm\n    "Removes\\nall"\n')
  })

  it('is none where a locked template covers it', () => {
    const locked = lockOf({ resourceTemplates: [{ name: 'd', uriTemplate: 'doc://{id}' }] })
    const resources = ['doc://1', 'other://1'].map((uri) => ({ name: uri, uri }))
    const { items } = driftOf(locked, { resources })
    expect(items.map(({ name, status }) => [name, status])).toEqual([['other://1', 'unlocked']])
  })
})

it('JSON has every change with its path and both values', () => {
  const locked = lockOf({
    instructions: 'a',
    tools: [
      { name: 't', inputSchema: { type: 'object' } },
      { name: 'u', inputSchema: {} },
    ],
  })
  const live = {
    instructions: 'b',
    tools: [
      { name: 't', inputSchema: { type: 'array' } },
      { name: 'v', inputSchema: {} },
    ],
  }
  expect(driftJson('s', 's.lock.json', driftOf(locked, live), [{ list: 'tools', name: 't' }])).toEqual({
    server: 's',
    lock: 's.lock.json',
    drifted: true,
    changes: [{ path: ['instructions'], locked: 'a', live: 'b' }],
    items: [
      {
        list: 'tools',
        name: 't',
        status: 'drifted',
        changes: [{ path: ['inputSchema', 'type'], locked: 'object', live: 'array' }],
      },
      { list: 'tools', name: 'u', status: 'gone' },
      { list: 'tools', name: 'v', status: 'unlocked', live: { name: 'v', inputSchema: {} } },
    ],
    edited: [{ list: 'tools', name: 't' }],
  })
})
