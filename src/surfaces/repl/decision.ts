import { type Decision, type Engine, printMissing } from '../../index.ts'
import { type Answer, errorLines, type Line, styled, told } from './answer.ts'
import { decide, type Request, requestLine } from './asked.ts'
import { explain, explanationLines } from './explanation.ts'

const words: Readonly<Record<Decision['reason'], string>> = {
  granted: 'granted',
  forbidden: 'forbidden',
  'not-permitted': 'not permitted',
  'not-delegated': 'not delegated',
  error: 'there is an error',
}

/** One decision; with why, where that is asked for. */
export function decisionAnswer(
  engine: Engine,
  request: Request,
  why: boolean,
): { readonly answer: Answer; readonly decision: Decision } {
  const explained = why ? explain(engine, request) : undefined
  const decision = explained ?? decide(engine, request)
  const { allowed, reason, rules, errors, missing, limits, labels } = decision
  const by = rules.map(({ id }) => id).join(', ')
  const lines: readonly Line[] = [
    [verdict(allowed), `: ${words[reason]}${by === '' ? '' : ` by ${by}`}`],
    // Where there is an error, what a rule is for says nothing of it.
    ...rules.flatMap(({ doc }): Line[] =>
      doc === undefined || reason === 'error' ? [] : [[styled('faint', `  ${doc.replaceAll('\n', ' ')}`)]],
    ),
    ...errorLines(errors).map((line): Line => ['  ', ...line]),
    ...missing.sets.map((set, i): Line => [`  ${i === 0 ? 'missing' : 'or'}: ${printMissing(set)}`]),
    ...(missing.truncated ? [['  or: more than is told here']] : []),
    ...limits.map(({ rule, count, per }): Line => [`  limit: ${count} per ${per / 1000} s (${rule})`]),
    ...labels.map((label): Line => [`  labels the session as ${label}`]),
    ...(explained === undefined ? [] : explanationLines(explained, engine)),
  ]
  const { actor, agents } = request.by
  const json = {
    kind: 'decision',
    request: requestLine(request),
    actor,
    agents,
    action: request.action,
    ...{ allowed, reason, rules, errors, missing, limits, labels },
    ...(explained === undefined ? {} : { proof: explained.proof, nearest: explained.nearest }),
  }
  return { answer: told(json, ...lines), decision }
}

export function verdict(allowed: boolean) {
  return allowed ? styled('good', 'yes') : styled('bad', 'no')
}
