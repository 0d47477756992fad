import { type Line, styled } from './answer.ts'
import { decide, requestLine } from './asked.ts'
import { verdict } from './decision.ts'
import type { State } from './state.ts'

/** Asks again what was asked before, and tells what is decided otherwise now. */
export function decisionChanges({ engine, asked }: State): {
  readonly lines: readonly Line[]
  readonly json: readonly { readonly request: string; readonly allowed: boolean; readonly before: boolean }[]
} {
  const changed = [...asked].flatMap(([key, request]) => {
    const { allowed, reason } = decide(engine, request)
    asked.set(key, { ...request, allowed, reason })
    return allowed === request.allowed ? [] : [{ request: requestLine(request), allowed, before: request.allowed }]
  })
  return {
    lines: changed.map(({ request, allowed, before }) => [
      'now ',
      verdict(allowed),
      `: ${request}`,
      styled('faint', ` (${before ? 'yes' : 'no'} before)`),
    ]),
    json: changed,
  }
}
