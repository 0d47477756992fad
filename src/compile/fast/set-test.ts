import type { Builtin, Expr } from '../../ir/expr.ts'
import type { Body } from '../body.ts'
import type { Code } from '../code.ts'
import { js } from '../code.ts'
import { literalOf } from '../constant.ts'
import type { Glance, Operand } from './operand.ts'
import { setSourceOf } from './set-source.ts'

/** `containsAny`, `containsAll` and `isEmpty` of lists of the request, against literal texts. */
export function setTest(glance: Glance, { name, args: [of, other] }: Builtin): Operand | undefined {
  const { body } = glance
  const test = tests[name]
  const source = of && setSourceOf(glance, of)
  if (test === undefined || source === undefined || source.from !== 'request') return undefined
  const texts = other && textsOf(body, other)
  if (name !== 'isEmpty' && (texts === undefined || (source.of !== 'string' && source.of !== 'json'))) return undefined
  if (name === 'isEmpty' && source.of !== 'string') return undefined
  const t = body.temporary()
  const args: Code[] = [source.code, ...(texts === undefined ? [] : [body.module.data(texts)])]
  return { when: [...source.when, js`(${t} = ${body.module.support(test)}(${args})) !== undefined`], code: t }
}

const tests: Readonly<Record<string, string | undefined>> = {
  containsAny: 'hasSomeText',
  containsAll: 'hasAllTexts',
  isEmpty: 'isEmptyList',
}

function textsOf(body: Body, expr: Expr): readonly string[] | undefined {
  if (expr.kind !== 'set') return undefined
  const texts: string[] = []
  for (const element of expr.elements) {
    const literal = element.kind === 'constant' ? literalOf(body, element) : undefined
    if (literal?.kind !== 'string') return undefined
    texts.push(literal.value)
  }
  return texts
}
