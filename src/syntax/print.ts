import { assertNever } from '../base/assert-never.ts'
import type { EntityDeclaration, Expect, Field, Policy, Server, Statement, Test } from './ast.ts'
import { printExpression, quote } from './printing/expression.ts'
import { printExpect, printGiven } from './printing/fact.ts'
import { fits, indented } from './printing/layout.ts'
import { printRole, printRule } from './printing/rule.ts'
import { bareField, printFields, printParams, printType, withLead } from './printing/type.ts'

export { printExpression } from './printing/expression.ts'

type Item = Statement | Field | Expect

/**
 * Canonical text of a policy: parsing it gives the same tree but for its spans. Comments are not in the tree and so not in
 * the text; what did not parse is left out.
 */
export function print(policy: Policy): string {
  return printItems(
    policy.statements,
    0,
    (before, after) => before.kind !== after.kind || isLarge(before) || isLarge(after),
  )
}

function printItem(item: Item, indent: number): string {
  return withLead(item, withoutLead(item, indent))
}

function printItems(items: readonly Item[], indent: number, apart: (before: Item, after: Item) => boolean): string {
  let text = ''
  let before: Item | undefined
  for (const item of items) {
    if (item.kind === 'broken') continue
    if (before !== undefined && apart(before, item)) text += '\n'
    text += `${printItem(item, indent)}\n`
    before = item
  }
  return text
}

/** Whether a blank line sets a statement apart from its neighbours of the same kind. */
function isLarge(item: Item): boolean {
  if (item.doc !== undefined || item.annotations.length > 0) return true
  return 'members' in item && item.members.length > 0
}

function withoutLead(item: Item, indent: number): string {
  switch (item.kind) {
    case 'edition':
      return `edition ${item.edition}`
    case 'import':
      return `import ${quote(item.path.value)}`
    case 'entity':
      return printEntityDeclaration(item, indent)
    case 'role':
      return printRole(item, indent)
    case 'rule':
      return printRule(item, indent)
    case 'field':
      return bareField(item, indent)
    case 'action-group':
      return `action ${item.name.text} = ${item.actions.map(({ text }) => text).join(', ')}`
    case 'scope':
      return `scope ${quote(item.scope.value)} includes ${item.includes.map(({ value }) => quote(value)).join(', ')}`
    case 'let': {
      const head = `let ${item.name.text}${item.params === undefined ? '' : printParams(item.params, indent)} =`
      const value = printExpression(item.value)
      return fits(`${head} ${value}`, indent) ? `${head} ${value}` : `${head}\n  ${value}`
    }
    case 'function':
      return `function ${item.name.text}${printParams(item.params, indent)}: ${printType(item.result, indent)}`
    case 'inputs':
      return `${item.of} ${printFields(item.fields, indent)}`
    case 'server':
      return printServer(item, indent)
    case 'given':
      return printGiven(item, indent)
    case 'test':
      return printTest(item, indent)
    case 'expect':
      return printExpect(item, indent)
    case 'broken':
      return ''
    default:
      return assertNever(item)
  }
}

function printEntityDeclaration(entity: EntityDeclaration, indent: number): string {
  const modifiers = `${entity.open ? 'open ' : ''}${entity.virtual ? 'virtual ' : ''}${entity.dynamic ? 'dynamic ' : ''}`
  const containers =
    entity.containers.length === 0 ? '' : ` in ${entity.containers.map(({ text }) => text).join(' | ')}`
  const head = `${modifiers}${entity.actor ? 'actor' : 'resource'} ${entity.name.text}${containers}`
  return entity.block ? `${head} ${printBlock(entity.members, indent)}` : head
}

function printServer(server: Server, indent: number): string {
  const lock = server.lock === undefined ? '' : ` from ${quote(server.lock.value)}`
  return `server ${server.name?.text ?? '*'}${lock} ${printBlock(server.members, indent)}`
}

function printTest(test: Test, indent: number): string {
  return `test ${quote(test.name.value)} ${printBlock(test.members, indent)}`
}

function printBlock(members: readonly Item[], indent: number): string {
  const text = printItems(members, indent + 2, () => false)
  return text === '' ? '{}' : `{\n${indented(text)}}`
}
