import { delegationRules, everyGroup } from '../machine/group-rules.ts'
import type { About } from '../machine/linked.ts'
import { verdictKey } from '../machine/tables.ts'
import { policyOf } from '../runtime/policy.ts'
import { type Code, indented, join, js } from './code.ts'
import { linesCost, linesName } from './lines.ts'
import type { Module } from './module.ts'
import { boundCode, ruleCode } from './rules.ts'
import { verdictCode } from './verdict.ts'

/** A program's parts as the tables by which they are found, once everything is asked for at once. */
export function tablesCode(module: Module): Code {
  const { rules } = module.program
  const written = rules.map((_, index) => ruleCode(module, index))
  const literals = written.flatMap(({ data }) => data ?? [])
  const bounds = rules.flatMap(({ limit }, index) => (limit ? [js`[${index}, ${boundCode(module, index)}]`] : []))
  const { lines, verdicts, delegations } = groupTables(module)
  return js`{
  conditions: ${table(written.map((rule) => rule.function))},
${literals.length === 0 ? js`` : js`  literals: ${table(literals)},\n`}  bounds: ${table(bounds)},
  verdicts: ${table(verdicts)},
  delegations: ${table(delegations)},
  lines: ${table(lines.map((places) => js`[[${places}], ${linesName(module, places)}]`))},
}`
}

function table(rows: readonly Code[]): Code {
  return rows.length === 0 ? js`[]` : js`[\n${indented(indented(join(rows, ',\n')))},\n  ]`
}

/** So much of its rules may be written again for the groups that they are in, and at least so many parts. */
const mostWritings = 4
const leastParts = 5000

/**
 * What is asked together: groups as a whole, and their lists of rules, each once. Where rules are in very many groups not all of them
 * are written: the module stays proportionate to the policy, and what is left out is put together at run time from the single rules.
 */
function groupTables(module: Module): {
  readonly lines: readonly (readonly number[])[]
  readonly verdicts: Code[]
  readonly delegations: Code[]
} {
  const { program } = module
  const all = program.rules.map((_, index) => index)
  let left = leastParts + mostWritings * linesCost(module, all)
  const lines = new Map<string, readonly number[]>()
  const verdicts: Code[] = []
  const delegations: Code[] = []
  const row = (about: About, rules: Parameters<typeof verdictCode>[1]): readonly Code[] => {
    const verdict = verdictCode(module, rules, about)
    return verdict === undefined ? [] : [js`[${verdictKey(about)}, ${verdict.functions}, ${module.data(verdict.data)}]`]
  }
  for (const { about, rules } of everyGroup(policyOf(program))) {
    const { allow, deny, delegate, agentDeny } = rules
    left -= linesCost(module, [...allow, ...deny])
    if (left < 0) break
    verdicts.push(...row(about, rules))
    if (program.delegates) {
      left -= linesCost(module, [...delegate, ...agentDeny])
      if (left < 0) break
      delegations.push(...row(about, delegationRules(rules)))
    }
    for (const some of [allow, deny, delegate, agentDeny]) {
      const key = some.join()
      if (some.length === 0 || lines.has(key)) continue
      left -= linesCost(module, some)
      if (left < 0) break
      lines.set(key, some)
    }
  }
  return { lines: [...lines.values()], verdicts, delegations }
}
