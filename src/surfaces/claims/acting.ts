import type { ClaimsProblem, Party, PartyKind } from './principal.ts'

export type AgentMode = 'act' | 'client' | 'none'

interface Token {
  readonly act: unknown
  readonly hasAct: boolean
  readonly mode: AgentMode | undefined
  readonly kind: PartyKind
  readonly clientId: string | undefined
  readonly agent: string | undefined
}

interface Acting {
  readonly agents: readonly Party[]
  readonly history: readonly Party[]
  readonly problem?: undefined
}

const longestChain = 64

/**
 * Who acts for the subject. More agents only restrict, so that whoever is named counts: the client where it is the agent, whom the issuer
 * marks, and the current actor of `act`. With client credentials the agent is the subject itself, and there is no chain.
 */
export function actingFor({
  act,
  hasAct,
  mode,
  kind,
  clientId,
  agent,
}: Token): Acting | { readonly problem: ClaimsProblem } {
  if (hasAct && (mode === undefined || mode === 'none')) {
    const message = 'the token says who acts (`act`), and the adapter was not told to read it: `agents: "act"`'
    return { problem: { code: 'unexpected-act', message } }
  }
  const chain = hasAct ? chainOf(act) : []
  if (chain === undefined)
    return { problem: { code: 'unreadable-act', message: 'the claim `act` does not say who acts' } }
  const [current, ...history] = chain
  const agents: Party[] = []
  if (mode === 'client' && kind === 'user') {
    if (clientId === undefined)
      return { problem: { code: 'no-client', message: 'the client is the agent, and the token names none' } }
    agents.push({ id: clientId })
  }
  for (const party of [agent === undefined ? undefined : ({ id: agent, kind: 'agent' } as const), current]) {
    if (party !== undefined && !agents.some(({ id, iss }) => id === party.id && iss === party.iss)) agents.push(party)
  }
  return { agents, history }
}

/** RFC 8693, section 4.1: the outermost is the current actor, those inside it have acted before. Undefined where that cannot be read. */
function chainOf(act: unknown): readonly Party[] | undefined {
  const chain: Party[] = []
  for (let one = act; one !== undefined; ) {
    if (typeof one !== 'object' || one === null || chain.length >= longestChain) return undefined
    const member = (name: string): unknown =>
      Object.hasOwn(one as object, name) ? (one as Record<string, unknown>)[name] : undefined
    const sub = member('sub')
    const iss = member('iss')
    if (typeof sub !== 'string' || sub === '' || (iss !== undefined && typeof iss !== 'string')) return undefined
    chain.push({ id: sub, ...(iss === undefined ? {} : { iss }) })
    one = member('act')
  }
  return chain
}
