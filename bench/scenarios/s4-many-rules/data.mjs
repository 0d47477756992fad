// S4, many rules: each lets the members of one tenant's role call one tool up to an amount. No two share tool and role.
import { random } from '../../random.mjs'

export const ruleCounts = [10, 100, 1_000, 10_000, 100_000]
const requestCount = 1024
const rulesOfTool = 10

/** @param {number} count how many rules */
export function data(count) {
  const { below, pick } = random(4 + count)
  const toolCount = Math.max(1, Math.ceil(count / rulesOfTool))
  const roleCount = Math.max(10, Math.ceil(count / 5))
  const rules = []
  const taken = new Set()
  while (rules.length < count) {
    const tool = `t${rules.length % toolCount}`
    const role = `tenant${below(roleCount)}/member`
    if (taken.has(`${role} ${tool}`)) continue
    taken.add(`${role} ${tool}`)
    rules.push({ id: `r${rules.length}`, role, tool, limit: 100 + below(900) })
  }

  const requests = []
  const expected = []
  for (let r = 0; r < requestCount; r++) {
    const allowed = r % 2 === 0
    const rule = pick(rules)
    // What is denied asks for too much, or is of a tenant that has no rule at all.
    const tooMuch = !allowed && below(2) === 0
    const stranger = !allowed && !tooMuch
    const role = stranger ? `tenant${roleCount + below(roleCount)}/member` : rule.role
    const amount = tooMuch ? rule.limit + 1 + below(500) : below(rule.limit + 1)
    requests.push({ agent: `a${r}`, role, tool: rule.tool, amount })
    expected.push(allowed)
  }
  return { rules, requests, expected }
}
