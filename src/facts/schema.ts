import type { CarriedCondition, EntityField, Program, Role } from '../ir/program.ts'
import type { Type } from '../ir/type.ts'

/** What facts may say, by name: the part of a program that the door asks. */
export interface FactSchema {
  readonly types: ReadonlyMap<string, TypeSchema>
  readonly globalRoles: ReadonlyMap<string, Role>
  readonly conditions: ReadonlyMap<string, CarriedCondition>
}

export interface TypeSchema {
  readonly name: string
  /** The type of attributes that are not declared, where it admits any. */
  readonly open?: Type
  /** Types that can contain it directly. */
  readonly containers: ReadonlySet<string>
  readonly fields: ReadonlyMap<string, FieldSchema>
  readonly roles: ReadonlyMap<string, Role>
}

export interface FieldSchema extends EntityField {
  /** A field of entity type, stored as facts; an attribute has none. */
  readonly relation?: RelationSchema
}

interface RelationSchema {
  /** The types of entities that it can hold. */
  readonly types: ReadonlySet<string>
  /** Holds any number of them; else at most one. */
  readonly many: boolean
}

export function factSchema(program: Pick<Program, 'types' | 'roles' | 'conditions'>): FactSchema {
  const types = new Map<string, TypeSchema>()
  const rolesOf = new Map<string | undefined, [string, Role][]>()
  for (const role of program.roles) {
    const same = rolesOf.get(role.type)
    if (same === undefined) rolesOf.set(role.type, [[role.name, role]])
    else same.push([role.name, role])
  }
  for (const { name, open, dynamic, containers, fields } of program.types) {
    types.set(name, {
      name,
      ...(open ? { open: { kind: dynamic === true ? 'dynamic' : 'json' } } : {}),
      containers: new Set(containers),
      fields: new Map(fields.map((field) => [field.name, fieldSchema(field)])),
      roles: new Map(rolesOf.get(name)),
    })
  }
  return {
    types,
    globalRoles: new Map(rolesOf.get(undefined)),
    conditions: new Map(program.conditions.map((condition) => [condition.name, condition])),
  }
}

function fieldSchema(field: EntityField): FieldSchema {
  const relation = relationOf(field.type)
  return relation === undefined ? field : { ...field, relation }
}

/** How a field of this type is stored as facts: an entity, a union of entities, or a set of either. */
function relationOf(type: Type): RelationSchema | undefined {
  const many = type.kind === 'set'
  const types = entityTypes(many ? type.of : type)
  return types === undefined ? undefined : { types: new Set(types), many }
}

function entityTypes(type: Type): readonly string[] | undefined {
  if (type.kind === 'entity') return [type.name]
  if (type.kind !== 'union') return undefined
  const names = type.of.map((alternative) => (alternative.kind === 'entity' ? alternative.name : undefined))
  return names.every((name) => name !== undefined) ? names : undefined
}
