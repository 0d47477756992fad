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

/** (assigned or condition) and not except; what is an `or` on the outside is more than one operand. */
export function operandsOf(module: Module, role: Role): readonly Operand[] {
  const { condition, except, assignable } = role
  const exprs = condition === undefined ? [] : alternatives(condition)
  if (except === undefined) {
    const holders: Operand[] = assignable.length > 0 ? [{ write: (body) => assignedStatements(body, role) }] : []
    return [
      ...holders,
      ...exprs.map((expr) => ({ expr, write: (body: Body) => exprStatements(module, body, role, expr) })),
    ]
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
  const lines =
    expr.kind === 'holds' && isOwn(expr, type)
      ? module.program.roles.filter((one) => one.type === type && one.name === expr.relation)
      : []
  const isPlain =
    lines.length > 0 && lines.every(({ condition, except }) => condition === undefined && except === undefined)
  if (!isPlain) return returned(body, truthOf(body, expr))
  return join(
    lines.filter(({ assignable }) => assignable.length > 0).map((line) => assignedStatements(body, line)),
    '\n',
  )
}

function isOwn({ permission, subject, of, types }: Holds, type: string | undefined): boolean {
  if (permission || subject.kind !== 'variable' || subject.name !== 'actor') return false
  if (of === undefined) return type === undefined
  return of.kind === 'variable' && of.name === 'resource' && types.length === 1 && types[0] === type
}

function alternatives(expr: Expr): readonly Expr[] {
  return expr.kind === 'or' ? expr.operands.flatMap(alternatives) : [expr]
}
