import type { Has, Is } from '../../ir/expr.ts'
import type { Body } from '../body.ts'
import { js } from '../code.ts'
import { entityTypes } from '../typing.ts'
import { entityCode } from './entity.ts'
import type { Glance, Operand } from './operand.ts'
import { readOf } from './read.ts'
import { attributeOf, bits, headOf } from './stored.ts'

/** `of has name`. */
export function presence(glance: Glance, expr: Has): Operand | undefined {
  const { body } = glance
  const { of, name, relation, at } = expr
  const read = readOf(body, {
    kind: 'field',
    of,
    name,
    type: { kind: 'json' },
    optional: true,
    relation,
    chain: false,
    at,
  })
  if (read !== undefined) {
    const { module } = body
    return {
      when: [js`${read.first} !== ${module.support('doubtful')}`],
      code: js`(${read.name} !== ${module.support('absent')})`,
    }
  }
  const attribute = attributeOf(glance, expr)
  if (attribute !== undefined) {
    return {
      when: [...attribute.when, js`(${attribute.first} !== undefined || ${attribute.known()})`],
      code: js`(${attribute.name} !== undefined)`,
    }
  }
  const head = headOf(glance, expr)
  if (head === undefined) return undefined
  return {
    when: [...head.when, js`(${head.first} < 0 || ${head.name} === 0 && ${head.known()})`],
    code: js`(${head.name} < 0)`,
  }
}

/** `of is T`. */
export function isOfType(body: Body, { of, type }: Is): Operand | undefined {
  const { module } = body
  const code = entityTypes(module.program, of, body.names) === undefined ? undefined : entityCode(body, of)
  const number = module.program.types.findIndex(({ name }) => name === type) + 1
  if (code === undefined || number === 0) return undefined
  return { when: [js`typeof ${code} === 'number'`], code: js`(${code} >>> ${bits(module)} === ${number})` }
}
