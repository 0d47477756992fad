import { didYouMean } from '../../base/suggest.ts'
import type { RecordField } from '../../ir/type.ts'
import type { Expr, Given } from '../../syntax/ast.ts'
import { decode } from '../../value/decode.ts'
import { absent } from '../../value/value.ts'
import { noteEntities } from '../expression/literals.ts'
import { claims } from '../expression/variables.ts'
import type { Report } from '../report.ts'
import type { Schema } from '../schema.ts'
import { string } from '../shape.ts'
import { plain } from './plain.ts'

const inputNames = ['context', 'token', 'session', 'now', 'approvals', 'confirmed']

/** `given token { … }` and its like: inputs of the requests of one test or session. */
export function checkInput(
  schema: Schema,
  given: Given & { readonly of: 'input' },
  inputs: Map<string, unknown>,
  report: Report,
): void {
  const { text, span } = given.input
  if (!inputNames.includes(text)) {
    report.add('bad-test', span, `\`${text}\` is no input of a request`, {
      help: didYouMean(text, inputNames) ?? `inputs are ${inputNames.map((name) => `\`${name}\``).join(', ')}`,
    })
    return
  }
  if (inputs.has(text)) {
    report.add('conflicting-fact', span, `\`${text}\` is given twice`)
    return
  }
  const value = inputValue(schema, text, given.value, report)
  if (value !== undefined) inputs.set(text, value)
}

/** What is written for an input; undefined where it is wrong. */
export function inputValue(schema: Schema, name: string, expr: Expr, report: Report): unknown {
  noteEntities(expr, report)
  const read = plain(expr, name === 'context' ? { kind: 'record', fields: schema.context } : undefined)
  if ('problem' in read) {
    report.add('bad-test', read.at, read.problem)
    return undefined
  }
  const problem = inputProblem(schema, name, read.value)
  if (problem === undefined) return read.value
  report.add('bad-test', expr.span, problem.message, { help: problem.help })
  return undefined
}

function inputProblem(
  schema: Schema,
  name: string,
  value: unknown,
): { readonly message: string; readonly help?: string | undefined } | undefined {
  switch (name) {
    case 'context':
      return recordProblem(name, schema.context, value)
    case 'token':
      return recordProblem(name, [...claims.map((claim) => ({ ...claim, optional: true })), ...schema.token], value)
    case 'session':
      return recordProblem(name, [{ name: 'labels', type: { kind: 'set', of: string }, optional: false }], value)
    case 'now':
      return kindProblem(
        decode(value, { kind: 'datetime' }),
        'now',
        'write `given now datetime("2027-01-01T09:00:00Z")`',
      )
    case 'confirmed':
      return typeof value === 'boolean' ? undefined : { message: '`confirmed` is `true` or `false`' }
    default:
      return Array.isArray(value) && value.every((one) => typeof one === 'string' && one.includes(':'))
        ? undefined
        : { message: '`approvals` is a set of actors', help: 'such as `given approvals [User:bob]`' }
  }
}

function recordProblem(name: string, fields: readonly RecordField[], value: unknown) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { message: `\`${name}\` is a record` }
  for (const key of Object.keys(value))
    if (!fields.some((field) => field.name === key))
      return {
        message: `\`${name}\` has no \`${key}\``,
        help:
          didYouMean(
            key,
            fields.map((f) => f.name),
          ) ?? (name === 'session' ? undefined : `declare it: \`${name} { ${key}: … }\``),
      }
  for (const field of fields) {
    if (!Object.hasOwn(value, field.name)) continue
    const problem = kindProblem(
      decode((value as Record<string, unknown>)[field.name], field.type),
      `${name}.${field.name}`,
    )
    if (problem !== undefined) return problem
  }
  return undefined
}

function kindProblem(read: ReturnType<typeof decode>, name: string, help?: string) {
  if (read === absent || typeof read !== 'object') return undefined
  const error = read.kind === 'error' ? read : read.kind === 'set' ? read.gap : undefined
  return error === undefined ? undefined : { message: `\`${name}\`: ${error.message}`, help }
}
