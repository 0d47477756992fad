import type { Quantified } from '../../ir/expr.ts'
import { type Body, withLocal, writeBody } from '../body.ts'
import type { Code } from '../code.ts'
import { js, known } from '../code.ts'
import { setSourceAt } from './glance.ts'
import type { Operand } from './operand.ts'

/**
 * `some` and `every` over texts and numbers, of a list of the request or a set of the store: a loop in a function of its own, which
 * returns undefined where there is an element of another kind. `write`: the condition on an element.
 */
export function quantifier(body: Body, expr: Quantified, write: (body: Body) => Code): Operand | undefined {
  const source = setSourceAt(body, expr.of)
  if (source === undefined || source.of === 'json') return undefined
  const { module } = body
  const { body: inner, code: x } = withLocal(body, expr.local, {
    kind: source.of === 'string' ? 'string' : source.of === 'int' ? 'int' : 'number',
  })
  const name = module.name(body.word, expr.kind)
  const [list, decided] = [known('list'), expr.kind === 'some']
  const { temporaries, result } = writeBody({ ...inner, seldom: false }, write)
  const isFit =
    source.of === 'string'
      ? js`typeof ${x} !== 'string' || !${module.support('isText')}(${x})`
      : source.of === 'int'
        ? js`!Number.isSafeInteger(${x})`
        : js`!Number.isFinite(${x})`
  const elements = js`${module.support(source.from === 'store' ? 'membersOf' : 'elementsOf')}(${list})`
  // There is one zero.
  const normal = source.of === 'string' ? js`` : js`\n    ${x} += 0`
  module.define(
    name,
    [...body.params, list],
    js`  const elements = ${elements}
  if (elements === undefined) return undefined
  let x = ${!decided}, y
${temporaries}  for (let i = 0; i < elements.length; i++) {
    let ${x} = ${module.support('elementAt')}(elements, i)
    if (${isFit}) return undefined${normal}
    y = ${result}
    if (y === ${decided}) return ${decided}
    x = ${module.support(decided ? 'or' : 'and')}(x, y)
  }
  return x`,
  )
  const t = body.temporary()
  const call = js`${name}(${[...body.params, source.code]})`
  return { when: [...source.when, js`(${t} = ${call}) !== undefined`], code: t }
}
