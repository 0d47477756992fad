import type { Obtainable } from '../ir/expr.ts'
import type { Type } from '../ir/type.ts'
import { contains } from '../value/equal.ts'
import { evaluationError, isError } from '../value/evaluation-error.ts'
import { readField } from '../value/read.ts'
import type { Entity, EvaluationError } from '../value/value.ts'
import { absent } from '../value/value.ts'
import type { Outcome, Unknown } from './cases.ts'
import { unknown, wrongKind } from './cases.ts'
import type { Formula } from './formula.ts'
import { always, atLeast, disjunction, failed, never } from './formula.ts'
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
      if (typeof scopes !== 'object' || scopes.kind !== 'set') return never
      return disjunction(run.policy.satisfying(fact.scope).map((scope) => formula(contains(scopes, scope))))
    }
    case 'acr': {
      const acr = claim('acr', { kind: 'string' })
      if (acr === unknown) return unknown
      return isError(acr) ? failed(acr) : formula(acr === fact.acr)
    }
    case 'auth-age':
      return youngEnough(claim('authTime', { kind: 'datetime' }), run.question.now, fact, at)
    case 'confirmed': {
      const { confirmed } = run.question
      return confirmed === unknown ? unknown : formula(confirmed)
    }
    case 'approved': {
      const { approvals } = run.question
      return approvals === unknown ? unknown : atLeast(fact.count, approvals.map(approves))
    }
  }
}

function youngEnough(
  authTime: Outcome,
  now: number | Unknown,
  fact: { readonly atMost: number; readonly strict: boolean },
  at: Obtainable['at'],
): Formula | Unknown {
  if (authTime === absent) return never
  if (isError(authTime)) return failed(authTime)
  if (authTime === unknown || now === unknown) return unknown
  if (typeof authTime !== 'object' || authTime.kind !== 'datetime') return failed(wrongKind('a datetime', at))
  const age = now - authTime.milliseconds
  if (age < 0) return failed(evaluationError('bad-value', 'an authentication in the future', at))
  return formula(fact.strict ? age < fact.atMost : age <= fact.atMost)
}

function formula(value: boolean | EvaluationError): Formula {
  if (isError(value)) return failed(value)
  return value ? always : never
}
