import { rolesAndResources } from './accesscontrol.mjs'
import { grouping } from './casbin.mjs'
import { abilityPerAgent, abilityPerDecision } from './casl.mjs'
import { roleHierarchy } from './cedar.mjs'
import { data, throughAssistants } from './data.mjs'
import { throughAssistant as handThroughAssistant, perAgent, perRole } from './hand.mjs'
import { inToken, session, stored, throughAssistant } from './licet.mjs'
import { polarRules } from './oso.mjs'

const scenario = 'S1'

export const sessions = {
  id: 's1-session',
  scenario,
  title: 'roles over MCP tools, bound to the agent beforehand',
  data,
  contestants: [
    { name: 'hand-written', kind: 'hand', help: 'a bit set per agent', make: perAgent },
    { name: 'Licet session.can', kind: 'licet', help: 'a session per agent', make: (d) => session(d, 'can') },
    {
      name: 'Licet session.authorize',
      kind: 'licet',
      detail: true,
      help: 'a session per agent',
      make: (d) => session(d, 'authorize'),
    },
    { name: 'Licet can', kind: 'licet', make: (d) => stored(d, 'can') },
    { name: 'Licet authorize', kind: 'licet', detail: true, make: (d) => stored(d, 'authorize') },
    {
      name: 'Licet can, interpreted',
      kind: 'licet',
      detail: true,
      apart: true,
      make: (d) => stored(d, 'can', 'interpreted'),
    },
    { name: 'CASL', kind: 'peer', help: 'an ability per agent, inheritance resolved', make: abilityPerAgent },
    { name: 'casbin', kind: 'peer', make: grouping },
    { name: 'oso', kind: 'peer', help: 'objects made beforehand', make: polarRules },
  ],
}

export const rolesInRequest = {
  id: 's1-token',
  scenario,
  title: 'roles over MCP tools, roles in the request',
  data,
  contestants: [
    { name: 'hand-written', kind: 'hand', help: 'a bit set per role', make: perRole },
    { name: 'Licet can', kind: 'licet', make: (d) => inToken(d, 'can') },
    { name: 'Licet authorize', kind: 'licet', detail: true, make: (d) => inToken(d, 'authorize') },
    {
      name: 'Licet can, interpreted',
      kind: 'licet',
      detail: true,
      apart: true,
      make: (d) => inToken(d, 'can', 'interpreted'),
    },
    { name: 'CASL', kind: 'peer', help: 'rules per role, inheritance resolved', make: abilityPerDecision },
    { name: 'accesscontrol', kind: 'peer', help: 'servers resolved into tools', make: rolesAndResources },
    { name: 'cedar-wasm', kind: 'peer', apart: true, help: 'the entities of each request', make: roleHierarchy },
  ],
}

/** What the guard of a server adds to a request. */
const guarded = { client: { name: 'client', version: '1' }, session: { labels: new Set() }, now: Date.now() }

export const throughAgents = {
  id: 's1-agent',
  scenario,
  title: 'roles over MCP tools, a user through an agent',
  data: throughAssistants,
  contestants: [
    { name: 'hand-written', kind: 'hand', help: 'a bit set per role, a set of agents', make: handThroughAssistant },
    { name: 'Licet can', kind: 'licet', make: (d) => throughAssistant(d, 'can') },
    { name: 'Licet authorize', kind: 'licet', detail: true, make: (d) => throughAssistant(d, 'authorize') },
    {
      name: 'Licet authorize, as the guard asks',
      kind: 'licet',
      detail: true,
      make: (d) => throughAssistant(d, 'authorize', 'auto', guarded),
    },
    {
      name: 'Licet can, interpreted',
      kind: 'licet',
      detail: true,
      apart: true,
      make: (d) => throughAssistant(d, 'can', 'interpreted'),
    },
  ],
}
