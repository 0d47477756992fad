import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { endOf } from '../grammar/core.ts'
import { afterAnnotations, isModifier } from '../recovery/starts.ts'
import { spacedEntity } from './entity.ts'
import { unfinishedExpectation, withoutExpect } from './expectations.ts'
import * as expressions from './expressions.ts'
import * as facts from './facts.ts'
import { type Explain, type Explanation, type Mistake, shown, type Unparsed } from './mistake.ts'
import * as places from './place.ts'
import { unfinishedQuestion, unknownQuestion } from './questions.ts'
import * as statements from './statements.ts'

/** In the order in which they are asked: the more one knows of the text, the earlier. */
const explainers: readonly Explain[] = [
  statements.missingActions,
  statements.missingTarget,
  expressions.reservedAsName,
  expressions.elseBranch,
  expressions.missingCondition,
  expressions.secondCondition,
  statements.colonAfterName,
  facts.globalRole,
  facts.fieldOutsideBraces,
  spacedEntity,
  unknownQuestion,
  unfinishedQuestion,
  withoutExpect,
  unfinishedExpectation,
  expressions.unclosedBracket,
  statements.foreignCondition,
  places.targetOutsideServer,
  places.targetInEntity,
  statements.missingComma,
  statements.assignableList,
  statements.holdersInRole,
  statements.testName,
  statements.annotationAlone,
  places.misplacedWord,
  statements.fieldWithoutColon,
  statements.unknownWord,
  statements.joinedWord,
]

/** The one diagnostic of what did not parse. */
export function failureDiagnostic(unparsed: Unparsed): Diagnostic {
  const { tokens, file, failure } = unparsed
  const found = failure.at === undefined ? -1 : tokens.indexOf(failure.at)
  let word = afterAnnotations(tokens, 0)
  while (isModifier(tokens[word])) word++
  const mistake: Mistake = { ...unparsed, at: found === -1 ? tokens.length : found, word }
  for (const explain of explainers) {
    const explanation = explain(mistake)
    if (explanation !== undefined) return explained(mistake, explanation)
  }
  if (tokens.length === 0) {
    return diagnostic('syntax', { file, start: 0, end: 0 }, `expected ${failure.expected || 'an expression'}`)
  }
  return explained(mistake, plain(mistake))
}

function plain({ tokens, at, failure: { expected } }: Mistake): Explanation {
  if (at >= tokens.length) {
    const last = tokens.length - 1
    const what = expected === '' ? 'something' : expected
    return { from: last, message: `expected ${what} after ${shown(tokens[last])}` }
  }
  if (expected === '') return { from: at, message: `unexpected ${shown(tokens[at])}` }
  return { from: at, message: `expected ${expected}, found ${shown(tokens[at])}` }
}

function explained(
  { tokens, file }: Mistake,
  { code = 'syntax', from, to = from + 1, message, help, instead }: Explanation,
): Diagnostic {
  const [first, last] = [tokens[from], tokens[to - 1]]
  const start = first?.startOffset ?? 0
  const span = { file, start, end: last === undefined ? start : endOf(last) }
  const fix = instead === undefined ? undefined : { edits: [{ span, text: instead }] }
  return diagnostic(code, span, message, { help, fix })
}
