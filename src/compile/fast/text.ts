import type { Builtin, Compare, Expr } from '../../ir/expr.ts'
import { pieces } from '../../ir/wildcard.ts'
import type { Body } from '../body.ts'
import type { Code } from '../code.ts'
import { join, js } from '../code.ts'
import { literalOf } from '../constant.ts'
import { kindOf } from './kind.ts'
import { checked, type Glance, type Operand } from './operand.ts'

/** `startsWith`, `endsWith`, `includes` and `like`. */
export function textTest(glance: Glance, { name, args: [of, part] }: Builtin): Operand | undefined {
  if (of === undefined || part === undefined || !(name in tests)) return undefined
  const { body } = glance
  const [text, argument] = [textOf(glance, of), textOf(glance, part)]
  if (text === undefined || argument === undefined) return undefined
  const literal = part.kind === 'constant' ? literalOf(body, part) : undefined
  const [a, b] = [checked(text), checked(argument)]
  const test = tests[name as keyof typeof tests]
  const code = test(body, a.code, b.code, literal?.kind === 'string' ? literal.value : undefined)
  return code && { when: [...a.when, ...b.when], code }
}

/** A text, or JSON that may be one. */
function textOf({ body, operandOf }: Glance, expr: Expr): Operand | undefined {
  const kind = kindOf(body, expr)
  return kind === 'string' || kind === 'json' ? operandOf(expr, 'string') : undefined
}

type Test = (body: Body, text: Code, part: Code, literal: string | undefined) => Code | undefined

const tests = { startsWith, endsWith, includes, like } satisfies Record<string, Test>

/** By order, which costs a third of what the method does: a text begins with another if it comes no sooner, and before the next one. */
function startsWith(_: Body, text: Code, part: Code, literal: string | undefined): Code {
  if (literal === undefined) return js`${text}.startsWith(${part})`
  if (literal === '') return js`true`
  const last = literal.length - 1
  const unit = literal.charCodeAt(last)
  if (unit === 0xffff) return js`${text}.startsWith(${literal})`
  const next = literal.slice(0, last) + String.fromCharCode(unit + 1)
  return js`(${text}.charCodeAt(${last}) === ${unit} && ${text} >= ${literal} && ${text} < ${next})`
}

function endsWith(_: Body, text: Code, part: Code, literal: string | undefined): Code {
  if (literal === undefined) return js`${text}.endsWith(${part})`
  if (literal === '') return js`true`
  return js`(${text}.charCodeAt(${text}.length - 1) === ${literal.charCodeAt(literal.length - 1)} && ${text}.endsWith(${literal}))`
}

function includes(_: Body, text: Code, part: Code): Code {
  return js`${text}.includes(${part})`
}

function like(body: Body, text: Code, part: Code, literal: string | undefined): Code | undefined {
  if (literal === undefined) return undefined
  const [first = '', ...rest] = pieces(literal)
  const last = rest.pop()
  if (last === undefined) return js`(${text} === ${first})`
  if (rest.length === 0) {
    const ends = [
      ...(first === '' ? [] : [startsWith(body, text, part, first)]),
      ...(last === '' ? [] : [endsWith(body, text, part, last)]),
    ]
    const length = first === '' || last === '' ? [] : [js`${text}.length >= ${first.length + last.length}`]
    return ends.length === 0 ? js`true` : js`(${join([...length, ...ends], ' && ')})`
  }
  const [middle = '', ...others] = rest
  if (first === '' && last === '' && others.length === 0) return includes(body, text, js`${middle}`)
  return js`${body.module.support('hasPieces')}(${text}, ${body.module.data([first, ...rest, last])})`
}

export function lowerCase(glance: Glance, { args: [of] }: Builtin): Operand | undefined {
  const text = of && textOf(glance, of)
  if (text === undefined) return undefined
  const { when, code } = checked(text)
  const t = glance.body.temporary()
  // Always a text, so that this is no question.
  return { when: [...when, js`(${t} = ${code}.toLowerCase()) !== undefined`], code: t }
}

/** In code points. Of sets it is another matter. */
export function lengthOf(glance: Glance, { args: [of] }: Builtin): Operand | undefined {
  const { body } = glance
  if (of === undefined || kindOf(body, of) !== 'string') return undefined
  const text = textOf(glance, of)
  if (text === undefined) return undefined
  const { when, code } = checked(text)
  return { when, code: js`${body.module.support('codePoints')}(${code})` }
}

/** Compared with a literal, a text is seldom to be counted: it has at most as many code points as units, and at least half as many. */
export function lengthComparison(glance: Glance, { operator, left, right }: Compare): Operand | undefined {
  const { body } = glance
  if (left.kind !== 'builtin' || left.name !== 'length' || right.kind !== 'constant') return undefined
  const limit = literalOf(body, right)
  if (limit?.kind !== 'int') return undefined
  const most = Number(limit.value)
  const [of] = left.args
  const text = of && kindOf(body, of) === 'string' ? textOf(glance, of) : undefined
  if (text === undefined || !Number.isSafeInteger(most)) return undefined
  const { when, code } = checked(text)
  const count = js`${body.module.support('codePoints')}(${code})`
  const atMost = (n: number) => js`(${code}.length <= ${n} || ${code}.length <= ${2 * n} && ${count} <= ${n})`
  switch (operator) {
    case '<=':
      return { when, code: atMost(most) }
    case '<':
      return { when, code: atMost(most - 1) }
    case '>':
      return { when, code: js`!${atMost(most)}` }
    case '>=':
      return { when, code: js`!${atMost(most - 1)}` }
    default:
      return undefined
  }
}
