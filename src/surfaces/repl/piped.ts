import { printableJson } from '../../base/printable-json.ts'
import type { Answer } from './answer.ts'
import { renderLines, renderProblems } from './render-answer.ts'
import type { Session } from './session.ts'

export interface Piping {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly color: { readonly out: boolean; readonly err: boolean }
  /** For one JSON object a question, what is wrong with it included: diagnostics as they stand in it. */
  readonly json?: (problems: Pick<Answer, 'diagnostics' | 'sources'>) => readonly unknown[]
}

/**
 * Answers one question a line, or a block that begins in it, as they come.
 *
 * @returns whether all of them could be answered, and everything that was expected holds
 */
export async function runPiped(session: Session, lines: AsyncIterable<string>, piping: Piping): Promise<boolean> {
  let well = true
  let pending = ''
  const ask = async () => {
    const text = pending
    pending = ''
    const answer = await session.answer(text)
    if (answer === undefined) return
    if (answer.failed) well = false
    show(answer, piping)
  }
  for await (const line of lines) {
    pending += pending === '' ? line : `\n${line}`
    if (session.isUnfinished(pending)) continue
    await ask()
    if (session.ended()) return well
  }
  await ask()
  return well
}

function show(answer: Answer, { out, err, color, json }: Piping): void {
  if (json !== undefined) {
    const problems = answer.diagnostics.length === 0 ? {} : { diagnostics: json(answer) }
    const text = JSON.stringify({ ...answer.json, ...problems }, (_, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    )
    out(`${printableJson(text)}\n`)
    return
  }
  // What could not be asked is no answer.
  const isError = answer.json.kind === 'error'
  const lines = renderLines(answer.lines, isError ? color.err : color.out)
  if (lines !== '') (isError ? err : out)(lines)
  if (answer.diagnostics.length > 0) err(renderProblems(answer, color.err))
}
