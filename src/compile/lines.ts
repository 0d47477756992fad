import type { Expr } from '../ir/expr.ts'
import { nodes } from '../ir/walk.ts'
import { newBody, writeBody } from './body.ts'
import type { Code } from './code.ts'
import { join, js, known } from './code.ts'
import { connective, type Truth, truthOf } from './expression.ts'
import { maskLines, masksFirst } from './global-roles.ts'
import type { Module } from './module.ts'
import { indexOf } from './passes/index-equality.ts'
import { keyCode, ruleCode, ruleNames } from './rules.ts'

/** Rules of which one is enough. As code they have two forms: `any`, the truth of their disjunction, and `hits`, which tells of each that is not false. */

const parameters = ['s', 'e', 'g', 'u', 'a'].map(known)

/** So large a condition is left to functions of its parts, which are optimised one by one. */
const maxInlined = 400

/** A name for an object with both forms; the same rules have the same. */
export function linesName(module: Module, rules: readonly number[]): Code {
  return module.constantOnce(`lines ${rules.join()}`, `lines$${rules[0] ?? ''}`, () => linesCode(module, rules))
}

function linesCode(module: Module, rules: readonly number[]): Code {
  const masked = maskLines(module, rules)
  if (masked !== undefined) return masked
  const words = ['lines', rules[0] ?? 0]
  return module.passes.sharing ? manyLines(module, rules) : fewLines(module, words, rules)
}

function fewLines(module: Module, words: readonly (string | number)[], rules: readonly number[]): Code {
  const any = module.name(...words, 'any')
  const hits = module.name(...words, 'hits')
  const conditions = rules.map((i) => module.condition(i))
  const [first] = rules
  const rule = first === undefined ? undefined : module.program.rules[first]
  const isSmall = conditions.reduce((sum, condition) => sum + sizeOf(condition), 0) <= maxInlined
  if (isSmall && rule !== undefined) {
    const body = newBody(module, any.toString(), ruleNames(module.program, rule), conditions)
    const { temporaries, result } = writeBody(
      body,
      (inner) =>
        connective(
          inner,
          'or',
          masksFirst(module, conditions).map((condition) => (within) => truthOf(within, condition)),
        ).code,
    )
    module.define(any, parameters, js`  const k = undefined\n${temporaries}  return ${result}`)
  } else {
    const body = newBody(module, any.toString(), { actor: [], resource: [], action: true, locals: new Map() }, [])
    const { temporaries, result } = writeBody(
      body,
      (inner) =>
        connective(
          inner,
          'or',
          rules.map((i) => (): Truth => ({ code: call(module, i), sure: false })),
        ).code,
    )
    module.define(any, parameters, js`  const k = undefined\n${temporaries}  return ${result}`)
  }
  const told = rules.map((i) => js`  if ((y = ${call(module, i)}) !== false) ${module.support('hit')}(r, ${i}, y)`)
  module.define(hits, parameters, js`  let y\n${join(told, '\n')}`)
  return js`{ any: ${any}, hits: ${hits} }`
}

function call(module: Module, index: number): Code {
  const { function: condition, literals } = ruleCode(module, index)
  return js`${condition}(s, e, g, u, a, ${literals})`
}

function manyLines(module: Module, rules: readonly number[]): Code {
  const entry = (index: number, part?: Expr) => {
    const { function: condition, literals } = ruleCode(module, index, part)
    return js`{ rule: ${index}, when: ${condition}, k: ${literals} }`
  }
  const { key, indexed, others } = module.passes.index
    ? indexOf(module.condition, rules)
    : { key: undefined, indexed: [], others: rules }
  const all = js`[${others.map((index) => entry(index))}]`
  const [first] = rules
  if (key === undefined || first === undefined) return js`${module.support('lines')}(r, ${all})`
  const table = indexed.map(({ index, literal, rest }) => js`[${literal}, ${entry(index)}, ${entry(index, rest)}]`)
  return js`${module.support('indexedLines')}(r, ${keyCode(module, first, key)}, [${table}], ${all})`
}

/** How much code the lines of these rules are, in parts of conditions. */
export function linesCost(module: Module, rules: readonly number[]): number {
  if (module.passes.sharing) return 2 * rules.length
  return rules.reduce((sum, i) => sum + sizeOf(module.condition(i)), rules.length)
}

function sizeOf(root: Expr): number {
  let size = 0
  for (const _ of nodes(root)) size++
  return size
}
