import fc from 'fast-check'
import { expect } from 'vitest'
import type { MissingFact, Policy } from '../../../src/index.ts'
import type { Request } from '../generate/request.ts'
import { ask, engineOf, policyOf, scenario } from '../generate/scenario.ts'
import { now, users } from '../generate/vocabulary.ts'
import type { Invariant } from './invariant.ts'

/** The request once its caller has gone and got these. Approvals are given by all who could. */
export function having({ env, ...asked }: Request, facts: readonly MissingFact[]): Request {
  const token: Record<string, unknown> = { ...env.token }
  const granted: Record<string, unknown> = { ...env, token }
  for (const fact of facts) {
    switch (fact.kind) {
      case 'scope':
        token.scopes = [...((token.scopes as readonly string[] | undefined) ?? []), fact.scope]
        break
      case 'acr':
        token.acr = fact.acr
        break
      case 'auth-age':
        token.authTime = new Date(now - (fact.strict ? fact.atMost - 1 : fact.atMost)).toISOString()
        break
      case 'confirmed':
        granted.confirmed = true
        break
      case 'approved':
        granted.approvals = users.map((id) => `User:${id}`)
    }
  }
  return { ...asked, env: granted as Request['env'] }
}

/** Whether the request has it, as far as its token says: of approvals nobody can tell. */
function isHeld(fact: MissingFact, { env }: Request, policy: Policy): boolean {
  const { scopes = [], acr, authTime } = (env.token ?? {}) as { scopes?: string[]; acr?: string; authTime?: string }
  switch (fact.kind) {
    case 'scope': {
      const including = policy.program.scopes.find(({ scope }) => scope === fact.scope)?.includedIn ?? []
      return [fact.scope, ...including].some((scope) => scopes.includes(scope))
    }
    case 'acr':
      return acr === fact.acr
    case 'auth-age':
      return authTime !== undefined && now - Date.parse(authTime) <= fact.atMost
    case 'confirmed':
      return env.confirmed === true
    case 'approved':
      return false
  }
}

/** Approvals take who is there to give them: a set that asks for some is sufficient only where such a one exists. */
const isSelfServed = (set: readonly MissingFact[]) => set.every(({ kind }) => kind !== 'approved')

export const missing: Invariant = {
  number: 12,
  title: 'each missing set is sufficient, minimal and disjoint from what is held',
  runs: 150,
  property: ({ createEngine }) =>
    fc.property(scenario(), ({ model, facts, requests }) => {
      const policy = policyOf(model)
      const engine = engineOf(createEngine, policy, facts)
      for (const request of requests) {
        const { allowed, missing } = ask(engine, request)
        const { sets } = missing
        if (allowed) expect(sets).toEqual([])
        for (const set of sets.filter(isSelfServed)) {
          expect(ask(engine, having(request, set)), JSON.stringify(set)).toMatchObject({ allowed: true })
          for (const fact of set) {
            expect(isHeld(fact, request, policy)).toBe(false)
            const without = having(request, set.filter((other) => other !== fact))
            expect(ask(engine, without), `without ${JSON.stringify(fact)}`).toMatchObject({ allowed: false })
          }
        }
      }
    }),
}
