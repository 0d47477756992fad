import type { Element, Expr } from '../../ir/expr.ts'
import { parsePath } from '../../value/path.ts'
import { type PathBase, pathBase } from '../../value/path-scan.ts'
import type { Body } from '../body.ts'
import { js } from '../code.ts'
import { literalOf } from '../constant.ts'
import type { Operand } from './operand.ts'
import { readOf } from './read.ts'

/** `path(x) in path("/srv")`: the text is gone through once, and no path is made of it. */
export function withinPath(body: Body, { value, of }: Element): Operand | undefined {
  const base = literalPath(body, of)
  const text = pathText(body, value)
  if (base === undefined || text === undefined) return undefined
  const t = body.temporary()
  const { module } = body
  return {
    when: [js`(${t} = ${module.support('isPathWithin')}(${text}, ${module.data(base)})) !== undefined`],
    code: t,
  }
}

function literalPath(body: Body, expr: Expr): PathBase | undefined {
  const [text] = expr.kind === 'builtin' && expr.name === 'path' ? expr.args : []
  const literal = text?.kind === 'constant' ? literalOf(body, text) : undefined
  const path = literal?.kind === 'string' ? parsePath(literal.value) : undefined
  return path && pathBase(path)
}

/** The text of which a path is made, whatever it is. */
function pathText(body: Body, expr: Expr) {
  if (expr.kind === 'field' && expr.type.kind === 'path') return readOf(body, expr)?.first
  const [of] = expr.kind === 'builtin' && expr.name === 'path' ? expr.args : []
  if (of?.kind !== 'field' || (of.type.kind !== 'string' && of.type.kind !== 'json')) return undefined
  return readOf(body, of)?.first
}
