import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/base/json.ts'
import type { Type } from '../../src/ir/type.ts'
import { argumentsType, schemaType } from '../../src/lock/schema-type.ts'

/** A type as one would write it in a policy. */
function written(type: Type): string {
  switch (type.kind) {
    case 'literal':
      return JSON.stringify(type.value)
    case 'set':
      return type.of.kind === 'union' ? `(${written(type.of)})[]` : `${written(type.of)}[]`
    case 'map':
      return `{ [string]: ${written(type.of)} }`
    case 'union':
      return type.of.map(written).join(' | ')
    case 'record':
      return `{ ${type.fields.map((f) => `${f.name}${f.optional ? '?' : ''}: ${written(f.type)}`).join(', ')} }`
    default:
      return type.kind
  }
}

function check(schema: JsonValue | undefined, type: string): void {
  expect(written(schemaType(schema).type)).toBe(type)
}

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more })

describe('schemaType', () => {
  it.each<[JsonValue | undefined, string]>([
    [undefined, 'json'],
    [{}, 'json'],
    [true, 'json'],
    [false, 'json'],
    ['nonsense', 'json'],
    [{ type: 'strnig' }, 'json'],
    [{ properties: { a: { type: 'string' } } }, 'json'],
    [{ type: 'string', format: 'date-time', pattern: 'x' }, 'string'],
    [{ type: 'integer', minimum: 1 }, 'int'],
    [{ type: 'number' }, 'number'],
    [{ type: ['integer', 'number'] }, 'number'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: ['string', 'boolean'] }, 'string | boolean'],
    [{ type: ['string', 'null'] }, 'json'],
    [{ enum: ['a', 'b', 'a'] }, '"a" | "b"'],
    [{ type: 'string', enum: ['a', 1] }, '"a"'],
    [{ enum: ['a', 1, true] }, '"a" | int | boolean'],
    [{ enum: [1, 2.5] }, 'number'],
    [{ enum: [[1]] }, 'json'],
    [{ const: 'a' }, '"a"'],
    [{ const: 1e300 }, 'number'],
    [{ type: 'array', items: { type: 'string' } }, 'string[]'],
    [{ type: 'array' }, 'json[]'],
    [{ type: 'array', items: { type: ['string', 'null'] } }, 'json[]'],
    [{ type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false }, '(string | int)[]'],
    [{ type: 'array', prefixItems: [{ type: 'string' }], maxItems: 1 }, 'string[]'],
    [{ type: 'array', prefixItems: [{ type: 'string' }] }, 'json[]'],
    [{ type: 'array', items: [{ type: 'string' }], additionalItems: { type: 'integer' } }, '(string | int)[]'],
    [{ type: 'object' }, '{ [string]: json }'],
    [{ type: 'object', additionalProperties: { type: ['integer', 'null'] } }, '{ [string]: int }'],
    [{ type: 'object', additionalProperties: false }, '{  }'],
    [object({ a: { type: 'string' }, b: {} }, { required: ['a', 'c'] }), '{ a: string, b?: json, c: json }'],
    [object({ a: { type: ['string', 'null'] } }, { required: ['a'] }), '{ a?: string }'],
    [object({ a: { anyOf: [{ type: 'string' }, { type: 'null' }] } }, { required: ['a'] }), '{ a?: string }'],
    [object({ a: { type: 'string', nullable: true } }, { required: ['a'] }), '{ a?: string }'],
    [object({ a: { type: 'null' } }, { required: ['a'] }), '{ a?: json }'],
    [object({ a: false, b: true }), '{ b?: json }'],
    [object({ a: { type: 'integer' } }, { additionalProperties: { type: 'string' } }), '{ a?: int }'],
    [{ anyOf: [{ type: 'string' }, { type: 'string', maxLength: 3 }, { const: 'x' }] }, 'string'],
    [{ oneOf: [{ const: 'a' }, { const: 'b' }, {}] }, 'json'],
    [
      { oneOf: [object({ a: { type: 'string' } }, { required: ['a'] }), object({ b: { type: 'string' } })] },
      '{ a: string } | { b?: string }',
    ],
    [object({ a: { type: 'string' } }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }), '{ a?: string }'],
    [
      { allOf: [object({ a: { type: 'number' } }), object({ a: { type: 'integer' }, b: {} }, { required: ['a'] })] },
      '{ a: int, b?: json }',
    ],
    [{ type: 'string', allOf: [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }] }, '"b"'],
    [{ allOf: [{ type: 'string' }, { type: 'integer' }] }, 'json'],
    [{ $ref: '#/$defs/x', $defs: { x: { type: 'integer' } } }, 'int'],
    [object({ a: { $ref: '#/definitions/x~1y' } }, { definitions: { 'x/y': { type: 'integer' } } }), '{ a?: int }'],
    [object({ a: { type: 'string' }, b: { $ref: '#/properties/a' } }), '{ a?: string, b?: string }'],
    [object({ v: { type: 'string' }, next: { $ref: '#' } }), '{ v?: string, next?: json }'],
    [{ if: { type: 'string' }, not: { type: 'null' } }, 'json'],
    [{ type: 'string', enum: Array.from({ length: 600 }, (_, i) => `v${i}`) }, 'string'],
  ])('%j is %s', check)

  it('an integer that only a bigint holds is int', () => check({ const: 9223372036854775807n }, 'int'))

  it.each<[JsonValue, string, string]>([
    [object({ a: { $ref: 'https://x.dev/s' } }), '/properties/a', 'remote'],
    [object({ a: { $ref: '#/$defs/none' } }), '/properties/a', 'leads nowhere'],
    [object({ a: { $ref: '#/toString' } }), '/properties/a', 'leads nowhere'],
    [object({ a: { $ref: '#anchor' } }), '/properties/a', 'leads nowhere'],
    [object({ a: { $ref: 7 } }), '/properties/a', 'no string'],
    [object({ 'a/b': { $ref: '#' } }), '/properties/a~1b', 'recursion'],
    [object({ constructor: { type: 'string' } }), '/properties/constructor', 'name of a field'],
    [
      JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'),
      '/properties/__proto__',
      'name of a field',
    ],
  ])('says why in %j', (schema, path, reason) => {
    const { type, reasons } = schemaType(schema)
    expect(reasons).toEqual([{ path, reason: expect.stringContaining(reason) }])
    expect(JSON.stringify(type)).not.toMatch(/__proto__|constructor/)
  })

  it('names the paths that are json', () => {
    const schema = object({ a: {}, b: { type: 'array', items: object({ c: true }) }, d: { type: 'object' } })
    expect(schemaType(schema).dynamic).toEqual(['a', 'b[].c', 'd{}'])
  })

  it('ends on schemas that would grow without bound', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => {
        const next = { $ref: `#/$defs/d${i + 1}` }
        return [`d${i}`, { allOf: [next, next], anyOf: [next, next] }]
      }),
    )
    const { type, reasons } = schemaType({ $ref: '#/$defs/d0', $defs })
    expect(type).toEqual({ kind: 'json' })
    expect(reasons.at(-1)?.reason).toContain('too large')
    const wide = { anyOf: Array.from({ length: 300 }, (_, i) => object({ [`p${i}`]: { type: 'string' } })) }
    expect(schemaType({ allOf: [wide, wide, wide] }).reasons.at(-1)?.reason).toContain('too large')
    let nested: JsonObject = { type: 'string' }
    for (let i = 0; i < 10_000; i++) nested = { type: 'array', items: nested }
    expect(schemaType(nested).reasons.at(-1)?.reason).toContain('nested deeper')
  })
})

describe('argumentsType', () => {
  it.each<[JsonValue | undefined, string]>([
    [undefined, 'json'],
    [{}, 'json'],
    [{ type: 'object' }, '{  }'],
    [{ type: 'object', properties: {} }, '{  }'],
    [{ properties: { a: { type: 'string' } } }, '{ a?: string }'],
    [{ type: 'object', additionalProperties: true }, '{ [string]: json }'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, '{ [string]: string }'],
    [object({ a: { type: 'string' } }, { required: ['a'] }), '{ a: string }'],
  ])('%j is %s', (schema, type) => expect(written(argumentsType(schema).type)).toBe(type))
})

/** Whether a value decodes under a type; null stands for absent. */
function fits(value: JsonValue | undefined, type: Type): boolean {
  switch (type.kind) {
    case 'json':
      return value !== undefined
    case 'string':
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'int':
      return Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'literal':
      return value === type.value
    case 'set':
      return Array.isArray(value) && value.every((item) => fits(item, type.of))
    case 'union':
      return type.of.some((one) => fits(value, one))
    case 'map':
      return isObject(value) && Object.values(value).every((member) => member === null || fits(member, type.of))
    case 'record':
      return (
        isObject(value) &&
        type.fields.every((field) => {
          const member = Object.hasOwn(value, field.name) ? value[field.name] : undefined
          return field.optional && (member === undefined || member === null) ? true : fits(member, field.type)
        })
      )
    default:
      return false
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const key = fc.constantFrom('a', 'b', 'c')
const scalar = fc.constantFrom<JsonValue>(null, true, 0, 1, 2.5, 'x', 'y')
const aValue = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value
const typeName = fc.constantFrom('string', 'integer', 'number', 'boolean', 'null', 'array', 'object')
const aSchema = fc.letrec<{ schema: JsonValue }>((tie) => {
  const schemas = fc.array(tie('schema'), { minLength: 1, maxLength: 2 })
  return {
    schema: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom<JsonValue>(true, false, { $ref: '#/$defs/d' }, { $ref: '#/$defs/e' }),
      typeName.map((type) => ({ type })),
      fc.record<JsonObject>(
        {
          type: fc.oneof(typeName, fc.uniqueArray(typeName, { minLength: 1, maxLength: 3 })),
          enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }),
          const: scalar,
          properties: fc.dictionary(key, tie('schema'), { maxKeys: 3, noNullPrototype: true }),
          required: fc.uniqueArray(key, { maxLength: 2 }),
          additionalProperties: tie('schema'),
          patternProperties: fc.constant({ '^a': true }),
          items: tie('schema'),
          prefixItems: schemas,
          maxItems: fc.nat(2),
          anyOf: schemas,
          oneOf: schemas,
          allOf: schemas,
          not: tie('schema'),
          if: tie('schema'),
          then: tie('schema'),
          $ref: fc.constantFrom('#/$defs/d', '#/$defs/e'),
        } as never,
        { requiredKeys: [], noNullPrototype: true },
      ),
    ),
  }
}).schema

describe('soundness', () => {
  it('every value that a validator accepts has the type', () => {
    let accepted = 0
    let typed = 0
    fc.assert(
      fc.property(
        aSchema,
        aSchema,
        aSchema,
        fc.array(aValue, { minLength: 12, maxLength: 12 }),
        (root, d, e, values) => {
          const schema = { allOf: [root], $defs: { d, e } }
          const { type } = schemaType(schema)
          const accepts = validator(schema)
          for (const value of values) {
            if (!accepts(value)) continue
            accepted++
            if (type.kind !== 'json') typed++
            expect(fits(value, type), `${JSON.stringify(value)} under ${written(type)}`).toBe(true)
          }
        },
      ),
      { numRuns: 200 },
    )
    expect(accepted).toBeGreaterThan(200)
    expect(typed).toBeGreaterThan(100)
  })
})

/** Two definitions that refer to each other without end make the validator throw, when it compiles or when it runs. */
function validator(schema: JsonObject): (value: JsonValue) => boolean {
  const ajv = new Ajv2020({ strict: false, logger: false, validateSchema: false, meta: false })
  const validate = orUndefined(() => ajv.compile(schema))
  return (value) => orUndefined(() => validate?.(value)) === true
}

function orUndefined<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

const servers = new URL('../../../shared/conformance/mcp-servers/', import.meta.url)

describe.skipIf(!existsSync(servers))(
  'the tools of real servers (skipped where the conformance data is absent)',
  () => {
    it('have few arguments that are json', () => {
      let all = 0
      const dynamic: string[] = []
      for (const file of readdirSync(servers).filter((name) => name.endsWith('.json'))) {
        const { tools } = JSON.parse(readFileSync(new URL(file, servers), 'utf8'))
        for (const tool of tools) {
          const { type, dynamic: paths } = argumentsType(tool.inputSchema)
          all += leaves(type)
          dynamic.push(...paths.map((path) => `${tool.name}.${path}`))
        }
      }
      console.log(
        `json: ${dynamic.length} of ${all} argument paths (${((100 * dynamic.length) / all).toFixed(1)} %): ${dynamic}`,
      )
      expect(all).toBeGreaterThan(500)
      expect(dynamic.length / all).toBeLessThan(0.02)
    })
  },
)

/** Values in a type that are no records, sets, maps or unions of such. */
function leaves(type: Type): number {
  if (type.kind === 'record') return type.fields.reduce((sum, field) => sum + leaves(field.type), 0)
  if (type.kind === 'set' || type.kind === 'map') return leaves(type.of)
  if (type.kind !== 'union') return 1
  const inner = type.of.filter((one) => one.kind === 'record' || one.kind === 'set' || one.kind === 'map')
  return inner.reduce((sum, one) => sum + leaves(one), inner.length < type.of.length ? 1 : 0)
}
