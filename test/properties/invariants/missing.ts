import fc from 'fast-check'
import { expect } from 'vitest'
import type { FactInput, MissingFact, Policy } from '../../../src/index.ts'
import type { Line, PolicyOptions } from '../generate/policy.ts'
import type { Request } from '../generate/request.ts'
import { ask, engineOf, policyOf, readable, type Scenario, scenario } from '../generate/scenario.ts'
import { groups, now } from '../generate/vocabulary.ts'
import type { Invariant } from './invariant.ts'

/** Who is there to approve: for each group one, who is a member of no other. */
const approvers = groups.map((id) => ({ object: `Group:${id}`, relation: 'member', subject: `User:approver-${id}` }))

function withApprovers({ model, facts, requests }: Scenario): Scenario {
  const lines = model.lines.map((line): Line => {
    return line.head.startsWith('role member') ? { effect: 'role', where: line.where, head: line.head } : line
  })
  const isAboutMembers = ({ object, relation }: FactInput) =>
    relation === 'member' || (relation === 'in' && String(object).startsWith('Group:'))
  return readable({
    model: { ...model, lines },
    facts: {
      entities: facts.entities.map(({ in: containers, ...entity }) =>
        entity.type === 'Group' || containers === undefined ? entity : { ...entity, in: containers },
      ),
      facts: [...facts.facts.filter((fact) => !isAboutMembers(fact)), ...approvers],
    },
    requests: requests.filter(({ action }) => action !== 'view'),
  })
}

/** Questions whose answer is often that something is missing. */
export const missingScenario = (options: PolicyOptions = {}) =>
  scenario({ ...options, asking: true }).map(withApprovers)

/** The request once its caller has gone and got these. */
function having({ env, ...asked }: Request, facts: readonly MissingFact[]): Request {
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
      case 'approved': {
        const group = groups.find((id) => fact.of.includes(id))
        granted.approvals = [...((granted.approvals as readonly string[] | undefined) ?? []), `User:approver-${group}`]
      }
    }
  }
  return { ...asked, env: granted as Request['env'] }
}

/** Whether the request has it already, as far as it says itself: whom the approvals count for is asked of the policy. */
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

export const missing: Invariant = {
  number: 12,
  title: 'each missing set is sufficient, minimal and disjoint from what is held',
  runs: 120,
  holds: ['recursive', 'recovers'],
  property: ({ createEngine }, options) =>
    fc.property(missingScenario(options), ({ model, facts, requests }) => {
      const policy = policyOf(model)
      const engine = engineOf(createEngine, policy, facts)
      for (const request of requests) {
        const { allowed, missing } = ask(engine, request)
        const { sets } = missing
        if (allowed) expect(sets).toEqual([])
        for (const set of sets) {
          expect(ask(engine, having(request, set)), JSON.stringify(set)).toMatchObject({ allowed: true })
          for (const fact of set) {
            expect(isHeld(fact, request, policy)).toBe(false)
            const others = having(
              request,
              set.filter((other) => other !== fact),
            )
            expect(ask(engine, others), `without ${JSON.stringify(fact)}`).toMatchObject({ allowed: false })
          }
        }
      }
    }),
}
