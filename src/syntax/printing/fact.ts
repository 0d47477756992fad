import { assertNever } from '../../base/assert-never.ts'
import type { Expect, FactEntry, FactValue, Given, Grantee } from '../ast.ts'
import { printEntity, printExpression, printKey, printRecord, quote } from './expression.ts'
import { bracketed, fits, indented } from './layout.ts'

export function printGiven(given: Given, indent: number): string {
  switch (given.of) {
    case 'entity': {
      const containers = given.containers.length === 0 ? '' : ` in ${given.containers.map(printEntity).join(', ')}`
      const head = `given ${printEntity(given.entity)}${containers}`
      if (given.facts.length === 0) return head
      const oneLine = `${head} { ${given.facts.map((entry) => printEntry(entry, Number.NEGATIVE_INFINITY)).join(', ')} }`
      if (fits(oneLine, indent)) return oneLine
      return `${head} {\n${indented(given.facts.map((entry) => printEntry(entry, indent + 2)).join(',\n'))}\n}`
    }
    case 'role':
      return printValues(`given role ${given.role.text}: `, given.values, given.list, indent)
    case 'input': {
      const value = printExpression(given.value)
      // `given role x` would be about the role `x`.
      const isAmbiguous = given.input.text === 'role' && /^[A-Za-z_]/.test(value)
      return `given ${given.input.text} ${isAmbiguous ? `(${value})` : value}`
    }
    default:
      return assertNever(given)
  }
}

function printEntry({ key, values, list }: FactEntry, indent: number): string {
  return printValues(`${printKey(key)}: `, values, list, indent)
}

function printValues(head: string, values: readonly FactValue[], list: boolean, indent: number): string {
  if (list)
    return bracketed(
      head,
      values.map((value) => printFact(value)),
      indent,
    )
  const [text = ''] = values.map((value) =>
    printFact(value).startsWith('[') ? printFact(value, true) : printFact(value),
  )
  return head + text
}

/** `parenthesised` where a `[` would begin a list of facts. */
function printFact({ value, when, until }: FactValue, parenthesised = false): string {
  const expr = value.kind === 'any' ? `any ${value.type.text}` : printExpression(value.expr)
  const args = when?.args === undefined ? '' : ` ${printRecord(when.args)}`
  const carried = when === undefined ? '' : ` when ${when.let.text}${args}`
  const expiry = until === undefined ? '' : ` until ${printExpression(until)}`
  return `${parenthesised ? `(${expr})` : expr}${carried}${expiry}`
}

export function printExpect({ expectation }: Expect, indent: number): string {
  switch (expectation.kind) {
    case 'holds':
      return `expect ${printExpression(expectation.expr)}`
    case 'who': {
      const types = expectation.types.map(({ text }) => text).join(', ')
      const head = `expect ${types === '' ? '' : `${types} `}who can ${expectation.action.text} ${printEntity(expectation.entity)} is `
      return bracketed(head, expectation.actors.map(printGrantee), indent)
    }
    case 'list': {
      const head = `${printAsker(expectation)} can ${expectation.action.text} ${expectation.type.text} is `
      return bracketed(head, expectation.entities.map(printEntity), indent)
    }
    case 'decision': {
      const { allowed, action, on, missing } = expectation
      const can = allowed ? 'can' : 'cannot'
      const lacking = missing === undefined ? '' : ` missing ${missing.map(printExpression).join(', ')}`
      return `${printAsker(expectation)} ${can} ${action.text} ${printExpectedTarget(on)}${lacking}`
    }
    default:
      return assertNever(expectation)
  }
}

type Asked = Expect['expectation'] & { kind: 'decision' | 'list' }

function printAsker({ actor, agents }: Asked): string {
  const via = agents.length === 0 ? '' : ` via ${agents.map(printEntity).join(', ')}`
  return `expect ${actor.kind === 'anonymous' ? 'anonymous' : printEntity(actor)}${via}`
}

function printExpectedTarget(on: (Asked & { kind: 'decision' })['on']): string {
  if (on.kind === 'entity') return printEntity(on.entity)
  const args = on.args === undefined ? '' : ` ${printRecord(on.args)}`
  return `${on.quoted ? quote(on.name.value) : on.name.value}${args} on ${on.server.text}`
}

function printGrantee(grantee: Grantee): string {
  return grantee.kind === 'any' ? `any ${grantee.type.text}` : printEntity(grantee)
}
