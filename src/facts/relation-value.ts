import { maxNodes } from '../value/limits.ts'
import type { EntityPart } from './entity-fields.ts'
import { type Checked, type Reason, refused } from './reason.ts'
import { type Relation, relationProblem } from './relation.ts'
import type { FactSchema, TypeSchema } from './schema.ts'
import type { Fact } from './store.ts'
import { checkSubject, subjectKey } from './subject.ts'

/**
 * The facts that a role, a field of entity type or `in` of an entity's input stands for: a list where it can hold many
 * (of `in` and of a role one alone will do), null where it holds none. May throw where a getter or a proxy does.
 */
export function relationFacts(
  schema: FactSchema,
  type: TypeSchema,
  part: Exclude<EntityPart, { readonly kind: 'attribute' }>,
): Checked<readonly Fact[]> {
  const relation = relationOf(type, part)
  if (relation === undefined) return refused('unknown-field', `no \`${part.name}\``, part.name)
  const list = part.raw instanceof Set ? [...part.raw] : part.raw
  const many = relation.kind !== 'field' || relation.field.relation?.many === true
  if (list === null || list === undefined) return { value: [] }
  if (Array.isArray(list) && !many) return refused('type-mismatch', `\`${part.name}\` holds one entity`, part.name)
  if (!Array.isArray(list) && relation.kind === 'field' && many) {
    return refused('type-mismatch', `\`${part.name}\` is a list of entities`, part.name)
  }
  return checkAll(schema, part.name, relation, Array.isArray(list) ? list : [list])
}

function relationOf(type: TypeSchema, part: Exclude<EntityPart, { readonly kind: 'attribute' }>): Relation | undefined {
  if (part.kind === 'containment') return { kind: 'containment', type }
  if (part.kind === 'relation') return { kind: 'field', field: part.field }
  const role = type.roles.get(part.name)
  return role === undefined ? undefined : { kind: 'role', role }
}

function checkAll(
  schema: FactSchema,
  name: string,
  relation: Relation,
  list: readonly unknown[],
): Checked<readonly Fact[]> {
  // Before any element is visited: a sparse array claims any length at no cost.
  if (list.length > maxNodes) return refused('too-large', `\`${name}\` has more than ${maxNodes} elements`, name)
  const facts = new Map<string, Fact>()
  const reasons: Reason[] = []
  for (let i = 0; i < list.length; i++) {
    const subject = checkSubject(schema, list[i], name)
    if (subject.reasons !== undefined) {
      reasons.push(...subject.reasons)
      continue
    }
    const fact: Fact = { subject: subject.value }
    const problem = relationProblem(relation, fact)
    if (problem === undefined) facts.set(subjectKey(subject.value), fact)
    else reasons.push({ ...problem, path: name })
  }
  return reasons.length === 0 ? { value: [...facts.values()] } : { reasons }
}
