import { visibleText } from '../base/visible.ts'
import type { Nearest } from './nearest/change.ts'
import { printChange } from './nearest/print-change.ts'
import { type PrintOptions, placesIn, printProof } from './print-proof.ts'
import type { ProofNode } from './proof.ts'

/** The proof as text and, for a denial, what would have to change for an allow; for people who may know the policy and the facts. */
export function printExplanation(
  { allowed, proof, nearest }: { readonly allowed: boolean; readonly proof: ProofNode; readonly nearest: Nearest },
  options: PrintOptions = {},
): string {
  const tree = printProof(proof, options)
  return allowed ? tree : `${tree}\n\n${printNearest(nearest, options)}`
}

/** One way a paragraph: the changes that it takes, all of them. */
function printNearest({ ways, truncated }: Nearest, { sources = [], color = false }: PrintOptions): string {
  if (ways.length === 0) {
    return truncated
      ? 'no change that would allow it was found; there may be some'
      : 'no change of what it looks at would allow it'
  }
  const place = placesIn(sources)
  const dim = (text: string) => (color ? `\u001b[2m${text}\u001b[0m` : text)
  const lines = ways.flatMap((way, i) =>
    way.map((change, j) => {
      const where = change.at && place(change.at)
      return `${j === 0 ? `${i + 1}.` : '   and'} ${printChange(change)}${where === undefined ? '' : dim(`  ${visibleText(where)}`)}`
    }),
  )
  const more = truncated ? [dim('there may be others')] : []
  return ['nearest changes that would allow it:', ...[...lines, ...more].map((line) => `  ${line}`)].join('\n')
}
