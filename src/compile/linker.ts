import type { Program } from '../ir/program.ts'
import { someNode } from '../ir/walk.ts'
import { delegationRules } from '../machine/group-rules.ts'
import type { About, Lines, Linked, RuleEntry, Verdict, VerdictFunctions } from '../machine/linked.ts'
import type { Registers } from '../machine/registers.ts'
import * as support from '../machine/support.ts'
import { newVerdict } from '../machine/verdict-data.ts'
import type { Code } from './code.ts'
import { js } from './code.ts'
import { linesName } from './lines.ts'
import type { Passes } from './module.ts'
import { newProgramModule } from './program-module.ts'
import { boundCode, ruleCode } from './rules.ts'
import { verdictCode } from './verdict.ts'

const library: Readonly<Record<string, unknown>> = support

/** Whether code may be made from text here: not under a strict content security policy, nor on many edge hosts. */
export function mayGenerateCode(): boolean {
  try {
    return new Function('return true')() === true
  } catch {
    return false
  }
}

/**
 * The entities that the policy names have their numbers before anybody looks at the facts: a bound session may go back to a moment
 * that was before some rule was asked about for the first time.
 */
function pinAll({ table }: Registers, program: Program): void {
  someNode(program, (node) => {
    if (node.kind === 'constant' && node.value.kind === 'entity') table.pin(`${node.value.type}:${node.value.id}`)
    return false
  })
}

type Made = { readonly value: unknown } | { readonly failure: unknown }

/** A program as functions, each made when it is asked for the first time. */
export function linkLazily(program: Program, passes: Partial<Passes> = {}): (r: Registers) => Linked {
  return (r) => {
    pinAll(r, program)
    const module = newProgramModule(program, passes)
    const scope = new Map<string, unknown>()
    const made = new Map<string, Made>()

    /** What the code stands for, together with all that it needs. What could not be made once is not tried again. */
    function value<T>(key: string, code: () => Code): T {
      let found = made.get(key)
      if (found === undefined) {
        found = attempt(code)
        made.set(key, found)
      }
      if ('failure' in found) throw found.failure
      return found.value as T
    }

    function attempt(code: () => Code): Made {
      try {
        return { value: run(code()) }
      } catch (failure) {
        return { failure }
      }
    }

    function run(wanted: Code): unknown {
      const { constants, functions, imports, exports, uses } = module.chunk()
      // As constants, not as parameters: engines put what a constant is in its place.
      const opening = `'use strict'\nconst { ${[...uses, ...imports].join(', ')} } = given`
      const text = `${opening}\n${js`${functions}\n${constants}\nreturn [${wanted}`}, [${exports.join(', ')}]]`
      const create = new Function('r', 'd', 'given', text)
      const given = Object.fromEntries([
        ...uses.map((name) => [name, library[name]]),
        ...imports.map((name) => [name, scope.get(name)]),
      ])
      const [result, exported] = create(r, module.pool, given)
      for (const [i, name] of exports.entries()) scope.set(name, exported[i])
      return result
    }

    function verdict(rules: Parameters<typeof verdictCode>[1], about: About): Verdict | undefined {
      const code = verdictCode(module, rules, about)
      if (code === undefined) return undefined
      const functions = value<VerdictFunctions>(`${code.functions}`, () => code.functions)
      return newVerdict(r, functions, code.data)
    }

    return {
      rule: (index) =>
        value<RuleEntry>(`rule ${index}`, () => {
          const { function: when, literals } = ruleCode(module, index)
          return js`{ rule: ${index}, when: ${when}, k: ${literals} }`
        }),
      bound: (index) => value(`bound ${index}`, () => boundCode(module, index)),
      lines: (rules) => value<Lines>(`lines ${rules.join()}`, () => linesName(module, rules)),
      verdict,
      delegation: (rules, about) => verdict(delegationRules(rules), about),
    }
  }
}
