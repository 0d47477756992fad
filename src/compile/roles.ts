import type { Entities, Expr, Holds } from '../ir/expr.ts'
import type { Role } from '../ir/program.ts'
import { assignedStatements, assignedTruth, headOf, relationOf } from './assigned.ts'
import type { Atom } from './atoms.ts'
import { type Body, newBody, writeBody } from './body.ts'
import { isManyValued } from './calls.ts'
import type { Code } from './code.ts'
import { join, js, known } from './code.ts'
import { connective, entityOf, type Truth, truthOf } from './expression.ts'
import type { Module } from './module.ts'
import { defineCounted, knownEntity, recalled, roleNames } from './predicates.ts'
import { anyStep, returned } from './steps.ts'

const [e, s] = [known('e'), known('s')]

/** What the names of a body are that has no agent and no template. */
export const prologue = js`  const g = undefined, u = undefined, a = undefined, k = undefined\n`

/** A role of an entity of which perhaps nothing is known. */
export function defineRole(module: Module, { type, name: role }: Atom, name: Code): void {
  const { program } = module
  const first = program.roles.find((one) => one.type === type && one.name === role)
  if (first === undefined) {
    module.define(name, [e, s], js`  return ${module.support('noRole')}(r, ${role}, ${type === undefined ? js`undefined` : e})`)
    return
  }
  const held = module.atom({ kind: 'held', ...(type === undefined ? {} : { type }), name: role })
  const isVirtual = program.types.some((one) => one.name === type && one.virtual)
  const check =
    type === undefined || isVirtual
      ? js``
      : js`  if (!${knownEntity(module, type)}) return ${module.support('unknownEntity')}(r, e, ${module.data(first.at)})\n`
  module.define(name, [e, s], js`${check}  return ${held}(e, s)`)
}

/** A role of an entity of which something is known. */
export function defineHeld(module: Module, atom: Atom, name: Code): void {
  const { type, name: role } = atom
  const lines = module.program.roles.filter((one) => one.type === type && one.name === role)
  const words = type === undefined ? [role] : [type, role]
  const roots = lines.flatMap(({ condition, except }) => [condition, except]).filter((one) => one !== undefined)
  const bare = newBody(module, words.join('$'), roleNames(module.program, type), roots)
  const of = type === undefined ? bare : { ...bare, mentioned: new Set([`${e}`]) }
  const operands = lines.flatMap((line) => operandsOf(module, line))
  const tail = tailOf(module, atom, operands)
  if (tail !== undefined) {
    defineLoop(module, atom, name, of, operands, tail)
    return
  }
  const { temporaries, result } = writeBody(of, (body) => js`${statements(body, operands)}\n  return x`)
  defineCounted(module, atom, name, js`${prologue}${temporaries}  let x = false, y\n${result}`)
}

interface Operand {
  /** Returns true, or adds to `x` what cannot be told. */
  readonly write: (body: Body) => Code
  /** None where it is more than an expression. */
  readonly expr?: Expr
}

/** More than so many are put into functions of their own, which are small enough to be optimised. */
const maxStatements = 16

function statements(body: Body, operands: readonly Operand[]): Code {
  const written = operands.slice(0, maxStatements).map(({ write }) => write(body))
  const exprs = operands.slice(maxStatements).map((operand) => (inner: Body): Truth => operand.expr === undefined ? alone(inner, operand) : truthOf(inner, operand.expr))
  return join(exprs.length === 0 ? written : [...written, returned(body, connective(body, 'or', exprs))], '\n')
}

/** In a function of its own. */
function alone(body: Body, { write }: Operand): Truth {
  const { temporaries, result } = writeBody(body, write)
  const name = body.module.name(body.word, 'line')
  body.module.define(name, body.params, js`${temporaries}  let x = false, y\n${result}\n  return x`)
  return { code: js`${name}(${body.params})`, sure: false }
}

/** (assigned or condition) and not except; what is an `or` on the outside is more than one operand. */
function operandsOf(module: Module, role: Role): readonly Operand[] {
  const { condition, except, assignable } = role
  const exprs = condition === undefined ? [] : alternatives(condition)
  if (except === undefined) {
    const holders: Operand[] = assignable.length > 0 ? [{ write: (body) => assignedStatements(body, role) }] : []
    return [...holders, ...exprs.map((expr) => ({ expr, write: (body: Body) => exprStatements(module, body, role, expr) }))]
  }
  const held = (body: Body) =>
    connective(body, 'or', [
      ...(assignable.length > 0 ? [(inner: Body) => assignedTruth(inner, role)] : []),
      ...exprs.map((expr) => (inner: Body) => truthOf(inner, expr)),
    ])
  const not = (body: Body): Truth => {
    const { code, sure } = truthOf(body, except)
    return { code: sure ? js`!(${code})` : js`${body.module.support('not')}(${code})`, sure }
  }
  return [{ write: (body) => returned(body, connective(body, 'and', [held, not])) }]
}

/** Another role of the same entity that is nothing but facts is written in its place. */
function exprStatements(module: Module, body: Body, { type }: Role, expr: Expr): Code {
  const lines = expr.kind === 'holds' && isOwn(expr, type) ? module.program.roles.filter((one) => one.type === type && one.name === expr.relation) : []
  const isPlain = lines.length > 0 && lines.every(({ condition, except }) => condition === undefined && except === undefined)
  if (!isPlain) return returned(body, truthOf(body, expr))
  return join(lines.filter(({ assignable }) => assignable.length > 0).map((line) => assignedStatements(body, line)), '\n')
}

function isOwn({ permission, subject, of, types }: Holds, type: string | undefined): boolean {
  if (permission || subject.kind !== 'variable' || subject.name !== 'actor') return false
  if (of === undefined) return type === undefined
  return of.kind === 'variable' && of.name === 'resource' && types.length === 1 && types[0] === type
}

function alternatives(expr: Expr): readonly Expr[] {
  return expr.kind === 'or' ? expr.operands.flatMap(alternatives) : [expr]
}

interface Tail {
  readonly operand: Operand
  readonly expr: Holds
  readonly step: Entities
}

/** `parent.same`, over a field that holds one entity of the same type, where the role depends on itself in no other way. */
function tailOf(module: Module, atom: Atom, operands: readonly Operand[]): Tail | undefined {
  const { recursive, mutual } = module.calls.weightOf(atom)
  if (!recursive || mutual || module.calls.selfCalls(atom) !== 1) return undefined
  for (const operand of operands) {
    const { expr } = operand
    if (expr?.kind !== 'holds' || expr.permission || expr.relation !== atom.name) continue
    const { of: step, subject, types } = expr
    if (subject.kind !== 'variable' || subject.name !== 'actor' || types.length !== 1 || types[0] !== atom.type) continue
    if (step?.kind !== 'entities' || step.of.kind !== 'variable' || step.of.name !== 'resource') continue
    if (!isManyValued(module.program, step.name)) return { operand, expr, step }
  }
  return undefined
}

/** After so many entities on the way, each is remembered: there may be a cycle. */
const maxSteps = 64

/** Goes up the field, and leaves what is out of the ordinary to the body of one entity. */
function defineLoop(
  module: Module,
  atom: Atom,
  name: Code,
  of: Parameters<typeof writeBody>[0],
  operands: readonly Operand[],
  { operand: tail, expr, step }: Tail,
): void {
  const next = module.name(atom.type ?? '', atom.name, 'next')
  const one = module.name(atom.type ?? '', atom.name, 'body')
  const base = operands.filter((operand) => operand !== tail)
  const up = writeBody(of, (body) => {
    const each = (_: Body, subject: Code, member: Code): Truth => ({ code: recalled(module, atom, one, member, subject), sure: false })
    return (anyStep(body, step, s, expr, each, entityOf) ?? truthOf(body, expr)).code
  })
  module.define(next, [e, s], js`${prologue}${up.temporaries}  return ${up.result}`)
  const single = writeBody(of, (body) => statements(body, base))
  module.define(one, [e, s], js`${prologue}${single.temporaries}  let x = false, y
${single.result}
  return ${module.support('or')}(x, ${next}(e, s))`)
  const parent = relationOf(module, atom.type, step.name)
  const loop = writeBody({ ...of, numbered: new Set([`${e}`]) }, (body) => js`${statements(body, base)}
    h = ${headOf({ ...body, numbered: new Set([`${e}`]) }, parent, e)}
${step.optional ? js`    if (h === 0) return x\n` : js``}    if (h >= 0 || ++n > ${maxSteps}) return x === false ? ${next}(e, s) : ${module.support('or')}(x, ${next}(e, s))
    e = ~h`)
  module.define(name, [e, s], js`${prologue}${loop.temporaries}  if (typeof e !== 'number') return ${one}(e, s)
  let x = false, y, h, n = 0
  for (;;) {
${loop.result}
  }`)
}
