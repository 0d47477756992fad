import { describe, expect, it } from 'vitest'
import { type AgentMode, entra, rfc9068 } from '../../src/surfaces/claims/index.ts'

const issuer = 'https://issuer.example/'

function check(agents: AgentMode | undefined, claims: object, expected: object | string): void {
  const adapter = rfc9068({ issuer, ...(agents === undefined ? {} : { agents }) })
  const { principal, problem } = adapter({ iss: issuer, sub: 'ann', ...claims })
  if (typeof expected === 'string') expect(problem?.code).toBe(expected)
  else
    expect({ agents: principal?.agents, history: principal?.history }).toEqual({ agents: [], history: [], ...expected })
}

const nested = {
  sub: 'https://service16.example.com',
  act: { sub: 'https://service77.example.com', act: { sub: 'bot' } },
}

describe('who acts for the subject', () => {
  it('is whom `act` names; those inside it have acted before', () => {
    check('act', {}, {})
    check('act', { act: { sub: 'bot' } }, { agents: [{ id: 'bot' }] })
    check(
      'act',
      { act: { sub: 'bot', iss: 'https://b.example' } },
      { agents: [{ id: 'bot', iss: 'https://b.example' }] },
    )
    check(
      'act',
      { act: nested },
      {
        agents: [{ id: 'https://service16.example.com' }],
        history: [{ id: 'https://service77.example.com' }, { id: 'bot' }],
      },
    )
  })

  it('is the client where the client is the agent, and whom `act` names besides', () => {
    check('client', { client_id: 'bot' }, { agents: [{ id: 'bot' }] })
    check('client', { client_id: 'bot', act: { sub: 'bot' } }, { agents: [{ id: 'bot' }] })
    check('client', { client_id: 'bot', act: { sub: 'helper' } }, { agents: [{ id: 'bot' }, { id: 'helper' }] })
    check('client', {}, 'no-client')
  })

  it('is nobody for a client that speaks for itself', () => {
    check('client', { sub: 'bot', client_id: 'bot' }, {})
  })

  it('is never nobody because it could not be read', () => {
    for (const act of [
      null,
      'bot',
      3,
      [],
      {},
      { sub: 3 },
      { sub: '' },
      { iss: 'x' },
      { sub: 'bot', iss: 3 },
      { sub: 'bot', act: 'x' },
    ]) {
      check('act', { act }, 'unreadable-act')
      check('client', { client_id: 'bot', act }, 'unreadable-act')
    }
    let endless: object = { sub: 'x' }
    for (let i = 0; i < 100; i++) endless = { sub: 'x', act: endless }
    check('act', { act: endless }, 'unreadable-act')
    check('act', { act: Object.create({ sub: 'inherited' }) }, 'unreadable-act')
  })

  it('is not passed over in silence', () => {
    check('none', { act: { sub: 'bot' } }, 'unexpected-act')
    check(undefined, { act: { sub: 'bot' } }, 'unexpected-act')
  })

  it('is whom the issuer marks, also where agents are none', () => {
    const { principal } = entra({ issuer, agents: 'none' })({
      iss: issuer,
      sub: 'ann',
      azp: 'bot',
      scp: 'a',
      xms_act_fct: '11',
    })
    expect(principal?.agents).toEqual([{ id: 'bot', kind: 'agent' }])
  })
})
