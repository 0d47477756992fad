import type { Decision, ProofNode } from '../../index.ts'

/** The rule that comes nearest to granting what was not permitted, and what it lacks; a line, or none. */
export function nearestRule(proof: () => ProofNode, { reason }: Decision): readonly string[] {
  if (reason !== 'not-permitted') return []
  const grants = proof().children.filter(({ rule, text }) => rule !== undefined && text.startsWith('allow '))
  const [nearest] = grants.toSorted((a, b) => lacking(a).length - lacking(b).length)
  if (nearest === undefined) return ['no rule grants this']
  const conditions = lacking(nearest).map(({ text }) => `\`${text}\``)
  return [`nearest rule \`${nearest.rule}\`${conditions.length === 0 ? '' : `, without ${conditions.join(' and ')}`}`]
}

function lacking({ children }: ProofNode): readonly ProofNode[] {
  return children.filter(({ truth }) => truth !== 'true')
}
