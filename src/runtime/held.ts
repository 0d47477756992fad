import type { Span } from '../base/source.ts'
import type { Obtainable } from '../ir/expr.ts'
import type { Type } from '../ir/type.ts'
import { contains } from '../value/equal.ts'
import { evaluationError, isError } from '../value/evaluation-error.ts'
import { readField } from '../value/read.ts'
import type { Absent, Entity, EvaluationError, Value } from '../value/value.ts'
import { absent } from '../value/value.ts'
import type { Outcome, Unknown } from './cases.ts'
import { unknown, wrongKind } from './cases.ts'
import type { Formula } from './formula.ts'
import { always, atLeast, failed, never } from './formula.ts'
import { errorAt } from './located.ts'
import type { Run } from './run.ts'

const strings: Type = { kind: 'set', of: { kind: 'string' } }

/** Whether the request has an obtainable fact; `approves`: an approver is one that the policy asks for. */
export function held(run: Run, { fact, at }: Obtainable, approves: (approver: Entity) => Formula): Formula | Unknown {
  const claim = (name: string, type: Type): Outcome => {
    const token = run.question.inputs.get('token')
    if (token === unknown || isError(token)) return token
    if (typeof token !== 'object' || token.kind !== 'record') return wrongKind('a token', at)
    return readField(token, name, type, at)
  }
  switch (fact.kind) {
    case 'scope': {
      const scopes = claim('scopes', strings)
      if (scopes === unknown) return unknown
      if (isError(scopes)) return failed(scopes)
      return formula(hasScope(scopes, run.policy.satisfying(fact.scope)), at)
    }
    case 'acr': {
      const acr = claim('acr', { kind: 'string' })
      if (acr === unknown) return unknown
      return formula(isError(acr) ? acr : acr === fact.acr, at)
    }
    case 'auth-age': {
      const { now } = run.question
      const authTime = claim('authTime', { kind: 'datetime' })
      if (authTime === absent) return never
      if (isError(authTime)) return failed(authTime)
      return authTime === unknown || now === unknown ? unknown : formula(isYoungEnough(authTime, now, fact), at)
    }
    case 'confirmed': {
      const { confirmed } = run.question
      return confirmed === unknown ? unknown : formula(confirmed, at)
    }
    case 'approved': {
      const { approvals } = run.question
      return approvals === unknown ? unknown : atLeast(fact.count, approvals.map(approves))
    }
  }
}

/** The scopes that a token has are one of these. */
function hasScope(scopes: Value | Absent, satisfying: readonly string[]): boolean | EvaluationError {
  if (typeof scopes !== 'object' || scopes.kind !== 'set') return false
  if (satisfying.some((scope) => contains(scopes, scope) === true)) return true
  return scopes.gap ?? false
}

/** `authAge() <= d`, or `<` where it is strict. */
function isYoungEnough(
  authTime: Value,
  now: number,
  { atMost, strict }: Pick<Extract<Obtainable['fact'], { readonly kind: 'auth-age' }>, 'atMost' | 'strict'>,
): boolean | EvaluationError {
  if (typeof authTime !== 'object' || authTime.kind !== 'datetime')
    return evaluationError('wrong-kind', 'expected a datetime')
  const age = now - authTime.milliseconds
  if (age < 0) return evaluationError('bad-value', 'an authentication in the future')
  return strict ? age < atMost : age <= atMost
}

function formula(value: boolean | EvaluationError, at: Span): Formula {
  if (isError(value)) return failed(errorAt(value, at))
  return value ? always : never
}
