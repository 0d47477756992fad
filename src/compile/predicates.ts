import type { Program } from '../ir/program.ts'
import { mask, typeOfNumber } from './assigned.ts'
import type { Atom } from './atoms.ts'
import type { Code } from './code.ts'
import { join, js, known } from './code.ts'
import type { Module } from './module.ts'
import type { Names } from './typing.ts'

/** The functions of roles and permissions. Each takes an entity and a subject, and returns a truth. */

const [e, s] = [known('e'), known('s')]

/**
 * What a predicate is. One that could take long, or not end, counts how often it is looked into, and is remembered from some number
 * on, one that asks the host program from the first time on; its body is a function of its own then.
 */
export function defineCounted(module: Module, atom: Atom, name: Code, body: Code): void {
  const { counted, asksHost } = module.calls.weightOf(atom)
  if (!counted && !asksHost) {
    module.define(name, [e, s], body)
    return
  }
  const inner = module.name(...(atom.type === undefined ? [] : [atom.type]), atom.name, 'body')
  module.define(inner, [e, s], body)
  const once = recalled(module, atom, inner, e, s)
  module.define(name, [e, s], asksHost ? js`  return ${once}` : js`  return --r.fuel < 0 ? ${once} : ${inner}(e, s)`)
}

/** What the body of a predicate comes to, remembered for the rest of the decision. */
export function recalled(module: Module, atom: Atom, body: Code, entity: Code, subject: Code): Code {
  const { component } = module.calls.weightOf(atom)
  return js`${module.support('recalled')}(r, ${body}, ${component}, ${entity}, ${subject})`
}

/** A role of the same name on whatever type the entity is of. */
export function defineAnyType(module: Module, kind: 'role' | 'nested', relation: string, name: Code): void {
  const at = kind === 'nested' ? [known('at')] : []
  const cases = module.program.types.flatMap((type, i) => {
    if (kind === 'role' && !hasRole(module.program, type.name, relation)) return []
    const call = js`${module.atom({ kind, type: type.name, name: relation })}(${[e, s, ...at]})`
    return [js`    case ${i + 1}: return ${call}`]
  })
  const otherwise = kind === 'role' ? js`${module.support('noRole')}(r, ${relation}, e)` : js`false`
  module.define(
    name,
    [e, s, ...at],
    js`  switch (typeof e === 'number' ? ${typeOfNumber(module, e)} : ${module.support('typeOf')}(r, e)) {\n${join(cases, '\n')}\n    default: return ${otherwise}\n  }`,
  )
}

function hasRole({ roles }: Program, type: string, name: string): boolean {
  return roles.some((role) => role.type === type && role.name === name)
}

/** An entity of a known type is known; the quick half of the question. */
export function knownEntity(module: Module, type: string): Code {
  const number = module.program.types.findIndex(({ name }) => name === type) + 1
  const types = module.constant(type, js`r.table.types[${number}]`)
  return js`((typeof e === 'number' && ${types}.certain[e & ${mask(module)}] === 1) || ${module.support('isKnown')}(r, e))`
}

/** What the names of a role's or a permission's body are of. */
export function roleNames(program: Program, type: string | undefined): Names {
  const actor = program.types.filter((one) => one.actor).map(({ name }) => name)
  return { actor, resource: type === undefined ? [] : [type], action: false, locals: new Map() }
}
