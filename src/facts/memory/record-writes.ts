import type { Value } from '../../value/value.ts'
import { type AttributeValue, attributeRows } from './attribute-rows.ts'
import { setCell } from './column.ts'
import { mention, unmention } from './mentions.ts'
import { type Rows, typeOf } from './rows.ts'
import { recorded, type TypeRows } from './type-rows.ts'

/** The entity has a record from now on. */
export function record(rows: Rows, entity: number): void {
  const { marks } = typeOf(rows, entity)
  const local = entity & rows.localMask
  const before = marks.cells[local] ?? 0
  if ((before & recorded) !== 0) return
  setCell(rows.history, marks, local, before | recorded)
  mention(rows, entity)
}

export function unrecord(rows: Rows, entity: number): void {
  const { marks } = typeOf(rows, entity)
  const local = entity & rows.localMask
  const before = marks.cells[local] ?? 0
  if ((before & recorded) === 0) return
  setCell(rows.history, marks, local, before & ~recorded)
  unmention(rows, entity)
}

/** It came through the interface, or with a request. */
export function hasRecord(rows: Rows, entity: number): boolean {
  return ((typeOf(rows, entity).marks.cells[entity & rows.localMask] ?? 0) & recorded) !== 0
}

/** Sets these attributes and no others; undefined takes a value away. */
export function setAttributes(
  rows: Rows,
  entity: number,
  given: Iterable<readonly [name: string, value: AttributeValue]>,
): void {
  const type = typeOf(rows, entity)
  const local = entity & rows.localMask
  let names: Set<string> | undefined
  for (const [name, value] of given) {
    const { column, declared } = attributeRows(type, name)
    if (column.cells[local] === undefined && value === undefined) continue
    setCell(rows.history, column, local, value)
    if (declared) continue
    names ??= new Set(undeclaredNames(type, local))
    if (value === undefined) names.delete(name)
    else names.add(name)
  }
  if (names !== undefined) setCell(rows.history, type.undeclared, local, names.size === 0 ? undefined : [...names])
}

export function attributeOf(rows: Rows, entity: number, name: string): AttributeValue {
  return typeOf(rows, entity).attributes.get(name)?.values[entity & rows.localMask]
}

/** All attributes of an entity that have a value. */
export function* attributesOf(rows: Rows, entity: number): Iterable<readonly [string, Value]> {
  const type = typeOf(rows, entity)
  const local = entity & rows.localMask
  const declared = [...type.attributes].filter(([, attribute]) => attribute.declared).map(([name]) => name)
  for (const name of [...declared, ...undeclaredNames(type, local)]) {
    const value = type.attributes.get(name)?.values[local]
    if (value !== undefined) yield [name, value as Value]
  }
}

function undeclaredNames({ undeclared }: TypeRows, local: number): readonly string[] {
  return (undeclared.cells[local] as readonly string[] | undefined) ?? []
}
