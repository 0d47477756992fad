import { type FactSchema, factSchema } from '../../src/facts/schema.ts'
import type { Assignable, EntityField, EntityType, Role } from '../../src/ir/program.ts'
import type { Type } from '../../src/ir/type.ts'

const at = { file: 'library.licet', start: 0, end: 0 }
const string: Type = { kind: 'string' }
const entity = (name: string): Type => ({ kind: 'entity', name })

function field(name: string, type: Type, more: Partial<EntityField> = {}): EntityField {
  return { name, type, optional: true, contextual: false, ...more }
}

function type(name: string, fields: readonly EntityField[], more: Partial<EntityType> = {}): EntityType {
  return { name, actor: name === 'User', open: false, virtual: false, containers: [], fields, ...more }
}

function role(of: string | undefined, name: string, assignable: readonly Assignable[], contextual = false): Role {
  return { id: `${of}.${name}`, ...(of === undefined ? {} : { type: of }), name, contextual, assignable, at }
}

const user: Assignable = { kind: 'entity', type: 'User' }
const group: Assignable = { kind: 'entity', type: 'Group' }
const teamMember: Assignable = { kind: 'holders', type: 'Team', role: 'member' }

/** The declarations that the tests of this folder are about. */
export const library: FactSchema = factSchema({
  types: [
    type(
      'User',
      [
        field('email', string, { optional: false }),
        field('clearance', { kind: 'int' }),
        field('tags', { kind: 'set', of: string }),
        field('manager', entity('User')),
        field('limits', { kind: 'record', fields: [{ name: 'max', type: { kind: 'int' }, optional: false }] }),
      ],
      { containers: ['Group'] },
    ),
    type('Group', [], { containers: ['Group'] }),
    type('Team', []),
    type('Org', [field('id', string)], { open: true }),
    type('Doc', [
      field('title', string),
      field('org', entity('Org'), { optional: false }),
      field('reviewers', { kind: 'set', of: entity('User') }),
      field('session', entity('User'), { contextual: true }),
      field('owner', { kind: 'union', of: [entity('User'), entity('Org')] }),
    ]),
  ],
  roles: [
    role(undefined, 'employee', [user, group]),
    role(undefined, 'onCall', [user], true),
    role('Team', 'member', [user]),
    role('Doc', 'writer', [user, teamMember]),
    role('Doc', 'reader', [user, group, { kind: 'any', type: 'User' }]),
    role('Doc', 'visitor', [
      { ...user, when: 'in_net' },
      { kind: 'any', type: 'User', when: 'in_net' },
    ]),
    role('Doc', 'guest', [user], true),
  ],
  conditions: [
    {
      name: 'in_net',
      params: [
        { name: 'range', type: { kind: 'cidr' }, optional: false },
        { name: 'after', type: { kind: 'datetime' }, optional: true },
      ],
      body: { kind: 'constant', value: { kind: 'boolean', value: true }, at },
    },
  ],
})
