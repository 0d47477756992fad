import type { Field, Has } from '../../ir/expr.ts'
import type { InlineKind } from '../../machine/inline.ts'
import type { Body } from '../body.ts'
import type { Code } from '../code.ts'
import { js } from '../code.ts'
import { readsRegisters } from '../direct.ts'
import { entityTypes } from '../typing.ts'
import { entityCode } from './entity.ts'
import { literalsOf } from './kind.ts'
import type { Glance } from './operand.ts'

/** A field of an entity as the store has it. */
export interface Stored {
  /** What has to hold before it is read. */
  readonly when: readonly Code[]
  readonly first: Code
  readonly name: Code
  /** That something is known of the entity, so that a field that is not set is just that. */
  readonly known: () => Code
}

type Fielded = Pick<Field | Has, 'of' | 'name' | 'relation'>

/** The value of a field that is an attribute; undefined where there is none, or where the entity has no number. */
export function attributeOf(glance: Glance, field: Fielded): Stored | undefined {
  return field.relation ? undefined : storedOf(glance, field)
}

/**
 * What a field of entity type holds, as the store's arrays have it: `~number` of the only one, 0 for none, and anything positive
 * where one has to look closer.
 */
export function headOf(glance: Glance, field: Fielded): Stored | undefined {
  return field.relation ? storedOf(glance, field) : undefined
}

function storedOf({ body, operandOf }: Glance, field: Fielded): Stored | undefined {
  const { module } = body
  const [type, ...others] = entityTypes(module.program, field.of, body.names) ?? []
  if (type === undefined || others.length > 0) return undefined
  const simple = entityCode(body, field.of)
  const operand = simple === undefined ? operandOf(field.of, 'entity') : { when: [], code: simple }
  if (operand === undefined) return undefined
  const of = operand.code
  const number = module.program.types.findIndex(({ name }) => name === type) + 1
  if (number === 0) return undefined
  const name = body.temporary()
  const reader = readerOf(body, type, number, field)
  return {
    when: operand.when,
    first: js`(${name} = ${reader}(${of}))`,
    name,
    known: () => js`${knownOf(body, type, number)}(${of})`,
  }
}

/** The one place where emitted code reads a field of an entity. */
function readerOf({ module }: Body, type: string, number: number, { name, relation }: Fielded): Code {
  const isIts = js`(typeof o === 'number' && o >>> ${bits(module)} === ${number})`
  const mask = module.constant('mask', js`r.table.localMask`)
  if (relation) {
    const store = module.constant(`${type}$${name}`, js`r.table.relation(${number}, ${name})`)
    return module.constant(`${type}$${name}$of`, js`(o) => ${isIts} ? ${store}.head[o & ${mask}] : 1`)
  }
  const store = attributeStore(module, type, number, name)
  const kind = inlineKind(module, number, name)
  // What a request brings of somebody unknown is read where it stands.
  const other =
    kind === undefined ? js`undefined` : js`${module.support('inlineValue')}(r, o, ${number}, ${name}, ${kind})`
  return module.constant(`${type}$${name}$of`, js`(o) => ${isIts} ? ${store}.values[o & ${mask}] : ${other}`)
}

function attributeStore(module: Body['module'], type: string, number: number, name: string): Code {
  return module.constant(`${type}$${name}`, js`r.table.attribute(${number}, ${name})`)
}

/**
 * Of the names that types have without declaring them, those of a request are kept only where they are read, which has to be known
 * before: where it is read of no type in particular, of all of them.
 */
export function announce(module: Body['module'], { name, relation }: Pick<Fielded, 'name' | 'relation'>): void {
  if (relation) return
  for (const [i, type] of module.program.types.entries())
    if (type.open || type.dynamic) attributeStore(module, type.name, i + 1, name)
}

/** What an attribute is, where a value that comes with a request is one at a glance. */
function inlineKind({ program }: Body['module'], number: number, name: string): InlineKind | undefined {
  const type = program.types[number - 1]?.fields.find((field) => field.name === name)?.type
  switch (type?.kind) {
    case 'string':
    case 'boolean':
    case 'int':
    case 'number':
      return type.kind
    default:
      return type !== undefined && literalsOf(type) !== undefined ? 'string' : undefined
  }
}

function knownOf(body: Body, type: string, number: number): Code {
  const { module } = body
  readsRegisters(body)
  const mask = module.constant('mask', js`r.table.localMask`)
  const types = module.constant(type, js`r.table.types[${number}]`)
  const isIts = js`(typeof o === 'number' && o >>> ${bits(module)} === ${number})`
  return module.constant(
    `${type}$known`,
    js`(o) => ${isIts} && (${types}.certain[o & ${mask}] === 1 || ${module.support('isKnown')}(r, o))`,
  )
}

export function bits(module: Body['module']): Code {
  return module.constant('bits', js`r.table.localBits`)
}
