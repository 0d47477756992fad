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

/** Defines what is asked for by `module.atom`. */
export function defineAtom(module: Module, atom: Atom, name: Code): void {
  if (atom.kind === 'role') defineRole(module, atom, name)
  else if (atom.kind === 'own') defineOwn(module, atom, name)
  else if (atom.kind === 'delegated') defineDelegated(module, atom, name)
  else defineNested(module, atom, name)
}

/** The function itself counts, and remembers from some depth on; its body is a function of its own. */
function defineCounted(module: Module, name: Code, words: readonly string[], body: Code): void {
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

function defineRole(module: Module, { type, name: role }: Atom, name: Code): void {
  const { program } = module
  const lines = program.roles.filter((one) => one.type === type && one.name === role)
  const [first] = lines
  const words = type === undefined ? [role] : [type, role]
  if (first === undefined) {
    module.define(name, [e, s], js`  return ${module.support('noRole')}(r, ${role}, ${type === undefined ? js`undefined` : e})`)
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
const prologue = js`  const g = undefined, u = undefined, a = undefined\n`

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

function defineOwn(module: Module, { type = '', name: action }: Atom, name: Code): void {
  const { allow, deny } = rulesOf(module.program, action, type)
  const { temporaries, result } = writeBody(newBody(module, action, roleNames(module.program, type), []), (body) => {
    const lines = (rules: readonly number[]) => rules.map((i) => (): Truth => ({ code: js`${module.rule(i)}(s, e, g, u, ${action})`, sure: false }))
    const denied = connective(body, 'or', lines(deny))
    return deny.length === 0
      ? connective(body, 'or', lines(allow)).code
      : connective(body, 'and', [
          (inner) => connective(inner, 'or', lines(allow)),
          () => ({ code: denied.sure ? js`!(${denied.code})` : js`${module.support('not')}(${denied.code})`, sure: denied.sure }),
        ]).code
  })
  defineCounted(module, name, [type, action, 'own'], js`${prologue}${temporaries}  return ${result}`)
}

/** All agents have to be delegated to; one that is denied stops all. */
function defineDelegated(module: Module, { type = '', name: action }: Atom, name: Code): void {
  const { delegate, agentDeny } = rulesOf(module.program, action, type)
  const each = (words: string, rules: readonly number[]) => {
    const called = module.name(type, action, words)
    const { temporaries, result } = writeBody(newBody(module, action, roleNames(module.program, type), []), (body) =>
      connective(body, 'or', rules.map((i) => (): Truth => ({ code: js`${module.rule(i)}(s, e, g, u, ${action})`, sure: false }))).code,
    )
    module.define(called, [s, e, g], js`  const u = undefined, a = undefined\n${temporaries}  return ${result}`)
    return called
  }
  const body = js`  return ${module.support('delegatedBy')}(r, s, e, ${each('delegate', delegate)}, ${each('forbid', agentDeny)})`
  defineCounted(module, name, [type, action, 'delegated'], body)
}

/** Inside a condition: what is not delegated is unknown there, so that it cannot switch a deny off. */
function defineNested(module: Module, { type = '', name: action }: Atom, name: Code): void {
  const own = module.atom({ kind: 'own', type, name: action })
  const delegated = module.atom({ kind: 'delegated', type, name: action })
  const [and, or] = [module.support('and'), module.support('or')]
  module.define(
    name,
    [e, s, known('at')],
    js`  const own = ${own}(e, s)
  if (own === false || r.agents.length === 0 || s !== r.actor) return own
  return ${and}(own, ${or}(${delegated}(e, s), ${module.support('notDelegated')}(r, ${action}, at)))`,
  )
}

/** The rules that concern an action on entities of a type, by their place in the program. */
export function rulesOf({ rules }: Program, action: string, type: string) {
  const found = { allow: [] as number[], deny: [] as number[], agentDeny: [] as number[], delegate: [] as number[] }
  for (const [i, rule] of rules.entries()) {
    if (!concerns(rule, action, type)) continue
    if (rule.effect === 'allow') found.allow.push(i)
    else if (rule.effect === 'delegate') found.delegate.push(i)
    else if (rule.effect === 'deny') (rule.mentionsAgent ? found.agentDeny : found.deny).push(i)
  }
  return found
}

function concerns({ actions, target }: Rule, action: string, type: string): boolean {
  if (actions !== '*' && !actions.includes(action)) return false
  return target.kind === 'everything' || (target.kind === 'types' && target.types.includes(type))
}

/** What the names of a role's or a permission's body are of. */
export function roleNames(program: Program, type: string | undefined): Names {
  const actor = program.types.filter((one) => one.actor).map(({ name }) => name)
  return { actor, resource: type === undefined ? [] : [type], action: false, locals: new Map() }
}
