import type { Construct, Expr, Interpolate } from '../../ir/expr.ts'
import type { Code } from '../code.ts'
import { join, js } from '../code.ts'
import { kindOf } from './kind.ts'
import { checked, type Glance, type Operand } from './operand.ts'

/** Texts with values put in: what is made is the result and nothing else. */

const maxText = 65_536

export function interpolation(glance: Glance, { parts }: Interpolate): Operand | undefined {
  const filled = fill(glance, parts)
  if (filled === undefined) return undefined
  const t = glance.body.temporary()
  return { when: [...filled.when, js`(${t} = ${filled.text}).length <= ${maxText}`], code: t }
}

/** The entity that a template names: its number, or its key. */
export function construction(glance: Glance, { type, parts }: Construct): Operand | undefined {
  const first = parts.findIndex((part) => typeof part !== 'string')
  const last = parts.findLastIndex((part) => typeof part !== 'string')
  const separators = parts
    .slice(first, last)
    .filter((part) => typeof part === 'string')
    .join('')
  // Half a pair is no character.
  if (first === -1 || /[\ud800-\udfff]/.test(separators)) return undefined
  const filled = fill(glance, parts)
  if (filled === undefined || filled.values.some(({ isText }) => !isText)) return undefined
  const { body } = glance
  const t = body.temporary()
  const { support } = body.module
  const fit = filled.values.map(({ code }) => js`${support('isIdPart')}(${code}, ${separators})`)
  const named = js`${support('named')}(r, ${`${type}:`} + ${filled.text}, ${type.length + 1})`
  return { when: [...filled.when, ...fit, js`(${t} = ${named}) !== undefined`], code: t }
}

interface Filled {
  readonly when: readonly Code[]
  readonly text: Code
  readonly values: readonly { readonly code: Code; readonly isText: boolean }[]
}

function fill({ body, operandOf }: Glance, parts: readonly (string | Expr)[]): Filled | undefined {
  const when: Code[] = []
  const texts: Code[] = []
  const values: { code: Code; isText: boolean }[] = []
  for (const part of parts) {
    if (typeof part === 'string') {
      texts.push(js`${part}`)
      continue
    }
    const kind = kindOf(body, part)
    const isText = kind === 'string' || kind === 'json'
    const operand = isText ? operandOf(part, 'string') : kind === 'int' ? operandOf(part, 'int') : undefined
    if (operand === undefined) return undefined
    const { when: conditions, code } = checked(operand)
    when.push(...conditions)
    texts.push(code)
    values.push({ code, isText })
  }
  return { when, text: js`("" + ${join(texts, ' + ')})`, values }
}
