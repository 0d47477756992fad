import { setCell } from './column.ts'
import { codesOf } from './lists.ts'
import { attributesOf } from './record-writes.ts'
import type { Rows } from './rows.ts'
import { recorded, recordedByPolicy, type TypeRows } from './type-rows.ts'

/** All that is there from now on is what the policy text says: it cannot be changed, and is not dumped. */
export function fixAll(rows: Rows): void {
  for (const type of rows.types) {
    for (let local = 0; local < type.end; local++) {
      fixRecord(rows, type, local)
      fixFacts(rows, type, local)
    }
  }
}

function fixFacts(rows: Rows, { relations }: TypeRows, local: number): void {
  for (const relation of relations.values()) {
    const codes = Array.from(codesOf(rows.history, relation, local), (code) => [code, rows.fixed++] as const)
    if (codes.length > 0) relation.fixed.set(local, new Map(codes))
  }
}

function fixRecord(rows: Rows, type: TypeRows, local: number): void {
  if (type.marks.cells[local] !== recorded) return
  setCell(rows.history, type.marks, local, recordedByPolicy)
  const entity = (type.number << rows.localBits) | local
  const attributes = Array.from(attributesOf(rows, entity), ([name]) => [name, rows.fixed++] as const)
  if (attributes.length > 0) rows.fixedAttributes.set(entity, new Map(attributes))
}
