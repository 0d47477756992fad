import type { Expr } from '../ir/expr.ts'
import { type Body, writeBody } from './body.ts'
import type { Code } from './code.ts'
import { js, known } from './code.ts'
import type { Truth } from './expression.ts'
import { place } from './site.ts'
import { entityTypes } from './typing.ts'

/**
 * Whether it holds of some entity that a field of an entity has: `parent.viewer`. Reads the store's arrays as they are; only what is
 * out of the ordinary is left to the support library.
 */
export function anyStep(
  body: Body,
  of: Expr,
  subject: Code,
  expr: Expr,
  each: (body: Body, subject: Code, member: Code) => Truth,
  entityOf: (body: Body, expr: Expr) => Code,
): Truth | undefined {
  if (of.kind !== 'entities') return undefined
  const { module } = body
  const [type, ...others] = entityTypes(module.program, of.of, body.names) ?? []
  if (type === undefined || others.length > 0) return undefined
  const number = module.program.types.findIndex(({ name }) => name === type) + 1
  const relation = module.constant(`${type}$${of.name}`, js`r.table.relation(${number}, ${of.name})`)
  const types = module.constant(type, js`r.table.types[${number}]`)
  const mask = module.constant('mask', js`r.table.localMask`)
  const name = module.name(body.word, of.name)
  const [q, m] = [known('q'), known('m')]
  const s = (support: string) => module.support(support)
  const step = { name: of.name, optional: of.optional }
  const { temporaries, result } = writeBody(body, (inner) => {
    const write = (member: Code) => each(inner, q, member).code
    const values = js`${s('entitiesOf')}(r, ${s('asValue')}(r, o), ${module.data(step)}, ${place(inner, of)})`
    return js`  const o = ${entityOf(inner, of.of)}
  if (typeof o === 'number' && (${types}.certain[o & ${mask}] === 1 || ${s('isKnown')}(r, o))) {
    const h = ${relation}.head[o & ${mask}]
    if (h < 0) return ${write(js`~h`)}
    let x = false, y, m, any = false
    if (h > 0) {
      for (let i = h + 1, end = h + ${relation}.pool[h]; i <= end; i++) {
        m = ${relation}.pool[i]
        if (m < 0 && (m = ${s('inForce')}(r, ${relation}, m)) < 0) continue
        any = true
        y = ${write(m)}
        if (y === true) return true
        x = ${s('or')}(x, y)
      }
    }
    if (any${of.optional ? js` || true` : js``}) return x
  }
  return ${s('anyOf')}(r, ${values}, (m) => ${write(m)}, ${place(inner, expr)})`
  })
  module.define(name, [...body.params, q], js`${temporaries}${result}`)
  return { code: js`${name}(${[...body.params, subject]})`, sure: false }
}
