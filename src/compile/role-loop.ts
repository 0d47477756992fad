import type { Entities, Holds } from '../ir/expr.ts'
import { headOf, relationOf } from './assigned.ts'
import type { Atom } from './atoms.ts'
import { type Body, writeBody } from './body.ts'
import { isManyValued } from './calls.ts'
import type { Code } from './code.ts'
import { js, known } from './code.ts'
import { entityOf, type Truth, truthOf } from './expression.ts'
import type { Module } from './module.ts'
import { recalled } from './predicates.ts'
import { type Operand, prologue, statements } from './role-body.ts'
import { anyStep } from './steps.ts'

const [e, s] = [known('e'), known('s')]

/** The step by which a role goes on to the same role of another entity. */
export interface Tail {
  readonly operand: Operand
  readonly expr: Holds
  readonly step: Entities
}

/** `parent.same`, over a field that holds one entity of the same type, where the role depends on itself in no other way. */
export function tailOf(module: Module, atom: Atom, operands: readonly Operand[]): Tail | undefined {
  const { recursive, mutual } = module.calls.weightOf(atom)
  if (!recursive || mutual || module.calls.selfCalls(atom) !== 1) return undefined
  for (const operand of operands) {
    const { expr } = operand
    if (expr?.kind !== 'holds' || expr.permission || expr.relation !== atom.name) continue
    const { of: step, subject, types } = expr
    if (subject.kind !== 'variable' || subject.name !== 'actor' || types.length !== 1 || types[0] !== atom.type)
      continue
    if (step?.kind !== 'entities' || step.of.kind !== 'variable' || step.of.name !== 'resource') continue
    if (!isManyValued(module.program, step.name)) return { operand, expr, step }
  }
  return undefined
}

/** After so many entities on the way, each is remembered: there may be a cycle. */
const maxSteps = 64

/** Goes up the field, and leaves what is out of the ordinary to the body of one entity. */
export function defineLoop(
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
    const each = (_: Body, subject: Code, member: Code): Truth => ({
      code: recalled(module, atom, one, member, subject),
      sure: false,
    })
    return (anyStep(body, step, s, each, entityOf) ?? truthOf(body, expr)).code
  })
  module.define(next, [e, s], js`${prologue}${up.temporaries}  return ${up.result}`)
  const single = writeBody(of, (body) => statements(body, base))
  module.define(
    one,
    [e, s],
    js`${prologue}${single.temporaries}  let x = false, y
${single.result}
  return ${module.support('or')}(x, ${next}(e, s))`,
  )
  const parent = relationOf(module, atom.type, step.name)
  const loop = writeBody(
    { ...of, numbered: new Set([`${e}`]) },
    (body) => js`${statements(body, base)}
    h = ${headOf({ ...body, numbered: new Set([`${e}`]) }, parent, e)}
${step.optional ? js`    if (h === 0) return x\n` : js``}    if (h >= 0 || ++n > ${maxSteps}) return x === false ? ${next}(e, s) : ${module.support('or')}(x, ${next}(e, s))
    e = ~h`,
  )
  module.define(
    name,
    [e, s],
    js`${prologue}${loop.temporaries}  if (typeof e !== 'number') return ${one}(e, s)
  let x = false, y, h, n = 0
  for (;;) {
${loop.result}
  }`,
  )
}
