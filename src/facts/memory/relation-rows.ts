import type { Role } from '../../ir/program.ts'
import { containment } from '../store.ts'
import type { TermFact } from '../table.ts'
import { type Column, ints, newColumn, values } from './column.ts'
import type { Ended } from './journal.ts'
import { type Lists, newLists } from './lists.ts'
import type { Rows } from './rows.ts'
import { addColumn, type TypeRows } from './type-rows.ts'

/** The facts of one relation of a type, or of a global role: lists of subjects by object, and of objects by subject. */
export interface RelationRows extends Lists {
  readonly name: string
  /** Of its objects. */
  readonly of: TypeRows
  /** Holds at most one entity. */
  readonly single: boolean
  terms: readonly (TermFact | undefined)[]
  readonly termColumn: Column<unknown[]>
  /** How many places for terms have been handed out, and which of them can be handed out again. */
  readonly termEnd: Ended
  readonly freedTerms: number[]
  readonly reverse: Map<number, Lists>
  /** Those of `reverse` whose subjects are let in as they are: plain entities, without a condition. */
  readonly takes: Map<number, Lists>
  /** Facts of the policy text, by object and code, each with its number among them. Filled before all others, and never changed. */
  readonly fixed: Map<number, Map<number, number>>
}

/** The rows of the relation of this name, which may have no facts yet; of the global object, of a global role. */
export function relationRows(rows: Pick<Rows, 'byName' | 'schema'>, of: TypeRows, name: string): RelationRows {
  const found = of.relations.get(name)
  if (found !== undefined) return found
  const field = of.schema?.fields.get(name)
  const role = of.number === 0 ? rows.schema.globalRoles.get(name) : of.schema?.roles.get(name)
  const termColumn = newColumn(values, [], false, (cells) => {
    relation.terms = cells as TermFact[]
  })
  const relation: RelationRows = newLists((show) => addColumn(of, ints, show), {
    name,
    of,
    single: role === undefined && field?.relation?.many === false,
    terms: termColumn.cells as TermFact[],
    termColumn,
    termEnd: { end: 0 },
    freedTerms: [],
    reverse: new Map<number, Lists>(),
    takes: new Map<number, Lists>(),
    fixed: new Map<number, Map<number, number>>(),
  })
  of.relations.set(name, relation)
  if (name === containment) of.containment = relation
  for (const subject of plainSubjects(of, name, role)) {
    const type = rows.byName.get(subject)
    if (type !== undefined) relation.takes.set(type.number, reverseLists(relation, type))
  }
  return relation
}

function plainSubjects(of: TypeRows, name: string, role: Role | undefined): Iterable<string> {
  if (role !== undefined) {
    const plain = role.assignable.filter((one) => one.kind === 'entity' && one.when === undefined)
    return plain.map(({ type }) => type)
  }
  if (name === containment) return of.schema?.containers ?? []
  return of.schema?.fields.get(name)?.relation?.types ?? []
}

/** The lists from subjects of a type to objects. */
export function reverseLists(relation: RelationRows, subjects: TypeRows): Lists {
  const found = relation.reverse.get(subjects.number)
  if (found !== undefined) return found
  const lists = newLists((show) => addColumn(subjects, ints, show), {})
  relation.reverse.set(subjects.number, lists)
  subjects.pointing.push({ relation, lists })
  return lists
}
