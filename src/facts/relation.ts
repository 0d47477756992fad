import { didYouMean } from '../base/suggest.ts'
import type { Role } from '../ir/program.ts'
import type { Entity } from '../value/value.ts'
import { shown } from './entity-name.ts'
import { type Checked, type Reason, reason, refused } from './reason.ts'
import type { FactSchema, FieldSchema, TypeSchema } from './schema.ts'
import { containment, type Fact, type Subject } from './store.ts'
import { showSubject } from './subject.ts'

/** What a fact can be stored under. */
export type Relation =
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'field'; readonly field: FieldSchema }
  | { readonly kind: 'containment'; readonly type: TypeSchema }

/** The relation of this name on an entity, or the global role. */
export function findRelation(schema: FactSchema, object: Entity | undefined, relation: string): Checked<Relation> {
  if (object === undefined) {
    const role = schema.globalRoles.get(relation)
    if (role !== undefined) return { value: { kind: 'role', role } }
    const help = didYouMean(relation.slice(0, 100), schema.globalRoles.keys()) ?? 'give the `object` of the fact'
    return refused('unknown-role', `there is no global role ${shown(relation)}`, 'relation', help)
  }
  const type = schema.types.get(object.type)
  const role = type?.roles.get(relation)
  if (role !== undefined) return { value: { kind: 'role', role } }
  const field = type?.fields.get(relation)
  if (field?.relation !== undefined) return { value: { kind: 'field', field } }
  if (type !== undefined && relation === containment) return { value: { kind: 'containment', type } }
  const name = `\`${object.type}\``
  if (field !== undefined) {
    return refused('bad-fact', `${shown(relation)} of ${name} is an attribute`, 'relation', 'put it with the entity')
  }
  const names = [...(type?.roles.keys() ?? []), ...(type?.fields.keys() ?? [])]
  const help = schema.globalRoles.has(relation)
    ? `\`${relation}\` is a global role: leave \`object\` out`
    : didYouMean(relation.slice(0, 100), names)
  return refused('unknown-field', `${name} has no role or field ${shown(relation)}`, 'relation', help)
}

/** Why the relation cannot have this subject, or the fact this condition. */
export function relationProblem(relation: Relation, fact: Fact): Reason | undefined {
  const { subject } = fact
  if (relation.kind === 'role') return roleProblem(relation.role, fact)
  const allowed = relation.kind === 'field' ? relation.field.relation?.types : relation.type.containers
  const what = relation.kind === 'field' ? `\`${relation.field.name}\`` : `a \`${relation.type.name}\``
  const verb = relation.kind === 'field' ? 'holds' : 'is contained in'
  if (fact.when !== undefined) return reason('bad-fact', `only a role's facts carry conditions`, 'when')
  if (subject.kind === 'entity' && allowed?.has(subject.entity.type)) return undefined
  const choice = [...(allowed ?? [])].map((name) => `\`${name}\``).join(' or ')
  return reason(
    'type-mismatch',
    `${what} ${verb} ${choice === '' ? 'nothing' : choice}, not \`${showSubject(subject)}\``,
    'subject',
    relation.kind === 'containment' && subject.kind === 'entity'
      ? `declare \`${relation.type.name} in ${[...relation.type.containers, subject.entity.type].join(' | ')}\``
      : undefined,
  )
}

function roleProblem(role: Role, fact: Fact): Reason | undefined {
  const fitting = role.assignable.filter((one) => fits(fact.subject, one))
  if (fitting.length === 0) {
    const wanted = showSubject(fact.subject)
    return reason(
      'bad-fact',
      `\`${role.name}\` cannot be assigned to \`${wanted}\``,
      'subject',
      `declare \`| ${wanted}\``,
    )
  }
  const carried = fact.when?.let
  if (fitting.some((one) => one.when === carried)) return undefined
  const names = fitting.flatMap((one) => (one.when === undefined ? [] : [`\`when ${one.when}\``])).join(' or ')
  const message =
    carried === undefined
      ? `a fact of \`${role.name}\` carries a condition`
      : `\`${role.name}\` has no \`when ${carried}\``
  return reason('bad-fact', message, 'when', names === '' ? undefined : `it is ${names}`)
}

function fits(subject: Subject, assignable: Role['assignable'][number]): boolean {
  if (subject.kind !== assignable.kind) return false
  if (subject.kind === 'any') return subject.type === assignable.type
  if (subject.entity.type !== assignable.type) return false
  return subject.kind === 'entity' || subject.role === assignable.role
}

/** Why a request may not bring a fact of the relation. */
export function contextProblem(relation: Relation, name: string, use: 'stored' | 'contextual'): Reason | undefined {
  if (use === 'stored') return undefined
  const declared = relation.kind === 'role' ? relation.role : relation.kind === 'field' ? relation.field : undefined
  if (declared?.contextual) return undefined
  const help = declared === undefined ? undefined : `declare it \`contextual\``
  return reason('bad-fact', `${shown(name)} takes no facts with a request`, 'relation', help)
}
