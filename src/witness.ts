import type { Span } from './base/source.ts'
import type { EntityInput, EntityName, FactInput } from './facts/fact.ts'
import type { Policy } from './language.ts'
import type { ExpectedTarget } from './model/tests/test-case.ts'
import type { EntityLiteral, Expect, Expr, FactValue, Given, Key, Name, Test, Policy as Tree } from './syntax/ast.ts'
import { parse } from './syntax/parse.ts'
import { print, printExpect } from './syntax/print.ts'

/** A request as an expectation names it. */
export interface AskedRequest {
  readonly actor: string | null
  readonly agents: readonly string[]
  readonly action: string
  readonly target: ExpectedTarget
}

/** What is given in a test otherwise than in the one that it is made of. */
export interface GivenChange {
  /** Replaced, or left out where undefined. */
  readonly input?: { readonly name: string; readonly value: unknown }
  /** One attribute of an entity. */
  readonly attribute?: { readonly entity: string; readonly name: string; readonly value: unknown }
  readonly added?: readonly (FactInput | EntityInput)[]
  /** What is said of a relation of an entity. */
  readonly dropped?: { readonly entity: string; readonly relation: string }
}

/** `expect User:ann can read Doc:plan`, as it can stand in a test. */
export function expectText(request: AskedRequest, allowed: boolean): string {
  return printExpect(expectOf(request, allowed))
}

/** A test with the givens of another but for one, and one expectation; undefined where it cannot be made so. */
export function testText(
  { sources }: Policy,
  test: { readonly at: Span; readonly name: string },
  change: GivenChange,
  request: AskedRequest,
  allowed: boolean,
): string | undefined {
  const source = sources.find(({ name }) => name === test.at.file)
  if (source === undefined) return undefined
  const found = parse(source).policy.statements.find(
    (one): one is Test => one.kind === 'test' && one.span.start === test.at.start,
  )
  const givens = found?.members.filter((member): member is Given => member.kind === 'given')
  const changed = givens && changedGivens(givens, change)
  if (found === undefined || changed === undefined) return undefined
  const name = { ...found.name, value: `${test.name}, otherwise` }
  const whole: Test = { ...found, name, members: [...changed, expectOf(request, allowed)] }
  const tree: Tree = { kind: 'policy', file: source.name, statements: [whole] }
  return print(tree).trimEnd()
}

function changedGivens(
  givens: readonly Given[],
  { input, attribute, added, dropped }: GivenChange,
): readonly Given[] | undefined {
  if (input !== undefined) {
    const others = givens.filter((given) => given.of !== 'input' || given.input.text !== input.name)
    if (input.value === undefined) return others
    const value = input.name === 'approvals' ? entities(input.value) : exprOf(input.value)
    const added: Given = {
      kind: 'given',
      of: 'input',
      input: nameOf(input.name),
      value,
      annotations: [],
      span: nowhere,
    }
    return [added, ...others]
  }
  if (added !== undefined) return [...givens, ...added.map(givenOf)]
  if (dropped !== undefined) return givens.map((given) => withoutRelation(given, dropped))
  if (attribute === undefined) return givens
  let isFound = false
  const changed = givens.map((given): Given => {
    if (given.of !== 'entity' || `${given.entity.type}:${given.entity.id}` !== attribute.entity) return given
    const facts = given.facts.map((entry) => {
      if (entry.key.text !== attribute.name) return entry
      isFound = true
      const list = Array.isArray(attribute.value)
      const values: readonly unknown[] = list ? (attribute.value as readonly unknown[]) : [attribute.value]
      return { ...entry, list, values: values.map((value) => factValue(exprOf(value))) }
    })
    return { ...given, facts }
  })
  return isFound ? changed : undefined
}

function factValue(expr: Expr): FactValue {
  return { value: { kind: 'expr', expr }, span: nowhere }
}

function withoutRelation(given: Given, { entity, relation }: NonNullable<GivenChange['dropped']>): Given {
  if (given.of !== 'entity' || `${given.entity.type}:${given.entity.id}` !== entity) return given
  if (relation === 'in') return { ...given, containers: [] }
  return { ...given, facts: given.facts.filter(({ key }) => key.text !== relation) }
}

/** One fact as a statement of its own. */
function givenOf(fact: FactInput | EntityInput): Given {
  const lead = { kind: 'given', annotations: [], span: nowhere } as const
  if (!isFact(fact)) {
    const facts = Object.entries(fact.attributes ?? {}).map(([text, value]) => {
      const key: Key = { text, quoted: false, span: nowhere }
      return { key, values: [factValue(exprOf(value))], list: false, span: nowhere }
    })
    return { ...lead, of: 'entity', entity: literalOf(fact), containers: [], facts }
  }
  const { object, relation, subject } = fact
  const value = subjectOf(subject)
  if (object === undefined) return { ...lead, of: 'role', role: nameOf(relation), values: [value], list: false }
  const about = { ...lead, of: 'entity', entity: literalOf(object) } as const
  if (relation === 'in' && value.value.kind === 'expr' && value.value.expr.kind === 'entity-literal')
    return { ...about, containers: [value.value.expr], facts: [] }
  const key: Key = { text: relation, quoted: false, span: nowhere }
  return { ...about, containers: [], facts: [{ key, values: [value], list: false, span: nowhere }] }
}

function isFact(fact: FactInput | EntityInput): fact is FactInput {
  return 'relation' in fact && !('type' in fact)
}

function subjectOf(subject: FactInput['subject']): FactValue {
  if (typeof subject !== 'string' && 'any' in subject)
    return { value: { kind: 'any', type: nameOf(subject.any) }, span: nowhere }
  if (typeof subject === 'string' || 'id' in subject) return factValue(literalOf(subject))
  return factValue({
    kind: 'member',
    of: literalOf(subject.entity),
    name: nameOf(subject.role),
    optional: false,
    span: nowhere,
  })
}

function literalOf(name: EntityName): EntityLiteral {
  return entityOf(typeof name === 'string' ? name : `${name.type}:${name.id}`)
}

const nowhere: Span = { file: '', start: 0, end: 0 }

function nameOf(text: string): Name {
  return { text, span: nowhere }
}

function entityOf(entity: string): EntityLiteral {
  const colon = entity.indexOf(':')
  return { kind: 'entity-literal', type: entity.slice(0, colon), id: entity.slice(colon + 1), span: nowhere }
}

function entities(names: unknown): Expr {
  return { kind: 'set', elements: (names as readonly string[]).map(entityOf), span: nowhere }
}

function expectOf({ actor, agents, action, target }: AskedRequest, allowed: boolean): Expect {
  return {
    kind: 'expect',
    annotations: [],
    span: nowhere,
    expectation: {
      kind: 'decision',
      actor: actor === null ? { kind: 'anonymous', span: nowhere } : entityOf(actor),
      agents: agents.map(entityOf),
      allowed,
      action: nameOf(action),
      on: targetOf(target),
    },
  }
}

type Target = (Expect['expectation'] & { readonly kind: 'decision' })['on']

function targetOf(target: ExpectedTarget): Target {
  if (target.kind === 'entity') return { kind: 'entity', entity: entityOf(target.entity) }
  const server = nameOf(target.server)
  const named = (value: string, quoted: boolean) =>
    ({ kind: 'item', name: { value, span: nowhere }, quoted, server }) as const
  switch (target.kind) {
    case 'tool':
    case 'prompt': {
      const item = named(target.name, !/^[A-Za-z_]\w*$/.test(target.name))
      if (target.args === undefined) return item
      const args = exprOf(target.args)
      return args.kind === 'record' ? { ...item, args } : item
    }
    case 'resource':
      return named(target.uri, true)
    case 'template':
      return named(target.uriTemplate, true)
    case 'server':
      return named('*', false)
  }
}

/** A JSON value as it is written in a policy; null is what is left out. */
function exprOf(value: unknown): Expr {
  const span = nowhere
  switch (typeof value) {
    case 'boolean':
      return { kind: 'boolean', value, span }
    case 'bigint':
      return signed(value < 0n, { kind: 'int', value: value < 0n ? -value : value, span })
    case 'number': {
      const size = Math.abs(value)
      return signed(
        value < 0,
        Number.isSafeInteger(size) ? { kind: 'int', value: BigInt(size), span } : { kind: 'number', value: size, span },
      )
    }
    case 'object':
      if (Array.isArray(value)) return { kind: 'set', elements: value.map(exprOf), span }
      return { kind: 'record', entries: entriesOf(value ?? {}), span }
    default:
      return { kind: 'string', parts: [{ kind: 'text', value: String(value) }], span }
  }
}

function entriesOf(value: object): (Expr & { readonly kind: 'record' })['entries'] {
  return Object.entries(value).flatMap(([text, part]) => {
    const key: Key = { text, quoted: !/^[A-Za-z_]\w*$/.test(text), span: nowhere }
    return part === null || part === undefined ? [] : [{ key, value: exprOf(part) }]
  })
}

function signed(negative: boolean, operand: Expr): Expr {
  return negative ? { kind: 'unary', operator: '-', operand, span: nowhere } : operand
}
