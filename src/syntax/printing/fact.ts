import { assertNever } from '../../base/assert-never.ts'
import type { Expect, FactEntry, FactValue, Given, Grantee } from '../ast.ts'
import { printEntity, printExpression, printKey, printRecord, quote } from './expression.ts'
import { fits, indented } from './layout.ts'

export function printGiven(given: Given, indent: number): string {
  switch (given.of) {
    case 'entity': {
      const containers = given.containers.length === 0 ? '' : ` in ${given.containers.map(printEntity).join(', ')}`
      const head = `given ${printEntity(given.entity)}${containers}`
      if (given.facts.length === 0) return head
      const facts = given.facts.map(printEntry)
      const oneLine = `${head} { ${facts.join(', ')} }`
      return fits(oneLine, indent) ? oneLine : `${head} {\n${indented(facts.join(',\n'))}\n}`
    }
    case 'role':
      return `given role ${given.role.text}: ${printValues(given.values, given.list)}`
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

function printEntry({ key, values, list }: FactEntry): string {
  return `${printKey(key)}: ${printValues(values, list)}`
}

function printValues(values: readonly FactValue[], list: boolean): string {
  if (list) return `[${values.map((value) => printFact(value)).join(', ')}]`
  return values.map((value) => (printFact(value).startsWith('[') ? printFact(value, true) : printFact(value))).join('')
}

/** `parenthesised` where a `[` would begin a list of facts. */
function printFact({ value, when, until }: FactValue, parenthesised = false): string {
  const expr = value.kind === 'any' ? `any ${value.type.text}` : printExpression(value.expr)
  const args = when?.args === undefined ? '' : ` ${printRecord(when.args)}`
  const carried = when === undefined ? '' : ` when ${when.let.text}${args}`
  const expiry = until === undefined ? '' : ` until ${printExpression(until)}`
  return `${parenthesised ? `(${expr})` : expr}${carried}${expiry}`
}

export function printExpect({ expectation }: Expect): string {
  switch (expectation.kind) {
    case 'holds':
      return `expect ${printExpression(expectation.expr)}`
    case 'who': {
      const actors = expectation.actors.map(printGrantee).join(', ')
      const types = expectation.types.map(({ text }) => text).join(', ')
      return `expect ${types === '' ? '' : `${types} `}who can ${expectation.action.text} ${printEntity(expectation.entity)} is [${actors}]`
    }
    case 'list': {
      const entities = expectation.entities.map(printEntity).join(', ')
      return `${printAsker(expectation)} can ${expectation.action.text} ${expectation.type.text} is [${entities}]`
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
