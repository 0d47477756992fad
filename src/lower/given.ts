import type { Span } from '../base/source.ts'
import { didYouMean } from '../base/suggest.ts'
import type { EntityInput, FactInput, SubjectInput } from '../facts/fact.ts'
import type { FactSchema } from '../facts/schema.ts'
import type { Type } from '../ir/type.ts'
import { noteEntities, noteEntity } from '../model/expression/literals.ts'
import type { Report } from '../model/report.ts'
import { plain } from '../model/tests/plain.ts'
import type { Expr, FactEntry, FactValue, Given } from '../syntax/ast.ts'

/** A fact or an entity as the interface of facts takes it, with the place that it was written at. */
export interface WrittenFact {
  readonly input: FactInput | EntityInput
  readonly at: Span
  /** The type that it says something of, none for a global role; and the relation, none for an entity's record. */
  readonly type?: string
  readonly relation?: string
  /** Where each attribute of an entity was written. */
  readonly attributes?: ReadonlyMap<string, Span>
}

/** `given` statements as facts. What the policy makes of them is checked by the door that every fact goes through. */
export function writtenFacts(givens: readonly Given[], schema: FactSchema, report: Report): readonly WrittenFact[] {
  const facts: WrittenFact[] = []
  const relations = relationNames(schema)
  const entities = new Map<string, { readonly first: Span; readonly attributes: Map<string, Written> }>()
  for (const given of givens) {
    if (given.of === 'input') continue
    if (given.of === 'role') {
      report.notes?.refer(given.role.span, { kind: 'role', name: given.role.text })
      for (const value of given.values) addFact(facts, schema, undefined, given.role.text, value, report)
      continue
    }
    const { type, id } = given.entity
    const { notes } = report
    notes?.declare(given.entity.span, { kind: 'entity', type, name: id }, given)
    noteEntity(report, given.entity)
    for (const container of given.containers) noteEntity(report, container)
    const object = { type, id }
    const key = `${type}:${id}`
    const entity = entities.get(key) ?? { first: given.entity.span, attributes: new Map<string, Written>() }
    entities.set(key, entity)
    for (const container of given.containers)
      facts.push({
        input: { object, relation: 'in', subject: { type: container.type, id: container.id } },
        at: container.span,
      })
    const own = relations(type)
    const seen = new Map<string, Span>()
    for (const entry of given.facts) {
      const first = seen.get(entry.key.text)
      if (first !== undefined) {
        report.add('conflicting-fact', entry.key.span, `\`${entry.key.text}\` is given twice`, {
          related: [{ span: first, message: 'first here' }],
        })
        continue
      }
      seen.set(entry.key.text, entry.key.span)
      const isRole = schema.types.get(type)?.roles.has(entry.key.text) === true
      notes?.refer(entry.key.span, { kind: isRole ? 'role' : 'field', of: type, name: entry.key.text })
      if (own.has(entry.key.text))
        for (const value of entry.values) addFact(facts, schema, object, entry.key.text, value, report)
      else addAttribute(entity.attributes, entry, attributeType(schema, type, entry.key.text), own, report)
    }
  }
  const records = [...entities].map(([key, { first, attributes }]): WrittenFact => {
    const colon = key.indexOf(':')
    return {
      input: {
        type: key.slice(0, colon),
        id: key.slice(colon + 1),
        attributes: Object.fromEntries([...attributes].map(([name, { value }]) => [name, value])),
      },
      at: first,
      type: key.slice(0, colon),
      attributes: new Map([...attributes].map(([name, { at }]) => [name, at])),
    }
  })
  return [...records, ...facts]
}

interface Written {
  readonly value: unknown
  readonly text: string
  readonly at: Span
}

/** Names under which a type's relationships are stored: its roles and its fields of entity type. */
function relationNames(schema: FactSchema): (type: string) => ReadonlySet<string> {
  const none: ReadonlySet<string> = new Set()
  const known = new Map<string, ReadonlySet<string>>()
  return (name) => {
    const type = schema.types.get(name)
    if (type === undefined) return none
    const relations = [...type.fields.values()].filter((field) => field.relation !== undefined)
    const names = known.get(name) ?? new Set([...relations.map((field) => field.name), ...type.roles.keys()])
    known.set(name, names)
    return names
  }
}

function attributeType(schema: FactSchema, type: string, name: string): Type | undefined {
  const known = schema.types.get(type)
  return known?.fields.get(name)?.type ?? known?.open
}

function addAttribute(
  attributes: Map<string, Written>,
  entry: FactEntry,
  type: Type | undefined,
  relations: ReadonlySet<string>,
  report: Report,
): void {
  const name = entry.key.text
  const values: unknown[] = []
  for (const one of entry.values) {
    if (one.value.kind === 'any' || one.when !== undefined || one.until !== undefined) {
      report.add('bad-fact', one.span, `\`${name}\` is a plain field: \`any\`, \`when\` and \`until\` go with roles`, {
        help: didYouMean(name, relations),
      })
      return
    }
    noteEntities(one.value.expr, report)
    const read = plain(one.value.expr, entry.list && type?.kind === 'set' ? type.of : type)
    if ('problem' in read) {
      report.add('bad-fact', read.at, read.problem)
      return
    }
    values.push(read.value)
  }
  const value = entry.list ? values : values[0]
  const text = JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part))
  const before = attributes.get(name)
  if (before === undefined) attributes.set(name, { value, text, at: entry.span })
  else if (before.text !== text)
    report.add('conflicting-fact', entry.span, `\`${name}\` has another value already`, {
      related: [{ span: before.at, message: 'given here' }],
    })
}

function addFact(
  facts: WrittenFact[],
  schema: FactSchema,
  object: { readonly type: string; readonly id: string } | undefined,
  relation: string,
  value: FactValue,
  report: Report,
): void {
  const subject = subjectOf(value, report)
  if (value.when !== undefined) noteCarried(value.when, schema, report)
  if (subject === undefined) return
  const until = value.until === undefined ? undefined : untilOf(value.until, report)
  if (value.until !== undefined && until === undefined) return
  const args = value.when?.args === undefined ? undefined : plain(value.when.args)
  if (args !== undefined && 'problem' in args) {
    report.add('bad-fact', args.at, args.problem)
    return
  }
  facts.push({
    input: {
      ...(object === undefined ? {} : { object }),
      relation,
      subject,
      ...(until === undefined ? {} : { until }),
      ...(value.when === undefined
        ? {}
        : {
            when: {
              let: value.when.let.text,
              ...(args === undefined ? {} : { args: args.value as Readonly<Record<string, unknown>> }),
            },
          }),
    },
    at: value.span,
    ...(object === undefined ? {} : { type: object.type }),
    relation,
  })
}

function noteCarried({ let: name, args }: NonNullable<FactValue['when']>, schema: FactSchema, { notes }: Report): void {
  notes?.refer(name.span, { kind: 'let', name: name.text })
  const params = schema.conditions.get(name.text)?.params ?? []
  for (const { key } of notes === undefined ? [] : (args?.entries ?? [])) {
    const field = params.find((one) => one.name === key.text)
    const referent = field === undefined ? undefined : notes?.referentOf(field)
    if (referent !== undefined) notes?.refer(key.span, referent)
  }
}

/** `User:ann`, `any User`, or `Team:core.member`. */
function subjectOf({ value, span }: FactValue, report: Report): SubjectInput | undefined {
  const { notes } = report
  if (value.kind === 'any') {
    notes?.refer(value.type.span, { kind: 'type', name: value.type.text })
    return { any: value.type.text }
  }
  const { expr } = value
  if (expr.kind === 'entity-literal') {
    noteEntity(report, expr)
    return { type: expr.type, id: expr.id }
  }
  if (expr.kind === 'member' && expr.of.kind === 'entity-literal') {
    noteEntity(report, expr.of)
    notes?.refer(expr.name.span, { kind: 'role', of: expr.of.type, name: expr.name.text })
    return { entity: { type: expr.of.type, id: expr.of.id }, role: expr.name.text }
  }
  report.add('bad-fact', span, 'an entity is expected here', {
    help: 'such as `User:ann`, `any User` or `Team:core.member`',
  })
  return undefined
}

function untilOf(expr: Expr, report: Report): string | undefined {
  const read = plain(expr)
  if ('value' in read && typeof read.value === 'string') return read.value
  report.add('bad-fact', expr.span, '`until` takes a time', {
    help: 'such as `until datetime("2027-01-01T00:00:00Z")`',
  })
  return undefined
}
