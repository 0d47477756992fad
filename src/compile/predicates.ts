import type { Program, Role, Rule } from '../ir/program.ts'
import type { Atom } from './atoms.ts'
import { newBody, writeBody } from './body.ts'
import type { Code } from './code.ts'
import { join, js, known } from './code.ts'
import { connective, type Truth, truthOf } from './expression.ts'
import type { Module } from './module.ts'
import type { Names } from './typing.ts'

/** The functions of roles and permissions. Each takes an entity and a subject, and returns a truth. */

const [e, s, g] = [known('e'), known('s'), known('g')]

/** The function itself counts, and remembers from some depth on; its body is a function of its own. */
export function defineCounted(module: Module, name: Code, words: readonly string[], body: Code): void {
  const inner = module.name(...words, 'body')
  module.define(inner, [e, s], body)
  module.define(
    name,
    [e, s],
    js`  return --r.fuel < 0 ? ${module.support('recalled')}(r, ${inner}, e, s) : ${inner}(e, s)`,
  )
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
    js`  switch (${module.support('typeOf')}(r, e)) {\n${join(cases, '\n')}\n    default: return ${otherwise}\n  }`,
  )
}

function hasRole({ roles }: Program, type: string, name: string): boolean {
  return roles.some((role) => role.type === type && role.name === name)
}

export function defineRole(module: Module, { type, name: role }: Atom, name: Code): void {
  const { program } = module
  const lines = program.roles.filter((one) => one.type === type && one.name === role)
  const [first] = lines
  const words = type === undefined ? [role] : [type, role]
  if (first === undefined) {
    module.define(
      name,
      [e, s],
      js`  return ${module.support('noRole')}(r, ${role}, ${type === undefined ? js`undefined` : e})`,
    )
    return
  }
  const names = roleNames(program, type)
  const roots = lines.flatMap(({ condition, except }) => [condition, except]).filter((one) => one !== undefined)
  const body = newBody(module, words.join('$'), names, roots)
  const { temporaries, result } = writeBody(body, (inner) => {
    const parts = lines.map((line) => (within: typeof inner) => lineOf(module, within, line))
    return connective(inner, 'or', parts).code
  })
  const isVirtual = program.types.some((one) => one.name === type && one.virtual)
  const known_ =
    type === undefined || isVirtual
      ? js``
      : js`  if (!${knownEntity(module, type)}) return ${module.support('unknownEntity')}(r, e, ${module.data(first.at)})\n`
  defineCounted(module, name, words, js`${prologue}${known_}${temporaries}  return ${result}`)
}

/** What the names of a body are that has no agent and no template. */
const prologue = js`  const g = undefined, u = undefined, a = undefined, k = undefined\n`

/** An entity of a known type is known; the quick half of the question. */
export function knownEntity(module: Module, type: string): Code {
  const number = module.program.types.findIndex(({ name }) => name === type) + 1
  const types = module.constant(type, js`r.table.types[${number}]`)
  const mask = module.constant('mask', js`r.table.localMask`)
  return js`((typeof e === 'number' && ${types}.certain[e & ${mask}] === 1) || ${module.support('isKnown')}(r, e))`
}

/** (assigned or condition) and not except. */
function lineOf(module: Module, body: Parameters<typeof truthOf>[0], role: Role): Truth {
  const holders: ((inner: typeof body) => Truth)[] = []
  if (role.assignable.length > 0) holders.push(() => ({ code: assignedCode(module, role), sure: false }))
  const { condition, except } = role
  if (condition !== undefined) holders.push((inner) => truthOf(inner, condition))
  const held = (inner: typeof body) => connective(inner, 'or', holders)
  if (except === undefined) return held(body)
  const not = (inner: typeof body): Truth => {
    const { code, sure } = truthOf(inner, except)
    return { code: sure ? js`!(${code})` : js`${module.support('not')}(${code})`, sure }
  }
  return connective(body, 'and', [held, not])
}

function assignedCode(module: Module, role: Role): Code {
  const { program } = module
  const number = program.types.findIndex(({ name }) => name === role.type) + 1
  const relation =
    role.type === undefined
      ? module.constant(role.name, js`r.table.globalRelation(${role.name})`)
      : module.constant(`${role.type}$${role.name}`, js`r.table.relation(${number}, ${role.name})`)
  const nests = role.assignable.some(({ kind, type }) => kind === 'entity' && contains(program, type))
  const facts = module.constant(
    `${role.type ?? ''}$${role.name}$facts`,
    js`{ at: ${module.data(role.at)}, nests: ${nests}, holders: ${module.holders()}, carried: ${module.carried()} }`,
  )
  return js`${module.support('assigned')}(r, ${relation}, ${role.type === undefined ? js`undefined` : e}, s, ${facts})`
}

/** Something can be in an entity of the type. */
function contains({ types }: Program, name: string): boolean {
  return types.some(({ containers }) => containers.includes(name))
}

/** What the names of a role's or a permission's body are of. */
export function roleNames(program: Program, type: string | undefined): Names {
  const actor = program.types.filter((one) => one.actor).map(({ name }) => name)
  return { actor, resource: type === undefined ? [] : [type], action: false, locals: new Map() }
}
