// S4 as a Licet policy. A rule of the data is a rule of the policy; nothing is grouped by hand. Without a lock, arguments are
// JSON.
export function policyText({ rules }) {
  const lines = rules.map(
    (rule) => `  allow call ${rule.tool} if token.role == "${rule.role}" and args.amount <= ${rule.limit}`,
  )
  return `actor Agent\ntoken { role: string }\nserver api {\n${lines.join('\n')}\n}`
}
