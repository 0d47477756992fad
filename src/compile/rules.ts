import type { Expr } from '../ir/expr.ts'
import type { Program, Rule } from '../ir/program.ts'
import { children } from '../ir/walk.ts'
import type { LiteralData } from '../machine/lines-of-rules.ts'
import { printExpression } from '../runtime/print-expression.ts'
import { type Body, newBody, withLocal, writeBody } from './body.ts'
import type { Code } from './code.ts'
import { join, js, known } from './code.ts'
import { truthOf, valueCode } from './expression.ts'
import type { Module } from './module.ts'
import { roleNames } from './predicates.ts'
import { structureOf } from './structure.ts'
import type { Names } from './typing.ts'

/** The functions of rules and of the conditions that facts carry. */

const parameters = ['s', 'e', 'g', 'u', 'a', 'k'].map(known)

/** A condition as a function, and what it is given besides the names in scope. */
export interface RuleCode {
  readonly function: Code
  readonly literals: Code
  /** What the literals are made of; none where they stand in the function. */
  readonly data?: Code
}

/** The condition of a rule, or a part of it. */
export function ruleCode(module: Module, index: number, part?: Expr): RuleCode {
  const rule = module.program.rules[index]
  if (rule === undefined) throw new RangeError('a rule of the program')
  const root = part ?? module.condition(index)
  const names = ruleNames(module.program, rule)
  const words = rule.id.split(/[^A-Za-z0-9_]+/)
  if (!module.passes.sharing) {
    const written = module.once(part === undefined ? `rule ${index}` : '', words, (name) => {
      defineCondition(module, name, newBody(module, name.toString(), names, [root]), root)
    })
    return { function: written, literals: js`undefined` }
  }
  const { key, nodes } = structureOf(root)
  const places = new Map(nodes.map((node, i) => [node, i]))
  const written = module.once(`structure ${key} ${JSON.stringify([names.resource, names.actor])}`, words, (name) => {
    defineCondition(module, name, { ...newBody(module, name.toString(), names, [root]), places }, root)
  })
  const data = module.data(literalsOf(nodes))
  return { function: written, literals: js`${module.support('literals')}(r, ${data})`, data }
}

/** By part: its literal, its place, and what those of its operands are called that may turn out to have no value. */
export function literalsOf(nodes: readonly Expr[]): LiteralData {
  return {
    file: nodes[0]?.at.file ?? '',
    parts: nodes.map((node) => [
      node.kind === 'constant' ? node.value : null,
      node.at.start,
      node.at.end,
      ...operandsOf(node).map((operand) => (operand.kind === 'constant' ? '' : printExpression(operand))),
    ]),
  }
}

/** Operands that have to have a value. */
function operandsOf(node: Expr): readonly Expr[] {
  switch (node.kind) {
    case 'record':
    case 'field':
    case 'index':
    case 'construct':
    case 'interpolate':
    case 'builtin':
    case 'host-call':
    case 'compare':
    case 'arithmetic':
    case 'negate':
    case 'element':
    case 'has':
    case 'is':
      return children(node)
    case 'some':
    case 'every':
      return [node.of]
    default:
      return []
  }
}

function defineCondition(module: Module, name: Code, body: ReturnType<typeof newBody>, root: Expr): void {
  const { temporaries, result } = writeBody(body, (inner) => truthOf(inner, root).code)
  module.define(name, parameters, js`${temporaries}  return ${result}`)
}

/**
 * A value that several rules compare with their literals. One function for all that compare the same: what it says of an error is not
 * told, since the rules are then asked in full.
 */
export function keyCode(module: Module, index: number, key: Expr): Code {
  const rule = module.program.rules[index]
  if (rule === undefined) throw new RangeError('a rule of the program')
  const names = ruleNames(module.program, rule)
  const same = JSON.stringify([structureOf(key).key, printExpression(key), names.resource, names.actor])
  return module.once(`key ${same}`, [...rule.id.split(/[^A-Za-z0-9_]+/), 'key'], (name) => {
    const body = newBody(module, name.toString(), names, [key])
    const { temporaries, result } = writeBody(body, (inner) => valueCode(inner, key))
    module.define(name, parameters, js`${temporaries}  return ${result}`)
  })
}

/** What a limit is counted by, as a value as everywhere. */
export function boundCode(module: Module, index: number): Code {
  const rule = module.program.rules[index]
  const by = rule?.limit?.by
  if (rule === undefined || by === undefined) return js`undefined`
  return module.once(`bound ${index}`, [...rule.id.split(/[^A-Za-z0-9_]+/), 'by'], (name) => {
    const body = newBody(module, name.toString(), ruleNames(module.program, rule), [by])
    const { temporaries, result } = writeBody(body, (inner) => valueCode(inner, by))
    module.define(name, parameters, js`${temporaries}  return ${result}`)
  })
}

export function ruleNames(program: Program, { target }: Rule): Names {
  const everything = program.types.map(({ name }) => name)
  const resource = target.kind === 'types' ? target.types : target.kind === 'everything' ? everything : []
  return { ...roleNames(program, undefined), resource, action: true }
}

/** Each carried condition is a function of its arguments, which stand where those of a URI template stand elsewhere; one function finds them by name. */
export function defineCarried(module: Module, name: Code): void {
  const [args, e, s] = [known('args'), known('e'), known('s')]
  const cases = module.program.conditions.map((condition) => {
    const called = module.name('when', condition.name)
    let body: Body = {
      ...newBody(module, condition.name, roleNames(module.program, undefined), [condition.body]),
      carried: new Map(condition.params.map((field) => [field.name, field])),
      nesting: 0,
      reads: new Map(),
      counter: { temporaries: 0 },
      temporary: () => known('t'),
    }
    const at = module.data(condition.body.at)
    const params: Code[] = []
    for (const field of condition.params) {
      const local = withLocal(body, field.name, field.type)
      body = local.body
      params.push(js`  const ${local.code} = ${module.support('parameter')}(r, u, ${module.data(field)}, ${at})`)
    }
    const { temporaries, result } = writeBody(body, (inner) => truthOf(inner, condition.body).code)
    const opening = js`  const g = undefined, u = args, a = undefined, k = undefined\n${join(params, '\n')}\n`
    module.define(called, [args, e, s], js`${opening}${temporaries}  return ${result}`)
    return js`    case ${condition.name}: return ${called}(args, e, s)`
  })
  const otherwise = js`${module.support('noCondition')}(r, name)`
  module.define(
    name,
    [known('name'), args, e, s],
    js`  switch (name) {\n${join(cases, '\n')}\n    default: return ${otherwise}\n  }`,
  )
}

/** For facts whose subject are the holders of a role. */
export function defineHolders(module: Module, name: Code): void {
  const relations = new Set(
    module.program.roles.flatMap(({ assignable }) =>
      assignable.flatMap(({ kind, role }) => (kind === 'holders' && role !== undefined ? [role] : [])),
    ),
  )
  const cases = [...relations].map((role) => js`    case ${role}: return ${module.anyType('role', role)}(e, s)`)
  module.define(
    name,
    [known('role'), known('e'), known('s')],
    js`  switch (role) {\n${join(cases, '\n')}\n    default: return ${module.support('noRole')}(r, role, e)\n  }`,
  )
}
