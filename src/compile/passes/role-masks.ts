import type { Compare, Element, Expr } from '../../ir/expr.ts'
import type { Program, Role } from '../../ir/program.ts'
import type { Site } from '../../machine/failure.ts'
import type { Bits, Claim, LiteralTest, RolePlan } from '../../machine/role-plan.ts'
import { printExpression } from '../../runtime/print-expression.ts'

/**
 * Global roles that are nothing but facts, literals in a claim and other such roles: one bit each, so that all that the actor of a
 * request holds are found together, once.
 */
export interface RoleMasks {
  readonly plan: RolePlan
  /** The place of a role among the bits; undefined of one that is more than that. */
  indexOf(role: string): number | undefined
}

/** Bits to a word, so that every word is a small integer. */
const wordSize = 31

/** What all that roles imply may come to before bits are dearer than asking. */
const maxRoles = 8192
const maxImplied = 1_000_000

export function roleMasks(program: Program): RoleMasks | undefined {
  const lines = new Map<string, Role[]>()
  for (const role of program.roles) {
    if (role.type === undefined) lines.set(role.name, [...(lines.get(role.name) ?? []), role])
  }
  const names = simpleRoles(lines)
  if (names.length === 0 || names.length > maxRoles) return undefined
  const index = new Map(names.map((name, i) => [name, i]))
  const above = implications(names, lines, index)
  const implied = closures(above)
  if (implied === undefined) return undefined
  const bitsOf = (roles: readonly number[]): Bits => bits(new Set(roles.flatMap((role) => [...(implied[role] ?? [])])))

  const facts = names.flatMap((name, i) => {
    const assignable = (lines.get(name) ?? []).flatMap((line) => line.assignable)
    return assignable.length === 0 ? [] : [{ role: name, bits: bitsOf([i]) }]
  })
  const claims = new Map<
    string,
    { claim: Pick<Claim, 'variable' | 'name' | 'isSet'>; literals: Map<string, number[]> }
  >()
  for (const [i, name] of names.entries()) {
    for (const { variable, read, isSet, literal } of (lines.get(name) ?? [])
      .flatMap(alternatives)
      .flatMap((one) => literalTest(one) ?? [])) {
      const claim = { variable, name: read.name, isSet }
      const key = JSON.stringify(claim)
      let found = claims.get(key)
      if (found === undefined) {
        found = { claim, literals: new Map() }
        claims.set(key, found)
      }
      found.literals.set(literal, [...(found.literals.get(literal) ?? []), i])
    }
  }
  return {
    plan: {
      width: Math.ceil(names.length / wordSize),
      facts,
      claims: [...claims.values()].map(({ claim, literals }) => ({
        ...claim,
        literals: [...literals].map(([literal, roles]) => [literal, bitsOf(roles)]),
        all: bitsOf([...literals.values()].flat()),
      })),
      roles: names.map((name) =>
        (lines.get(name) ?? []).map((line) => ({
          role: name,
          at: line.at,
          isAssignable: line.assignable.length > 0,
          tests: alternatives(line).flatMap((one) => literalTest(one) ?? []),
          includes: alternatives(line).flatMap((one) => index.get(askedRole(one) ?? '') ?? []),
        })),
      ),
    },
    indexOf: (role) => index.get(role),
  }
}

/** Word and bits in it, one after the other. */
export function bits(roles: Iterable<number>): Bits {
  const words = new Map<number, number>()
  for (const role of roles) {
    const word = Math.floor(role / wordSize)
    words.set(word, (words.get(word) ?? 0) | (1 << (role % wordSize)))
  }
  return [...words].flat()
}

function alternatives({ condition }: Pick<Role, 'condition'>): readonly Expr[] {
  if (condition === undefined) return []
  return condition.kind === 'or'
    ? condition.operands.flatMap((operand) => alternatives({ condition: operand }))
    : [condition]
}

/** The name of a global role that the actor is asked for. */
export function askedRole(expr: Expr): string | undefined {
  if (expr.kind !== 'holds' || expr.of !== undefined || expr.permission) return undefined
  return expr.subject.kind === 'variable' && expr.subject.name === 'actor' ? expr.relation : undefined
}

/** The roles that are simple, and refer to none that is not. */
function simpleRoles(lines: ReadonlyMap<string, readonly Role[]>): readonly string[] {
  const refused: string[] = []
  const usedBy = new Map<string, string[]>()
  for (const [name, all] of lines) {
    let isSimple = all.every(({ except }) => except === undefined)
    for (const one of all.flatMap(alternatives)) {
      const asked = askedRole(one)
      if (asked !== undefined) usedBy.set(asked, [...(usedBy.get(asked) ?? []), name])
      else if (literalTest(one) === undefined) isSimple = false
    }
    if (!isSimple) refused.push(name)
  }
  for (const name of usedBy.keys()) if (!lines.has(name)) refused.push(name)
  const gone = new Set(refused)
  for (let name = refused.pop(); name !== undefined; name = refused.pop()) {
    for (const user of usedBy.get(name) ?? []) {
      if (gone.has(user)) continue
      gone.add(user)
      refused.push(user)
    }
  }
  return [...lines.keys()].filter((name) => !gone.has(name))
}

/** By role those that whoever holds it holds as well, directly. */
function implications(
  names: readonly string[],
  lines: ReadonlyMap<string, readonly Role[]>,
  index: ReadonlyMap<string, number>,
): readonly (readonly number[])[] {
  const above: number[][] = names.map(() => [])
  for (const [i, name] of names.entries()) {
    for (const one of (lines.get(name) ?? []).flatMap(alternatives)) {
      const asked = index.get(askedRole(one) ?? '')
      if (asked !== undefined) above[asked]?.push(i)
    }
  }
  return above
}

function closures(above: readonly (readonly number[])[]): readonly ReadonlySet<number>[] | undefined {
  let size = 0
  const found: ReadonlySet<number>[] = []
  for (const role of above.keys()) {
    const reached = new Set([role])
    for (const one of reached) for (const other of above[one] ?? []) reached.add(other)
    size += reached.size
    if (size > maxImplied) return undefined
    found.push(reached)
  }
  return found
}

function literalTest(expr: Expr): LiteralTest | undefined {
  if (expr.kind === 'element') return expr.in === 'set' ? testOf(expr, expr.value, expr.of, true) : undefined
  if (expr.kind !== 'compare' || expr.operator !== '==') return undefined
  return testOf(expr, expr.left, expr.right, false) ?? testOf(expr, expr.right, expr.left, false)
}

function testOf(expr: Element | Compare, constant: Expr, field: Expr, isSet: boolean): LiteralTest | undefined {
  if (constant.kind !== 'constant' || constant.value.kind !== 'string') return undefined
  if (field.kind !== 'field' || field.of.kind !== 'variable') return undefined
  const { name: variable } = field.of
  if (variable !== 'token' && variable !== 'context') return undefined
  const { name, type, optional, relation, chain } = field
  const text = type.kind === 'set' ? type.of : type
  if (text.kind !== 'string' || (type.kind === 'set') !== isSet) return undefined
  const operands = expr.kind === 'element' ? [expr.value, expr.of] : [expr.left, expr.right]
  return {
    variable,
    read: { name, type, optional, relation, chain },
    literal: constant.value.value,
    isFirst: operands[0] === constant,
    isSet,
    sites: { variable: field.of.at, field: site(field, [field.of]), test: site(expr, operands) },
  }
}

function site({ at }: Expr, operands: readonly Expr[]): Site {
  return { at, operands: operands.map((operand) => printExpression(operand)) }
}
