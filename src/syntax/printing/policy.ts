import { assertNever } from '../../base/assert-never.ts'
import type { EntityDeclaration, Expect, Field, Policy, Statement } from '../ast.ts'
import {
  comma,
  concat,
  type Doc,
  group,
  hardItem,
  hardItemApart,
  join,
  line,
  nest,
  nothing,
  space,
  type Token,
} from './document.ts'
import { listed, ownExpression, quote } from './expression.ts'
import { expectation, given } from './fact.ts'
import { role, rule } from './rule.ts'
import { block, field, fields, parameters, typeOf, withLead } from './type.ts'

type Item = Statement | Field | Expect

/** The document of a policy; `end` stands for the end of its text. What did not parse is left out. */
export function document({ statements }: Policy, end: Token): Doc {
  const parts: Doc[] = []
  let before: Statement | undefined
  for (const item of statements) {
    if (item.kind === 'broken') continue
    if (before !== undefined)
      parts.push(before.kind !== item.kind || isLarge(before) || isLarge(item) ? hardItemApart : hardItem)
    parts.push(itemOf(item))
    before = item
  }
  return concat(...parts, hardItem, end)
}

/** Whether a blank line sets a statement apart from its neighbours of the same kind. */
function isLarge(item: Item): boolean {
  if (item.doc !== undefined || item.annotations.length > 0) return true
  return 'members' in item && item.members.length > 0
}

function itemOf(item: Item): Doc {
  switch (item.kind) {
    case 'role':
      return role(item)
    case 'rule':
      return rule(item)
    case 'field':
      return field(item)
    default:
      return withLead(item, withoutLead(item))
  }
}

function withoutLead(item: Exclude<Item, { kind: 'role' | 'rule' | 'field' }>): Doc {
  switch (item.kind) {
    case 'edition':
      return concat('edition', space, String(item.edition))
    case 'import':
      return concat('import', space, quote(item.path.value))
    case 'entity':
      return entity(item)
    case 'action-group':
      return concat(
        'action',
        space,
        item.name.text,
        space,
        '=',
        space,
        join(
          item.actions.map(({ text }) => text),
          comma,
          space,
        ),
      )
    case 'scope':
      return concat(
        'scope',
        space,
        quote(item.scope.value),
        space,
        'includes',
        space,
        join(
          item.includes.map(({ value }) => quote(value)),
          comma,
          space,
        ),
      )
    case 'let':
      return group(
        concat(
          'let',
          space,
          item.name.text,
          item.params === undefined ? nothing : parameters(item.params),
          space,
          '=',
          nest(concat(line, ownExpression(item.value))),
        ),
      )
    case 'function':
      return concat('function', space, item.name.text, parameters(item.params), ':', space, typeOf(item.result))
    case 'inputs':
      return concat(item.of, space, fields(item.fields))
    case 'server': {
      const lock = item.lock === undefined ? nothing : concat(space, 'from', space, quote(item.lock.value))
      return concat('server', space, item.name?.text ?? '*', lock, space, members(item.members))
    }
    case 'given':
      return concat('given', given(item))
    case 'test':
      return concat('test', space, quote(item.name.value), space, members(item.members))
    case 'expect':
      return concat('expect', space, expectation(item))
    case 'broken':
      return nothing
    default:
      return assertNever(item)
  }
}

function entity(item: EntityDeclaration): Doc {
  const words = [item.open && 'open', item.virtual && 'virtual', item.dynamic && 'dynamic'].filter(
    (word) => word !== false,
  )
  const containers = item.containers.map(({ text }) => text)
  return concat(
    ...words.flatMap((word) => [word, space]),
    item.actor ? 'actor' : 'resource',
    space,
    item.name.text,
    listed('in', containers, [space, '|', space]),
    item.block ? concat(space, members(item.members)) : nothing,
  )
}

/** A member a line; fields alone, or a single member, may stand on one line where they were written so. */
function members(all: readonly Item[]): Doc {
  const whole = all.filter(({ kind }) => kind !== 'broken')
  const plain = whole.every(({ doc, annotations }) => doc === undefined && annotations.length === 0)
  const isFields = whole.every(({ kind }) => kind === 'field')
  return block(whole.map(itemOf), {
    oneLine: plain && (isFields || whole.length === 1),
    commas: isFields,
    broken: true,
  })
}
