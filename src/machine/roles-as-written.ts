import type { Ent } from '../facts/table.ts'
import { assigned } from './assigned.ts'
import { or, type Truth } from './doubt.ts'
import { fieldOf } from './fields.ts'
import type { RoleMasks } from './held-roles.ts'
import { compared, condition, element } from './operators.ts'
import type { Registers } from './registers.ts'
import type { LiteralTest, RoleLine } from './role-plan.ts'
import { variable } from './scope.ts'

/** The truth of some of these roles, as they are written: for others than the actor of the request, and for what can go wrong. */
export function heldAsWritten(r: Registers, masks: RoleMasks, roles: readonly number[], subject: Ent): Truth {
  let truth: Truth = false
  // A role that is reached again says nothing new.
  const reached = new Set(roles)
  for (const role of reached) {
    for (const line of masks.plan.roles[role] ?? []) {
      const one = lineTruth(r, masks, line, subject)
      if (one === true) return true
      truth = or(truth, one)
      for (const included of line.includes) reached.add(included)
    }
  }
  return truth
}

function lineTruth(r: Registers, { holders, carried }: RoleMasks, line: RoleLine, subject: Ent): Truth {
  const { role, at, isAssignable, tests } = line
  let truth: Truth = false
  if (isAssignable) truth = assigned(r, r.table.globalRelation(role), undefined, subject, { at, holders, carried })
  for (const test of tests) {
    if (truth === true) return true
    truth = or(truth, literalTruth(r, test))
  }
  return truth
}

function literalTruth(r: Registers, { variable: name, read, literal, isFirst, isSet, sites }: LiteralTest): Truth {
  const value = fieldOf(r, variable(r, name, sites.variable), read, sites.field)
  if (isSet) return condition(r, element(r, 'set', literal, value, sites.test), sites.test)
  const same = isFirst ? compared(r, '==', literal, value, sites.test) : compared(r, '==', value, literal, sites.test)
  return condition(r, same, sites.test)
}
