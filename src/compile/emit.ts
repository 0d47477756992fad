import type { Program } from '../ir/program.ts'
import type { Code } from './code.ts'
import { join, js } from './code.ts'
import { newModule } from './module.ts'
import { defineAnyType, defineAtom } from './predicates.ts'
import { defineBound, defineCarried, defineHolders, defineRule } from './rules.ts'

/** A program as JavaScript: the body of a function of `r` (registers), `d` (data) and `support`, which returns what is linked. */
export interface Emitted {
  readonly body: Code
  readonly data: readonly unknown[]
  readonly uses: readonly string[]
}

export function emit(program: Program): Emitted {
  const module = newModule(program, {
    atom: defineAtom,
    anyType: defineAnyType,
    rule: defineRule,
    holders: defineHolders,
    carried: defineCarried,
  })
  const rules = program.rules.map((_, i) => module.rule(i))
  const bounds = program.rules.map((_, i) => defineBound(module, i) ?? js`undefined`)
  const entity = program.actions.map(({ action }) => {
    const types = program.types.map(({ name: type }, i) => {
      const own = module.atom({ kind: 'own', type, name: action })
      return js`${`${i + 1}`}: { own: ${own}, delegated: ${module.atom({ kind: 'delegated', type, name: action })} }`
    })
    return js`    [${action}, { ${join(types, ', ')} }]`
  })
  const { constants, functions, data, uses } = module.written()
  const body = js`${constants}

${functions}

return {
  rules: [${rules}],
  bounds: [${bounds}],
  permissions: new Map([
${join(entity, ', ')}
  ]),
}`
  return { body, data, uses }
}
