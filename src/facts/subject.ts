import { didYouMean } from '../base/suggest.ts'
import { checkName, shown, unknownType } from './entity-name.ts'
import { type Checked, refused } from './reason.ts'
import type { FactSchema } from './schema.ts'
import type { Subject } from './store.ts'

/** The subject of a fact in any of its forms, of declared types; whether it fits the relation is asked later. */
export function checkSubject(schema: FactSchema, input: unknown, path: string): Checked<Subject> {
  if (typeof input === 'string') return entitySubject(schema, input, path)
  if (typeof input !== 'object' || input === null) return refused('bad-fact', 'a fact needs a subject', path)
  // An object of two forms at once would be read as the one its author did not mean.
  switch (Object.keys(input).sort().join()) {
    case 'any':
      return anySubject(schema, (input as { readonly any: unknown }).any, `${path}.any`)
    case 'entity,role': {
      const { entity, role } = input as { readonly entity: unknown; readonly role: unknown }
      return holdersSubject(schema, entity, role, path)
    }
    case 'id,type':
      return entitySubject(schema, input, path)
    default:
      return refused('bad-fact', 'a subject is `Type:id`, `{ type, id }`, `{ entity, role }` or `{ any }`', path)
  }
}

function entitySubject(schema: FactSchema, input: unknown, path: string): Checked<Subject> {
  const entity = checkName(schema, input, path)
  return entity.reasons === undefined ? { value: { kind: 'entity', entity: entity.value } } : entity
}

function anySubject(schema: FactSchema, type: unknown, path: string): Checked<Subject> {
  if (typeof type !== 'string') return refused('bad-fact', '`any` names a type', path)
  return schema.types.has(type) ? { value: { kind: 'any', type } } : unknownType(schema, type, path)
}

function holdersSubject(schema: FactSchema, name: unknown, role: unknown, path: string): Checked<Subject> {
  const entity = checkName(schema, name, `${path}.entity`)
  if (entity.reasons !== undefined) return entity
  const { type } = entity.value
  const roles = schema.types.get(type)?.roles
  if (typeof role === 'string' && roles?.has(role)) return { value: { kind: 'holders', entity: entity.value, role } }
  const given = typeof role === 'string' ? role.slice(0, 100) : ''
  return refused(
    'unknown-role',
    `\`${type}\` has no role ${shown(given)}`,
    `${path}.role`,
    didYouMean(given, roles?.keys() ?? []),
  )
}

/** Under which a subject is found: entity keys begin with a letter or an underscore, so that no two forms share one. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case 'entity':
      return subject.entity.key
    case 'holders':
      return `#${subject.role}:${subject.entity.key}`
    case 'any':
      return `*${subject.type}`
  }
}

/** As the policy writes it. */
export function showSubject(subject: Subject): string {
  switch (subject.kind) {
    case 'entity':
      return subject.entity.type
    case 'holders':
      return `${subject.entity.type}.${subject.role}`
    case 'any':
      return `any ${subject.type}`
  }
}
