import type { Expr } from '../ir/expr.ts'
import type { Program, Rule } from '../ir/program.ts'
import type { Type } from '../ir/type.ts'
import { newBody, withLocal, writeBody } from './body.ts'
import type { Code } from './code.ts'
import { join, js, known } from './code.ts'
import { truthOf, valueOf } from './expression.ts'
import type { Module } from './module.ts'
import { roleNames } from './predicates.ts'
import type { Names } from './typing.ts'

/** The functions of rules and of the conditions that facts carry. */

const parameters = [known('s'), known('e'), known('g'), known('u'), known('a')]

export function defineRule(module: Module, index: number, name: Code): void {
  const rule = module.program.rules[index]
  if (rule === undefined) return
  const { temporaries, result } = writeBody(ruleBody(module, rule, rule.condition), (body) => truthOf(body, rule.condition).code)
  module.define(name, parameters, js`${temporaries}  return ${result}`)
}

/** What a limit is counted by, as a value as everywhere. */
export function defineBound(module: Module, index: number): Code | undefined {
  const rule = module.program.rules[index]
  if (rule?.limit === undefined) return undefined
  const { by } = rule.limit
  const name = module.name(rule.id, 'by')
  const { temporaries, result } = writeBody(ruleBody(module, rule, by), (body) => valueOf(body, by))
  module.define(name, parameters, js`${temporaries}  return ${result}`)
  return name
}

function ruleBody(module: Module, rule: Rule, root: Expr) {
  return newBody(module, rule.id, ruleNames(module.program, rule), [root])
}

function ruleNames(program: Program, { target }: Rule): Names {
  const everything = program.types.map(({ name }) => name)
  const resource = target.kind === 'types' ? target.types : target.kind === 'everything' ? everything : []
  return { ...roleNames(program, undefined), resource, action: true }
}

/** Each carried condition is a function of its arguments; one function finds them by name. */
export function defineCarried(module: Module, name: Code): void {
  const [args, e, s] = [known('args'), known('e'), known('s')]
  const cases = module.program.conditions.map((condition) => {
    const called = module.name('when', condition.name)
    let body = newBody(module, condition.name, roleNames(module.program, undefined), [condition.body])
    const params: Code[] = []
    for (const field of condition.params) {
      const local = withLocal({ ...body, nesting: 0, counter: { temporaries: 0 }, temporary: () => known('t') }, field.name, field.type)
      body = local.body
      params.push(js`  const ${local.code} = ${module.support('parameter')}(r, args, ${module.data(field)}, ${module.data(condition.body.at)})`)
    }
    const { temporaries, result } = writeBody(body, (inner) => truthOf(inner, condition.body).code)
    const opening = js`  const g = undefined, u = undefined, a = undefined\n${join(params, '\n')}\n`
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

/** An entity is of these types where a name says so. */
export function union(types: readonly string[]): Type {
  return { kind: 'union', of: types.map((name): Type => ({ kind: 'entity', name })) }
}
