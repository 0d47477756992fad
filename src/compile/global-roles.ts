import type { Expr } from '../ir/expr.ts'
import type { MaskData } from '../machine/verdict-data.ts'
import type { Body } from './body.ts'
import type { Code } from './code.ts'
import { join, js, known } from './code.ts'
import type { Direct } from './direct.ts'
import type { Truth } from './expression.ts'
import type { Module } from './module.ts'
import { askedRole, bits } from './passes/role-masks.ts'

/** All conditions of which one is enough, those first that are nothing but such roles, as one. */
export function masksFirst(module: Module, conditions: readonly Expr[]): readonly Expr[] {
  const masked = conditions.filter((condition) => rolesIn(module, condition) !== undefined)
  const [first] = masked
  if (first === undefined || masked.length < 2) return conditions
  return [
    { kind: 'or', operands: masked, at: first.at },
    ...conditions.filter((condition) => !masked.includes(condition)),
  ]
}

/** The places of the roles that the condition is nothing but; undefined where it is more. */
function rolesIn(module: Module, expr: Expr): readonly number[] | undefined {
  const roles: number[] = []
  const open = [expr]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === 'or') open.push(...next.operands)
    else {
      const index = module.masks()?.indexOf(askedRole(next) ?? '')
      if (index === undefined) return undefined
      roles.push(index)
    }
  }
  return roles
}

export function masksName(module: Module): Code {
  return module.constantOnce('role masks', 'roles', () => {
    const plan = module.data(module.masks()?.plan)
    const reads = (module.masks()?.plan.claims ?? []).map(({ name }) => js`(raw) => raw[${name}]`)
    return js`${module.support('newRoleMasks')}(r, ${plan}, ${module.holders()}, ${module.carried()}, [${reads}])`
  })
}

/** A condition that is nothing but such roles. */
export function maskTruth(body: Body, expr: Expr): Truth | undefined {
  const { module } = body
  const roles = rolesIn(module, expr)
  return roles && { code: js`${module.support('maskTruth')}(r, ${maskName(module, roles)}, s)`, sure: false }
}

/**
 * The same inside a verdict. A session has found all its roles at once; else each way to have one of them is tried in turn, and what
 * was found says more than what takes a closer look.
 */
export function plainMask(body: Body, direct: Direct, expr: Expr): Code | undefined {
  const { module } = body
  const roles = rolesIn(module, expr)
  const plan = module.masks()?.plan
  if (roles === undefined || plan === undefined) return undefined
  const key = roles.join()
  direct.masks.set(key, roles)
  const mask = js`m[${[...direct.masks.keys()].indexOf(key)}]`
  const ways: Code[] = []
  if (plan.facts.length > 0) {
    direct.asksActor = true
    ways.push(js`${module.support('heldByFacts')}(r, ${mask}, s)`)
  }
  for (const [i, { variable, name }] of plan.claims.entries()) {
    const read = direct.inputs.get(variable) ?? new Set()
    direct.inputs.set(variable, read.add(name))
    direct.fields.add(name)
    ways.push(js`${module.support('heldByClaim')}(${mask}, ${i}, ${known(variable)}[${name}])`)
  }
  const unbound = join(
    ways.map((way) => js`(y = ${way}) === 1 || y === 2 && (x = true)`),
    ' || ',
  )
  const inSession = js`(y = ${module.support('heldInSession')}(r, ${mask}, s, h)) === 1 || y === 2 && (x = true)`
  return js`(h === undefined ? ${ways.length === 0 ? js`false` : unbound} : ${inSession})`
}

/** Roles of which one is enough, as data. */
export function maskData(roles: readonly number[]): MaskData {
  return { bits: bits(roles), roles }
}

function maskName(module: Module, roles: readonly number[]): Code {
  return module.constantOnce(`mask ${roles.join()}`, 'mask', () => {
    return js`${module.support('newMask')}(${masksName(module)}, ${module.data(bits(roles))}, ${module.data(roles)})`
  })
}

/** Rules of which each is nothing but such roles, as data; undefined where one is more. */
export function maskLines(module: Module, rules: readonly number[]): Code | undefined {
  const all: number[] = []
  const each: Code[] = []
  for (const index of rules) {
    const condition = module.program.rules[index]?.condition
    const roles = condition && rolesIn(module, condition)
    if (roles === undefined) return undefined
    all.push(...roles)
    each.push(js`[${index}, ${maskName(module, roles)}]`)
  }
  if (all.length === 0) return undefined
  return js`${module.support('maskLines')}(r, ${maskName(
    module,
    [...new Set(all)].sort((a, b) => a - b),
  )}, [${each}])`
}
