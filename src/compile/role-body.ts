import type { Expr, Holds } from '../ir/expr.ts'
import type { Role } from '../ir/program.ts'
import { assignedStatements, assignedTruth } from './assigned.ts'
import { type Body, writeBody } from './body.ts'
import type { Code } from './code.ts'
import { join, js } from './code.ts'
import { connective, type Truth, truthOf } from './expression.ts'
import type { Module } from './module.ts'
import { returned } from './steps.ts'

/** What the names of a body are that has no agent and no template. */
export const prologue = js`  const g = undefined, u = undefined, a = undefined, k = undefined\n`

/** Something that is enough to hold a role. */
export interface Operand {
  /** Returns true, or adds to `x` what cannot be told. */
  readonly write: (body: Body) => Code
  /** None where it is more than an expression. */
  readonly expr?: Expr
}

/** More than so many are put into functions of their own, which are small enough to be optimised. */
const maxStatements = 16

/** Statements that return true where an operand is, and else add to `x` what cannot be told. */
export function statements(body: Body, operands: readonly Operand[]): Code {
  const written = operands.slice(0, maxStatements).map(({ write }) => write(body))
  const exprs = operands.slice(maxStatements).map(
    (operand) =>
      (inner: Body): Truth =>
        operand.expr === undefined ? alone(inner, operand) : truthOf(inner, operand.expr),
  )
  return join(exprs.length === 0 ? written : [...written, returned(body, connective(body, 'or', exprs))], '\n')
}

/** In a function of its own. */
function alone(body: Body, { write }: Operand): Truth {
  const { temporaries, result } = writeBody(body, write)
  const name = body.module.name(body.word, 'line')
  body.module.define(name, body.params, js`${temporaries}  let x = false, y\n${result}\n  return x`)
  return { code: js`${name}(${body.params})`, sure: false }
}

/**
 * (assigned or condition) and not except, of all lines of a role; what is an `or` on the outside is more than one operand. Other roles
 * of the same entity are written in their place, each once: what is the same for all of them, as the subject and the entity, is then
 * found out once. Facts come before what leads to other entities.
 */
export function operandsOf(module: Module, lines: readonly Role[]): readonly Operand[] {
  const taken = new Set(lines)
  const operands = lines.flatMap((line) => ofLine(line))
  for (let i = 0; i < operands.length; i++) {
    const { expr } = operands[i] ?? {}
    const others = expr === undefined ? undefined : ownRole(module, lines[0]?.type, expr)
    if (others === undefined) continue
    const inner = others.flatMap((line) => (taken.has(line) ? [] : ofLine(line)))
    if (operands.length + inner.length > maxStatements) continue
    for (const line of others) taken.add(line)
    operands.splice(i--, 1, ...inner)
  }
  return [...operands.filter(({ expr }) => expr === undefined), ...operands.filter(({ expr }) => expr !== undefined)]
}

function ofLine(role: Role): readonly Operand[] {
  const { condition, except, assignable } = role
  const exprs = condition === undefined ? [] : alternatives(condition)
  if (except === undefined) {
    const holders: Operand[] = assignable.length > 0 ? [{ write: (body) => assignedStatements(body, role) }] : []
    return [...holders, ...exprs.map((expr) => ({ expr, write: (body: Body) => returned(body, truthOf(body, expr)) }))]
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

/** The lines of another role of the same entity, or a global one that is nothing but facts, if that is what the operand is. */
function ownRole({ program }: Module, type: string | undefined, expr: Expr): readonly Role[] | undefined {
  if (expr.kind !== 'holds' || !isOwn(expr, type)) return undefined
  const lines = program.roles.filter((one) => one.type === type && one.name === expr.relation)
  if (lines.length === 0 || lines.some(({ except }) => except !== undefined)) return undefined
  return type === undefined && lines.some(({ condition }) => condition !== undefined) ? undefined : lines
}

function isOwn({ permission, subject, of, types }: Holds, type: string | undefined): boolean {
  if (permission || subject.kind !== 'variable' || subject.name !== 'actor') return false
  if (of === undefined) return type === undefined
  return of.kind === 'variable' && of.name === 'resource' && types.length === 1 && types[0] === type
}

function alternatives(expr: Expr): readonly Expr[] {
  return expr.kind === 'or' ? expr.operands.flatMap(alternatives) : [expr]
}
