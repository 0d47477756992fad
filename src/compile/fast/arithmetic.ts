import type { Arithmetic, Negate } from '../../ir/expr.ts'
import type { Code } from '../code.ts'
import { js } from '../code.ts'
import { kindOf } from './kind.ts'
import { checked, type Glance, type Kind, type Operand } from './operand.ts'

/** Arithmetic of doubles that are exact or finite; what overflows, and 64-bit integers past 53 bits, are left to the general way. */
export function calculation({ body, operandOf }: Glance, expr: Arithmetic, kind: Kind): Operand | undefined {
  const { domain, operator, left, right } = expr
  if (!isOfDomain(domain, kindOf(body, expr), kind)) return undefined
  const [a, b] = [left, right].map((operand) => {
    const own = domain === 'time' ? kindOf(body, operand) : domain
    return own === undefined || own === 'json' ? undefined : operandOf(operand, own)
  })
  if (a === undefined || b === undefined) return undefined
  const t = body.temporary()
  const [one, two] = [checked(a), checked(b)]
  const result =
    operator === '+'
      ? js`(${t} = ${one.code} + ${two.code})`
      : operator === '-'
        ? js`(${t} = ${one.code} - ${two.code})`
        : js`(${t} = ${one.code} * ${two.code})`
  return { when: [...one.when, ...two.when, fits(kindOf(body, expr), result)], code: t }
}

export function negation({ body, operandOf }: Glance, expr: Negate, kind: Kind): Operand | undefined {
  const { domain, operand } = expr
  if (!isOfDomain(domain, kindOf(body, expr), kind)) return undefined
  const of = operandOf(operand, domain === 'time' ? 'duration' : domain)
  if (of === undefined) return undefined
  const { when, code } = checked(of)
  return { when, code: js`(0 - ${code})` }
}

/** Integers serve where numbers are wanted. */
function isOfDomain(domain: Arithmetic['domain'], kind: Kind | 'json' | undefined, wanted: Kind): boolean {
  return kind === wanted || (domain === 'int' && wanted === 'number')
}

const maxInstant = 8.64e15
const maxText = 65_536

function fits(kind: Kind | 'json' | undefined, result: Code): Code {
  switch (kind) {
    case 'datetime':
      return js`Math.abs(${result}) <= ${maxInstant}`
    case 'string':
      return js`${result}.length <= ${maxText}`
    case 'number':
      return js`Number.isFinite(${result})`
    default:
      return js`Number.isSafeInteger(${result})`
  }
}
