import { compile } from '../../../index.ts'
import type {
  Assignable,
  Documented,
  EntityDeclaration,
  Expr,
  Inputs,
  Let,
  Member,
  RoleDeclaration,
  Statement,
  TypeExpr,
} from '../../../syntax/ast.ts'
import { print } from '../../../syntax/print.ts'
import type { Remark } from '../imported.ts'
import {
  allow,
  binary,
  boolean,
  field,
  is,
  joined,
  lambda,
  lead,
  member,
  method,
  name,
  not,
  ref,
  role,
  setOf,
  span,
  typeName,
  union,
} from '../tree.ts'
import { conditionOf } from './conditions.ts'
import { type DirectType, type Model, parts, type Rewrite } from './model.ts'
import { selfNegating, widened } from './negations.ts'
import type { RelationInfo, Schema, TypeInfo } from './schema.ts'
import { Untranslatable } from './values.ts'
import { remark } from './yaml.ts'

export interface TranslatedPolicy {
  readonly statements: readonly Statement[]
  /** The conditions that have become `let`s; the others are remarked. */
  readonly conditions: ReadonlySet<string>
  /** The relations, as `type#relation`, that nobody has, because more would have them than should; they are remarked. */
  readonly closed: ReadonlySet<string>
  /** Those, and what looks into them. */
  readonly doubtful: ReadonlySet<string>
}

export function policyOf(model: Model, schema: Schema, remarks: Remark[]): TranslatedPolicy {
  const lets = new Map<string, Let>()
  for (const definition of model.conditions)
    try {
      const made = conditionOf(definition, schema.conditionNames.of(definition.name), schema.paramNames)
      checkLet(made)
      lets.set(definition.name, made)
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error
      const at = definition.expressionAt + error.at
      remarks.push(
        remark('untranslated', `the condition \`${definition.name}\`: ${error.message}`, definition.source, at),
      )
    }
  const conditions = new Set(lets.keys())
  const marked = selfNegating(model)
  const { closed, doubtful } = widened(model, conditions)
  for (const type of model.types)
    for (const { name: relation, source, at } of type.relations)
      if (closed.has(`${type.name}#${relation}`)) {
        const message = `\`${type.name}#${relation}\`, in which a condition that is not translated stands behind a \`but not\``
        remarks.push(remark('untranslated', message, source, at))
      }
  const entities = [...schema.types.values()].map((type) =>
    new TypeTranslation(type, schema, conditions, marked, closed, remarks).entity(),
  )
  return { statements: [...contextOf(lets.values()), ...lets.values(), ...entities], conditions, closed, doubtful }
}

/**
 * What is a type of CEL and none here is seen by the checker, where the condition is used, so that the rest of the policy need not do
 * without it.
 */
function checkLet(made: Let): void {
  const use: Assignable = { any: false, type: name('User'), when: made.name, span }
  const statements = [
    ...contextOf([made]),
    made,
    entityOf('User', true, [], lead([])),
    entityOf('Doc', false, [role('viewer', [use], {}, lead([]))], lead([])),
  ]
  const { diagnostics } = compile({ 'condition.licet': print({ kind: 'policy', file: '', statements }) })
  const [wrong] = diagnostics
  if (wrong !== undefined) throw new Untranslatable(wrong.message, 0)
}

/** What a request may say for the conditions of facts: a parameter that two conditions give two types is anything. */
function contextOf(lets: Iterable<Let>): readonly Inputs[] {
  const types = new Map<string, TypeExpr>()
  for (const { params = [] } of lets)
    for (const { name: param, type } of params) {
      const before = types.get(param.text)
      const same = before === undefined || JSON.stringify(before) === JSON.stringify(type)
      types.set(param.text, same ? type : typeName('json'))
    }
  if (types.size === 0) return []
  const fields = [...types].map(([param, type]) => field(param, type, true))
  return [{ kind: 'inputs', of: 'context', fields, ...lead([]) }]
}

function entityOf(called: string, actor: boolean, members: readonly Member[], before: Documented): EntityDeclaration {
  return {
    ...{ kind: 'entity', actor, open: false, virtual: true, dynamic: false, name: name(called), containers: [] },
    ...{ members, block: members.length > 0, ...before },
  } as const
}

class TypeTranslation {
  readonly type: TypeInfo
  readonly schema: Schema
  readonly conditions: ReadonlySet<string>
  readonly marked: ReadonlySet<string>
  readonly closed: ReadonlySet<string>
  readonly remarks: Remark[]

  constructor(
    type: TypeInfo,
    schema: Schema,
    conditions: ReadonlySet<string>,
    marked: ReadonlySet<string>,
    closed: ReadonlySet<string>,
    remarks: Remark[],
  ) {
    this.type = type
    this.schema = schema
    this.conditions = conditions
    this.marked = marked
    this.closed = closed
    this.remarks = remarks
  }

  entity(): EntityDeclaration {
    const { name: called, actor, definition, relations } = this.type
    const all = [...relations.values()]
    const members: Member[] = [
      ...all.filter(({ kind }) => kind === 'field').flatMap((one) => this.field(one)),
      ...all.filter(({ kind }) => kind === 'role').flatMap((one) => this.role(one)),
      ...all.filter(({ holders, name: own }) => holders !== own).map((one) => this.holders(one)),
      ...all.filter(({ kind }) => kind === 'permission').flatMap((one) => this.permission(one)),
      ...all.flatMap((one) => this.question(one)),
    ]
    return entityOf(called, actor, members, lead(definition.comments))
  }

  field({ definition, name: called }: RelationInfo): readonly Member[] {
    const types = [...new Set(definition.direct.map(({ type }) => type))]
      .flatMap((type) => this.schema.types.get(type)?.name ?? [])
      .map(typeName)
    if (types.length === 0) return this.without(definition, `\`${definition.name}\` can be nobody`)
    return [field(called, setOf(union(types)), false, lead(definition.comments))]
  }

  role({ definition, name: called }: RelationInfo): readonly Member[] {
    const { rewrite, direct } = definition
    if (this.isClosed(definition)) return [role(called, [], { if: boolean(false) }, lead(definition.comments))]
    const isDirect = [...parts(rewrite)].some(({ kind }) => kind === 'direct')
    const assignable = isDirect ? distinct(direct.flatMap((one) => this.assignable(one))) : []
    const condition = isDirect ? besideAssigned(this.beside(rewrite)) : clauses(this.expr(rewrite))
    // Whoever could be assigned is left out with a condition.
    const nobody = assignable.length === 0 && condition.if === undefined
    return [role(called, assignable, nobody ? { if: boolean(false) } : condition, this.lead(definition))]
  }

  /** Those in a field, as a role that facts can name. */
  holders({ name: called, holders }: RelationInfo): Member {
    return role(holders, [], { if: this.own(called) }, lead([]))
  }

  permission({ definition, name: called }: RelationInfo): readonly Member[] {
    if (this.isClosed(definition)) return [allow(called, { if: boolean(false) }, lead(definition.comments))]
    return [allow(called, clauses(this.expr(definition.rewrite)), this.lead(definition))]
  }

  isClosed({ name: relation }: RelationInfo['definition']): boolean {
    return this.closed.has(`${this.type.definition.name}#${relation}`)
  }

  /** What is no permission by itself can be asked for. */
  question({ name: called, kind, subjects }: RelationInfo): readonly Member[] {
    if (kind === 'permission') return []
    const actors = [...subjects].some((type) => this.schema.types.get(type)?.actor === true)
    return kind === 'role' || actors ? [allow(called, { if: this.own(called) }, lead([]))] : []
  }

  lead({ name: relation, comments }: RelationInfo['definition']) {
    const isMarked = this.marked.has(`${this.type.definition.name}#${relation}`)
    return lead(comments, isMarked ? ['recursive'] : [])
  }

  without(definition: RelationInfo['definition'], message: string): readonly Member[] {
    this.remarks.push(remark('untranslated', message, definition.source, definition.at))
    return []
  }

  assignable({ type, relation, wildcard, condition }: DirectType): readonly Assignable[] {
    const of = this.schema.types.get(type)
    const granted = relation === undefined ? undefined : of?.relations.get(relation)
    if (of === undefined || (relation !== undefined && granted === undefined)) return []
    // Remarked where it is declared.
    if (condition !== undefined && !this.conditions.has(condition)) return []
    return [
      {
        ...{ any: wildcard, type: name(of.name), span },
        ...(granted === undefined ? {} : { role: name(granted.holders) }),
        ...(condition === undefined ? {} : { when: name(this.schema.conditionNames.of(condition)) }),
      },
    ]
  }

  /**
   * A definition in which somebody is assigned, as *(assigned or C) and not D*. What is assigned stands in one place, and never
   * behind a `but not`: that is how the language of OpenFGA has it.
   */
  beside(rewrite: Rewrite): { readonly c: Expr | boolean; readonly d: Expr | boolean } {
    if (rewrite.kind === 'direct') return { c: false, d: false }
    if (rewrite.kind === 'but-not') {
      const { c, d } = this.beside(rewrite.base)
      return { c, d: alternatives([d, this.expr(rewrite.subtract)]) }
    }
    if (rewrite.kind !== 'or' && rewrite.kind !== 'and') throw new Error('invariant: somebody is assigned')
    const isAssigned = (one: Rewrite) => [...parts(one)].some(({ kind }) => kind === 'direct')
    const { c, d } = this.beside(rewrite.of.find(isAssigned) ?? { kind: 'direct' })
    const others = rewrite.of.filter((one) => !isAssigned(one)).map((one) => this.expr(one))
    return rewrite.kind === 'and'
      ? { c, d: alternatives([d, ...others.map(negation)]) }
      : { c: alternatives([c, ...others]), d: conjunction([d, negation(alternatives(others))]) }
  }

  own(called: string): Expr {
    return this.schema.isOuter(called) ? member(ref('resource'), called) : ref(called)
  }

  expr(rewrite: Rewrite): Expr | boolean {
    switch (rewrite.kind) {
      case 'direct':
        throw new Error('invariant: what is assigned has been taken out')
      case 'computed': {
        const found = this.type.relations.get(rewrite.relation)
        return found === undefined ? false : this.own(found.name)
      }
      case 'from':
        return this.path(rewrite.tupleset, rewrite.relation)
      case 'or':
        return alternatives(rewrite.of.map((one) => this.expr(one)))
      case 'and':
        return conjunction(rewrite.of.map((one) => this.expr(one)))
      case 'but-not':
        return conjunction([this.expr(rewrite.base), negation(this.expr(rewrite.subtract))])
    }
  }

  /** `parent.viewer`; where only some of what the parent may be has a viewer, each is asked for its own. */
  path(tupleset: string, relation: string): Expr | boolean {
    const from = this.type.relations.get(tupleset)
    if (from === undefined) return false
    const parents = [...new Set(from.definition.direct.map(({ type }) => type))].flatMap(
      (type) => this.schema.types.get(type) ?? [],
    )
    const ends = parents.flatMap((parent) => {
      const end = parent.relations.get(relation)
      return end === undefined ? [] : [{ parent, end }]
    })
    const [first] = ends
    if (first === undefined) return false
    const isUniform = ends.every(({ end }) => end.kind === first.end.kind && end.name === first.end.name)
    if (isUniform && ends.length === parents.length) return member(this.own(from.name), first.end.name)
    const each = 'each'
    const cases = ends.map(({ parent, end }) => {
      const path = member(ref(each), end.name)
      const holds = end.kind === 'field' ? binary('in', ref('actor'), path) : path
      return binary('and', is(ref(each), parent.name), holds)
    })
    return method(this.own(from.name), 'some', lambda(each, joined('or', cases)))
  }
}

function besideAssigned({
  c,
  d,
}: {
  readonly c: Expr | boolean
  readonly d: Expr | boolean
}): RoleDeclaration['condition'] {
  return { ...(typeof c === 'boolean' ? {} : { if: c }), ...(typeof d === 'boolean' ? {} : { unless: d }) }
}

/** `if C unless D` for *C and not D*. */
function clauses(condition: Expr | boolean): { readonly if?: Expr; readonly unless?: Expr } {
  if (typeof condition === 'boolean') return { if: boolean(condition) }
  if (condition.kind === 'binary' && condition.operator === 'and') {
    const { left, right } = condition
    if (right.kind === 'unary' && right.operator === 'not') return { if: left, unless: right.operand }
  }
  return { if: condition }
}

function negation(of: Expr | boolean): Expr | boolean {
  if (typeof of === 'boolean') return !of
  return of.kind === 'unary' && of.operator === 'not' ? of.operand : not(of)
}

function alternatives(of: readonly (Expr | boolean)[]): Expr | boolean {
  if (of.includes(true)) return true
  const rest = of.filter((one) => typeof one !== 'boolean')
  return rest.length === 0 ? false : joined('or', rest)
}

function conjunction(of: readonly (Expr | boolean)[]): Expr | boolean {
  if (of.includes(false)) return false
  const rest = of.filter((one) => typeof one !== 'boolean')
  return rest.length === 0 ? true : joined('and', rest)
}

function distinct(all: readonly Assignable[]): readonly Assignable[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}
