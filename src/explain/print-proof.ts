import { lineStarts, positionAt, type SourceFile, type Span } from '../base/source.ts'
import { visibleText } from '../base/visible.ts'
import type { ProofNode } from './proof.ts'

export interface PrintOptions {
  /** The files that spans refer to, as a policy has them (`policy.sources`); without them no places are shown. */
  readonly sources?: Iterable<SourceFile>
  /** With the colours of terminals. */
  readonly color?: boolean
}

const marks = { true: '✓', false: '✗', error: '!' }
const colors = { good: '32', bad: '31', error: '33', dim: '2' } as const

/** The tree as text: ✓ true, ✗ false, ! an error, with what was compared and where it stands. Fit for a terminal. */
export function printProof(node: ProofNode, { sources = [], color = false }: PrintOptions = {}): string {
  const paint: Paint = (text, style) => (color && text !== '' ? `\u001b[${colors[style]}m${text}\u001b[0m` : text)
  return lines(node, { first: '', rest: '' }, undefined, { paint, place: placesIn(sources) }).join('\n')
}

type Paint = (text: string, style: keyof typeof colors) => string

interface Printing {
  readonly paint: Paint
  readonly place: (at: Span) => string | undefined
}

function lines(
  { text, truth, rule, effect, error, repeated, values = [], at, children }: ProofNode,
  lead: { readonly first: string; readonly rest: string },
  above: string | undefined,
  printing: Printing,
): readonly string[] {
  const { paint, place } = printing
  const where = at && place(at)
  const are = values.map((one) => `${one.text} is ${one.value}`).join(', ')
  const notes = [
    ...(rule === undefined ? [] : [`[${rule}]`]),
    ...(are === '' ? [] : [`(${are})`]),
    ...(error === undefined ? [] : [`— ${error}`]),
    ...(repeated === undefined ? [] : [repeated === 'cycle' ? '(depends on itself)' : '(see above)']),
    // What stands on one line is told of once.
    ...(where === undefined || where === above ? [] : [where]),
  ].map((note) => paint(visibleText(note), 'dim'))
  const last = children.length - 1
  return [
    `${paint(lead.first, 'dim')}${[`${paint(marks[truth], toneOf(truth, effect))} ${visibleText(text)}`, ...notes].join('  ')}`,
    ...children.flatMap((child, i) => {
      const [branch, trunk] = i === last ? ['└─ ', '   '] : ['├─ ', '│  ']
      return lines(child, { first: `${lead.rest}${branch}`, rest: `${lead.rest}${trunk}` }, where ?? above, printing)
    }),
  ]
}

/** What is good of a grant is bad of a prohibition. */
function toneOf(truth: ProofNode['truth'], effect: ProofNode['effect']): keyof typeof colors {
  if (truth === 'error') return truth
  return (truth === 'true') === (effect !== 'deny') ? 'good' : 'bad'
}

/** `policy.licet:12`, of a span in one of the files. */
export function placesIn(sources: Iterable<SourceFile>): (at: Span) => string | undefined {
  const files = new Map([...sources].map(({ name, text }) => [name, lineStarts(text)]))
  return ({ file, start }) => {
    const starts = files.get(file)
    return starts && `${file}:${positionAt(starts, start).line}`
  }
}
