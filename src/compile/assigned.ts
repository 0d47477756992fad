import type { Program, Role } from '../ir/program.ts'
import { type Body, isNumbered } from './body.ts'
import type { Code } from './code.ts'
import { join, js, known } from './code.ts'
import type { Truth } from './expression.ts'
import type { Module } from './module.ts'

/**
 * Statements that return true where some fact assigns the role to the subject, and else add to `x` what cannot be told. What is common
 * stands here, for `e` and `s`; lists, and subjects of whom perhaps nothing is known, are left to the support library.
 */
export function assignedStatements(body: Body, role: Role): Code {
  const { module } = body
  const [e, s] = [known('e'), known('s')]
  const relation = relationOf(module, role.type, role.name)
  const nesting = nestingTypes(module.program, role)
  const facts = factsOf(module, role)
  const h = body.temporary()
  const head = role.type === undefined ? js`${relation}.head[0]` : headOf(body, relation, e)
  const container = js`${isOfTypes(module, js`~${h}`, nesting)} && ${module.support('isInside')}(r, ${s}, ~${h})`
  const single = nesting.length === 0 ? js`~${h} === ${s}` : js`~${h} === ${s} || (${container})`
  const entity = role.type === undefined ? js`undefined` : e
  return js`  if ((${h} = ${head}) !== 0) {
    if (${h} < 0) {
      if (${single}) return true
      if (${s} !== r.actor) x = ${module.support('or')}(x, ${module.support('missed')}(r, ${s}, ${facts}.at))
    } else {
      if ((y = ${module.support('listed')}(r, ${relation}, ${h}, ${entity}, ${s}, ${facts})) === true) return true
      if (y !== false) x = ${module.support('or')}(x, y)
    }
  }`
}

/** The same as one expression. */
export function assignedTruth(body: Body, role: Role): Truth {
  const { module } = body
  const entity = role.type === undefined ? js`undefined` : known('e')
  const relation = relationOf(module, role.type, role.name)
  return {
    code: js`${module.support('assigned')}(r, ${relation}, ${entity}, s, ${factsOf(module, role)})`,
    sure: false,
  }
}

function factsOf(module: Module, role: Role): Code {
  return module.constant(
    `${role.type ?? ''}$${role.name}$facts`,
    js`{ at: ${module.data(role.at)}, holders: ${module.holders()}, carried: ${module.carried()} }`,
  )
}

/** The types of subjects that others may be in. */
function nestingTypes(program: Program, { assignable }: Role): readonly string[] {
  return [
    ...new Set(assignable.flatMap(({ kind, type }) => (kind === 'entity' && contains(program, type) ? [type] : []))),
  ]
}

/** The facts of a role or field; of a global role where there is no type. */
export function relationOf(module: Module, type: string | undefined, name: string): Code {
  if (type === undefined) return module.constant(name, js`r.table.globalRelation(${name})`)
  return module.constant(`${type}$${name}`, js`r.table.relation(${typeNumber(module.program, type)}, ${name})`)
}

/** Where the facts of an entity begin; none where it has no number. */
export function headOf(body: Body, relation: Code, entity: Code): Code {
  const head = js`${relation}.head[${entity} & ${mask(body.module)}]`
  return isNumbered(body, entity) ? head : js`(typeof ${entity} === 'number' ? ${head} : 0)`
}

export function mask(module: Module): Code {
  return module.constant('mask', js`r.table.localMask`)
}

/** The number of the type of a numbered entity. */
export function typeOfNumber(module: Module, entity: Code): Code {
  return js`${entity} >>> ${module.constant('bits', js`r.table.localBits`)}`
}

/** A numbered entity is of one of these types. */
function isOfTypes(module: Module, entity: Code, types: readonly string[]): Code {
  const tests = types.map((type) => js`(${typeOfNumber(module, entity)}) === ${typeNumber(module.program, type)}`)
  return tests.length === 1 ? join(tests, ' || ') : js`(${join(tests, ' || ')})`
}

export function typeNumber({ types }: Program, type: string): number {
  return types.findIndex(({ name }) => name === type) + 1
}

/** Something can be in an entity of the type. */
function contains({ types }: Program, name: string): boolean {
  return types.some(({ containers }) => containers.includes(name))
}
