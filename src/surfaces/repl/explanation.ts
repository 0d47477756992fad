import { type Engine, printProof } from '../../index.ts'
import type { Line, Style } from './answer.ts'
import { styled } from './answer.ts'
import { environment, type Request } from './asked.ts'

/** Why a request is decided as it is. The one place of the session that says so: for `why`, `why not` and `:trace`. */
export function explanation(engine: Engine, { by, inputs, action, target }: Request): readonly Line[] {
  const { proof } = engine.explain(by.actor, action, target, environment(inputs, by))
  return printProof(proof).split('\n').map(marked)
}

const styles: Readonly<Record<string, Style>> = { '✓': 'good', '✗': 'bad', '!': 'doubtful' }

/** The mark that a line of a proof begins with, in its colour. */
function marked(line: string): Line {
  const [, branches = '', mark = '', text = ''] = /^([│├└─ ]*)([✓✗!])(.*)$/.exec(line) ?? []
  const style = styles[mark]
  return style === undefined ? [line] : [styled('faint', branches), styled(style, mark), text]
}
