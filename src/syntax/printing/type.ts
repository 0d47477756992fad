import { assertNever } from '../../base/assert-never.ts'
import type { Documented, Field, Param, TypeExpr } from '../ast.ts'
import { quote } from './expression.ts'
import { fits, indented } from './layout.ts'

/** Documentation and annotations, each on lines of its own, before what they belong to. */
export function withLead({ doc, annotations }: Omit<Documented, 'span'>, text: string): string {
  const docs = doc === undefined ? [] : doc.split('\n').map((line) => (line === '' ? '///' : `/// ${line}`))
  const marks = annotations.map(({ name, value }) =>
    value === undefined ? `@${name.text}` : `@${name.text}(${quote(value.value)})`,
  )
  return [...docs, ...marks, text].join('\n')
}

export function printType(type: TypeExpr, indent: number): string {
  switch (type.kind) {
    case 'type-name':
      return type.name
    case 'type-literal':
      return quote(type.value)
    case 'type-set':
      return `${printTypeItem(type.of, indent)}[]`
    case 'type-union':
      return type.of.map((one) => printTypeItem(one, indent)).join(' | ')
    case 'type-record':
      return printFields(type.fields, indent)
    case 'type-map':
      return `{ [${type.key.text}]: ${printType(type.of, indent)} }`
    default:
      return assertNever(type)
  }
}

function printTypeItem(type: TypeExpr, indent: number): string {
  return type.kind === 'type-union' ? `(${printType(type, indent)})` : printType(type, indent)
}

/** `{ a: T, b?: T }`, or a field a line where that is too long or a field is documented. */
export function printFields(fields: readonly Field[], indent: number): string {
  if (fields.length === 0) return '{}'
  const plain = fields.every(({ doc, annotations }) => doc === undefined && annotations.length === 0)
  const oneLine = `{ ${fields.map((field) => printField(field, indent)).join(', ')} }`
  if (plain && !oneLine.includes('\n') && fits(oneLine, indent)) return oneLine
  return `{\n${fields.map((field) => indented(printField(field, indent + 2))).join('\n')}\n}`
}

function printField(field: Field, indent: number): string {
  return withLead(field, bareField(field, indent))
}

/** A field without what stands before it. */
export function bareField(field: Field, indent: number): string {
  const name = field.quoted ? quote(field.name.text) : field.name.text
  const contextual = field.contextual ? 'contextual ' : ''
  const head = `${contextual}${name}${field.optional ? '?' : ''}: `
  return head + printType(field.type, indent + head.length)
}

export function printParams(params: readonly Param[], indent: number): string {
  const all = params.map(({ name, optional, type }) => `${name.text}${optional ? '?' : ''}: ${printType(type, indent)}`)
  return `(${all.join(', ')})`
}
