import { assertNever } from '../../base/assert-never.ts'
import type { Documented, Field, Param, TypeExpr } from '../ast.ts'
import {
  concat,
  type Doc,
  documentation,
  enclosed,
  firstItem,
  flatComma,
  group,
  hardFirstItem,
  hardItem,
  inside,
  line,
  lineEnd,
  nest,
  nextItem,
  nothing,
  softline,
  space,
  token,
} from './document.ts'
import { quote } from './expression.ts'

/** Documentation and annotations, each on lines of their own, before what they belong to. */
export function withLead({ doc, annotations }: Omit<Documented, 'span'>, body: Doc): Doc {
  if (doc === undefined && annotations.length === 0) return body
  const docs =
    doc === undefined ? [] : doc.split('\n').map((line) => documentation(line === '' ? '///' : `/// ${line}`))
  const marks = annotations.map(({ name, value }) =>
    concat('@', name.text, value === undefined ? nothing : concat('(', quote(value.value), ')'), lineEnd),
  )
  return concat(...docs, ...marks, body)
}

export function typeOf(type: TypeExpr): Doc {
  switch (type.kind) {
    case 'type-name':
      return token(type.name)
    case 'type-literal':
      return token(quote(type.value))
    case 'type-set':
      return concat(typeItem(type.of), '[', ']')
    case 'type-union': {
      const [first, ...others] = type.of.map(typeItem)
      return group(concat(first ?? nothing, nest(concat(...others.map((one) => concat(line, '|', space, one))))))
    }
    case 'type-record':
      return fields(type.fields)
    case 'type-map':
      return concat('{', space, '[', type.key.text, ']', ':', space, typeOf(type.of), space, '}')
    default:
      return assertNever(type)
  }
}

function typeItem(type: TypeExpr): Doc {
  return type.kind === 'type-union' ? concat('(', typeOf(type), ')') : typeOf(type)
}

/** `{ a: T, b?: T }`, or a field a line where that is too long, was written so, or one is documented. */
export function fields(all: readonly Field[]): Doc {
  const plain = all.every(({ doc, annotations }) => doc === undefined && annotations.length === 0)
  return block(all.map(field), { oneLine: plain, commas: true, broken: false })
}

export interface BlockOptions {
  /** May stand on one line. */
  readonly oneLine: boolean
  /** Has commas between its members there. */
  readonly commas: boolean
  /** Stands on several where there is no source. */
  readonly broken: boolean
}

/** `{ … }`, a member a line, or all on one. */
export function block(members: readonly Doc[], { oneLine, commas, broken }: BlockOptions): Doc {
  const [opening, closing] = [token('{'), token('}')]
  const between = oneLine ? concat(commas ? flatComma : nothing, nextItem) : hardItem
  const body = members.flatMap((member, i) =>
    i === 0 ? [oneLine ? firstItem : hardFirstItem, member] : [between, member],
  )
  return group(
    concat(opening, nest(concat(...body, inside(closing, true))), members.length === 0 ? softline : line, closing),
    { ...(members.length === 0 ? {} : { opening }), broken: broken && members.length > 0 },
  )
}

export function field(one: Field): Doc {
  const name = one.quoted ? quote(one.name.text) : one.name.text
  const rest = concat(one.optional ? '?' : nothing, ':', space, typeOf(one.type))
  return withLead(one, concat(one.contextual ? concat('contextual', space) : nothing, name, rest))
}

export function parameters(params: readonly Param[]): Doc {
  return enclosed(
    ['(', ')'],
    params.map(({ name, optional, type }) => concat(name.text, optional ? '?' : nothing, ':', space, typeOf(type))),
    softline,
  )
}
