import { equal } from '../../value/equal.ts'
import type { Value } from '../../value/value.ts'
import type { CheckedEntity } from '../entity-door.ts'
import { type Reason, reason } from '../reason.ts'
import { secondSubject } from '../single-valued.ts'
import { subjectKey } from '../subject.ts'
import { addedCodes, relationOf } from './fact-rows.ts'
import { attributeOf } from './record-writes.ts'
import type { Rows } from './rows.ts'
import { factOf } from './view.ts'

/** What an entity already is otherwise, of what came through the interface. */
export function conflictsWithAdded(rows: Rows, { entity, attributes, relations }: CheckedEntity): readonly Reason[] {
  const number = rows.ids.get(entity.key)
  if (number === undefined) return []
  const problems: Reason[] = []
  for (const [name, value] of attributes) {
    const fixed = rows.fixedAttributes.get(number)?.get(name)
    const other = (fixed === undefined ? attributeOf(rows, number, name) : rows.added.cells[fixed]) as Value | undefined
    if (value === undefined || other === undefined || equal(value, other) === true) continue
    problems.push(reason('conflicting-fact', `\`${name}\` has another value`, name, '`put` replaces it'))
  }
  for (const [name, facts] of relations) {
    const relation = relationOf(rows, entity, name)
    if (!relation.single) continue
    const [code] = addedCodes(rows, relation, number)
    const other = code === undefined ? undefined : factOf(rows, relation, code)
    for (const fact of facts) problems.push(...secondSubject({ relation: name, fact, single: true }, other))
  }
  return problems
}

/** What an entity already is in the policy text, and would be here in another way. */
export function conflictsWithFixed(rows: Rows, { entity, attributes, relations }: CheckedEntity): readonly Reason[] {
  const number = rows.ids.get(entity.key)
  if (number === undefined) return []
  const problems: Reason[] = []
  for (const [name, value] of attributes) {
    if (rows.fixedAttributes.get(number)?.has(name) !== true) continue
    const other = attributeOf(rows, number, name) as Value
    if (value !== undefined && equal(value, other) === true) continue
    problems.push(reason('conflicting-fact', `\`${name}\` has another value in the policy`, name))
  }
  for (const [name, facts] of relations) {
    const relation = relationOf(rows, entity, name)
    const [code] = relation.fixed.get(number & rows.localMask)?.keys() ?? []
    if (!relation.single || code === undefined) continue
    const other = subjectKey(factOf(rows, relation, code).subject)
    if (facts.some((fact) => subjectKey(fact.subject) !== other))
      problems.push(reason('conflicting-fact', `\`${name}\` holds another entity in the policy`, name))
  }
  return problems
}
