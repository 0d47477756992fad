import type { EvaluationError, Value } from '../../value/value.ts'
import type { Attribute } from '../table.ts'
import { type Column, sparseValues, values } from './column.ts'
import { addColumn, type TypeRows } from './type-rows.ts'

export type AttributeValue = Value | EvaluationError | undefined

/** The values of one attribute by entity. */
export interface AttributeRows extends Attribute {
  values: readonly AttributeValue[]
  readonly column: Column<unknown[]>
  readonly declared: boolean
}

/** The rows of the attribute of this name, which may have no value yet. */
export function attributeRows(type: TypeRows, name: string): AttributeRows {
  const found = type.attributes.get(name)
  if (found !== undefined) return found
  const declared = type.schema?.fields.has(name) === true
  // Of names that are not declared there can be any number.
  const column = addColumn(type, declared ? values : sparseValues, (cells) => {
    rows.values = cells as AttributeValue[]
  })
  const rows: AttributeRows = { values: column.cells as AttributeValue[], column, declared }
  type.attributes.set(name, rows)
  return rows
}
