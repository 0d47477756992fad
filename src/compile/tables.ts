import { everyGroup } from '../machine/group-rules.ts'
import { policyOf } from '../runtime/policy.ts'
import { type Code, indented, join, js } from './code.ts'
import { linesCost, linesName } from './lines.ts'
import type { Module } from './module.ts'
import { boundCode, ruleCode } from './rules.ts'

/** A program's parts as the tables by which they are found, once everything is asked for at once. */
export function tablesCode(module: Module): Code {
  const { rules } = module.program
  const written = rules.map((_, index) => ruleCode(module, index))
  const literals = written.flatMap(({ data }) => data ?? [])
  const bounds = rules.flatMap(({ limit }, index) => (limit ? [js`[${index}, ${boundCode(module, index)}]`] : []))
  const lines = groupLines(module).map((places) => js`[[${places}], ${linesName(module, places)}]`)
  return js`{
  conditions: ${table(written.map((rule) => rule.function))},
${literals.length === 0 ? js`` : js`  literals: ${table(literals)},\n`}  bounds: ${table(bounds)},
  lines: ${table(lines)},
}`
}

function table(rows: readonly Code[]): Code {
  return rows.length === 0 ? js`[]` : js`[\n${indented(indented(join(rows, ',\n')))},\n  ]`
}

/** So much of its rules may be written again for the groups that they are in, and at least so many parts. */
const mostWritings = 4
const leastParts = 5000

/**
 * The lists of rules that are asked together, each once. Where rules are in very many groups not all of them are written: the module
 * stays proportionate to the policy, and what is left out is put together at run time from the single rules.
 */
function groupLines(module: Module): readonly (readonly number[])[] {
  const { program } = module
  const all = program.rules.map((_, index) => index)
  let left = leastParts + mostWritings * linesCost(module, all)
  const found = new Map<string, readonly number[]>()
  for (const { allow, deny, delegate, agentDeny } of everyGroup(policyOf(program))) {
    for (const rules of [allow, deny, delegate, agentDeny]) {
      const key = rules.join()
      if (rules.length === 0 || found.has(key)) continue
      left -= linesCost(module, rules)
      if (left < 0) return [...found.values()]
      found.set(key, rules)
    }
  }
  return [...found.values()]
}
