import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ClaimsAdapter, IssuerOptions, TokenPrincipal } from '../../src/surfaces/claims/index.ts'
import {
  apiKey,
  auth0,
  clerk,
  cognito,
  descope,
  entra,
  google,
  introspection,
  keycloak,
  okta,
  rfc9068,
  stytch,
  supabase,
  workos,
} from '../../src/surfaces/claims/index.ts'

const issuer = 'https://issuer.example/'
const sure = { issuer, agents: 'none' } satisfies IssuerOptions

/** What an adapter makes of the claims that its issuer's documentation shows; everything that is not expected is empty. */
function check(adapter: ClaimsAdapter, claims: Readonly<Record<string, unknown>>, expected: object): void {
  const { principal, problem } = adapter({ iss: issuer, ...claims })
  expect(problem).toBe(undefined)
  const { claims: _, ...read } = principal as TokenPrincipal
  expect({ ...read, scopes: [...read.scopes] }).toEqual({
    agents: [],
    history: [],
    scopes: [],
    roles: [],
    groups: [],
    permissions: [],
    assurance: {},
    ...expected,
  })
}

function problemOf(adapter: ClaimsAdapter, claims: unknown): string | undefined {
  return adapter(claims).problem?.code
}

const user = (id: string) => ({ subject: { id, iss: issuer, kind: 'user' } })
const service = (id: string) => ({ subject: { id, iss: issuer, kind: 'service' } })

describe('the claims of', () => {
  it('RFC 9068', () => {
    const token = {
      sub: '5ba552d67',
      client_id: 's6BhdRkqt3',
      aud: 'https://rs.example.com/',
      iat: 1,
      exp: 2,
      jti: 'dbe39b',
    }
    check(
      rfc9068(sure),
      {
        ...token,
        scope: 'openid profile reademail',
        groups: ['staff'],
        roles: ['admin'],
        entitlements: ['print'],
        auth_time: 1_618_354_000,
        acr: 'urn:mace:incommon:iap:silver',
        amr: ['pwd', 'otp'],
        cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' },
      },
      {
        ...user('5ba552d67'),
        clientId: 's6BhdRkqt3',
        scopes: ['openid', 'profile', 'reademail'],
        groups: ['staff'],
        roles: ['admin'],
        permissions: ['print'],
        assurance: { acr: 'urn:mace:incommon:iap:silver', amr: ['pwd', 'otp'], authTime: 1_618_354_000_000 },
        binding: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' },
      },
    )
    check(
      rfc9068(sure),
      { ...token, scope: ['a', 'b', 'a'] },
      { ...user('5ba552d67'), clientId: 's6BhdRkqt3', scopes: ['a', 'b'] },
    )
    check(rfc9068(sure), { ...token, sub: 's6BhdRkqt3' }, { ...service('s6BhdRkqt3'), clientId: 's6BhdRkqt3' })
  })

  it('Auth0', () => {
    const token = { azp: 'my_client_id', scope: 'openid read:posts', permissions: ['read:posts'], org_id: 'org_9y' }
    const read = {
      clientId: 'my_client_id',
      scopes: ['openid', 'read:posts'],
      permissions: ['read:posts'],
      tenant: 'org_9y',
    }
    check(auth0(sure), { ...token, sub: 'auth0|123456' }, { ...user('auth0|123456'), ...read })
    check(auth0(sure), { ...token, sub: 'my_client_id@clients' }, { ...service('my_client_id@clients'), ...read })
    check(auth0(sure), { ...token, sub: 'x', gty: 'client-credentials' }, { ...service('x'), ...read })
  })

  it('Okta', () => {
    const token = { ver: 1, cid: '0oabskvc6442nkvQO0h7', scp: ['openid', 'drive'] }
    const read = { clientId: '0oabskvc6442nkvQO0h7', scopes: ['openid', 'drive'] }
    check(
      okta(sure),
      { ...token, sub: 'ann@acme.dev', uid: '00u5t60iloOHN9pBi0h7', groups: ['Everyone'] },
      { ...user('ann@acme.dev'), ...read, groups: ['Everyone'] },
    )
    check(okta(sure), { ...token, sub: '0oabskvc6442nkvQO0h7' }, { ...service('0oabskvc6442nkvQO0h7'), ...read })
  })

  it('Keycloak', () => {
    const token = {
      sub: 'f:1:ann',
      azp: 'web',
      scope: 'openid profile',
      preferred_username: 'ann',
      realm_access: { roles: ['staff', 'offline_access'] },
      resource_access: { files: { roles: ['admin'] }, account: { roles: ['view-profile'] } },
      groups: ['/staff/night'],
    }
    const read = { clientId: 'web', scopes: ['openid', 'profile'], groups: ['/staff/night'] }
    check(keycloak(sure), token, { ...user('f:1:ann'), ...read, roles: ['staff', 'offline_access'] })
    check(keycloak({ ...sure, rolesOf: 'files' }), token, { ...user('f:1:ann'), ...read, roles: ['admin'] })
    for (const rolesOf of ['mail', 'constructor', '__proto__']) {
      check(keycloak({ ...sure, rolesOf }), token, { ...user('f:1:ann'), ...read })
    }
    check(
      keycloak(sure),
      { sub: 's', azp: 'job', client_id: 'job', preferred_username: 'service-account-job' },
      { ...service('s'), clientId: 'job' },
    )
    // A name that a user chose.
    check(
      keycloak(sure),
      { sub: 's', azp: 'job', preferred_username: 'service-account-job' },
      { ...user('s'), clientId: 'job' },
    )
  })

  it('Entra ID', () => {
    const token = { sub: 'AAAAAIkzqFV', oid: '6467882c', tid: '72f988bf', ver: '2.0', azp: 'c44b4083' }
    const read = { clientId: 'c44b4083', tenant: '72f988bf' }
    check(
      entra(sure),
      { ...token, scp: 'Files.Read User.Read' },
      { ...user('AAAAAIkzqFV'), ...read, scopes: ['Files.Read', 'User.Read'] },
    )
    check(entra({ ...sure, subject: 'oid' }), { ...token, scp: 'a' }, { ...user('6467882c'), ...read, scopes: ['a'] })
    check(
      entra(sure),
      { ...token, idtyp: 'app', roles: ['Jobs.Run'] },
      { ...service('AAAAAIkzqFV'), ...read, roles: ['Jobs.Run'] },
    )
    check(entra(sure), { ...token, roles: ['Jobs.Run'] }, { ...service('AAAAAIkzqFV'), ...read, roles: ['Jobs.Run'] })
    const { azp: _, ...older } = token
    check(entra(sure), { ...older, appid: 'c44b4083', scp: 'a' }, { ...user('AAAAAIkzqFV'), ...read, scopes: ['a'] })
    // An agent identity for a user, and by itself.
    check(
      entra(sure),
      { ...token, scp: 'a', xms_act_fct: '3 9 11' },
      { ...user('AAAAAIkzqFV'), ...read, scopes: ['a'], agents: [{ id: 'c44b4083', kind: 'agent' }] },
    )
    check(
      entra(sure),
      { ...token, idtyp: 'app', xms_act_fct: '3 9 11', xms_sub_fct: '9 3 11' },
      { subject: { id: 'AAAAAIkzqFV', iss: issuer, kind: 'agent' }, ...read },
    )
    check(
      entra(sure),
      { ...token, scp: 'a', xms_act_fct: '3 9 111' },
      { ...user('AAAAAIkzqFV'), ...read, scopes: ['a'] },
    )
    const overage = { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph' } } }
    expect(problemOf(entra(sure), { iss: issuer, ...token, ...overage })).toBe('group-overage')
    expect(problemOf(entra(sure), { iss: issuer, ...token, hasgroups: true })).toBe('group-overage')
    const { oid: __, ...nobody } = token
    expect(problemOf(entra({ ...sure, subject: 'oid' }), { iss: issuer, ...nobody })).toBe('malformed')
  })

  it('Cognito', () => {
    const token = {
      sub: 'aaaa',
      token_use: 'access',
      client_id: 'xxxx',
      scope: 'files/read',
      'cognito:groups': ['admins'],
    }
    check(cognito(sure), token, { ...user('aaaa'), clientId: 'xxxx', scopes: ['files/read'], groups: ['admins'] })
    check(
      cognito(sure),
      { sub: 'xxxx', token_use: 'access', client_id: 'xxxx', scope: 'files/read' },
      { ...service('xxxx'), clientId: 'xxxx', scopes: ['files/read'] },
    )
    expect(problemOf(cognito(sure), { iss: issuer, ...token, token_use: 'id' })).toBe('not-an-access-token')
  })

  it('Google', () => {
    const token = {
      azp: '32555940559.apps',
      sub: '107',
      scope: 'openid https://www.googleapis.com/auth/drive',
      exp: '1650056632',
    }
    const read = { clientId: '32555940559.apps', scopes: ['openid', 'https://www.googleapis.com/auth/drive'] }
    check(google(sure), { ...token, hd: 'acme.dev' }, { ...user('107'), ...read, tenant: 'acme.dev' })
    check(google(sure), token, { ...user('107'), ...read })
  })

  it('WorkOS', () => {
    const token = { sub: 'user_01', sid: 'session_01', org_id: 'org_01', permissions: ['posts:read'] }
    const read = { ...user('user_01'), tenant: 'org_01', permissions: ['posts:read'] }
    check(workos(sure), { ...token, role: 'member' }, { ...read, roles: ['member'] })
    check(
      workos(sure),
      { ...token, role: 'member', roles: ['member', 'billing'] },
      { ...read, roles: ['member', 'billing'] },
    )
  })

  it('Clerk', () => {
    const token = { sub: 'user_123', sid: 'sess_123', v: 2, iat: 1_713_158_400, azp: 'https://example.com' }
    const o = { id: 'org_123', rol: 'admin', slg: 'acme', per: 'manage,read', fpm: '3,2' }
    check(clerk(sure), token, user('user_123'))
    check(
      clerk(sure),
      { ...token, fva: [7, -1], fea: 'o:dashboard,o:teams', o },
      {
        ...user('user_123'),
        tenant: 'org_123',
        roles: ['admin'],
        permissions: ['dashboard:manage', 'dashboard:read', 'teams:read'],
        assurance: { authTime: (1_713_158_400 - 7 * 60) * 1000 },
      },
    )
    // Features of the user alone are none of the organisation's.
    check(
      clerk(sure),
      { ...token, fva: [0, 3], fea: 'u:beta,uo:teams', o: { ...o, fpm: '2' } },
      {
        ...user('user_123'),
        tenant: 'org_123',
        roles: ['admin'],
        permissions: ['teams:read'],
        assurance: { authTime: 1_713_158_400_000, amr: ['mfa'] },
      },
    )
    for (const fpm of ['4,2', '3,2,1', '-1,2', 'x,2', '1.5,2']) {
      expect(problemOf(clerk(sure), { iss: issuer, ...token, fea: 'o:a,o:b', o: { ...o, fpm } })).toBe('malformed')
    }
    expect(problemOf(clerk(sure), { iss: issuer, ...token, v: 1 })).toBe('malformed')
    expect(problemOf(clerk(sure), { iss: issuer, ...token, sts: 'pending' })).toBe('not-an-access-token')
    // Somebody looks through the user's eyes.
    const impersonated = { ...token, act: { iss: 'https://dashboard.clerk.com', sub: 'user_999' } }
    expect(problemOf(clerk(sure), { iss: issuer, ...impersonated })).toBe('unexpected-act')
    check(clerk({ issuer, agents: 'act' }), impersonated, {
      ...user('user_123'),
      agents: [{ id: 'user_999', iss: 'https://dashboard.clerk.com' }],
    })
  })

  it('Supabase', () => {
    const token = {
      sub: 'd0f1',
      aud: 'authenticated',
      role: 'authenticated',
      aal: 'aal2',
      amr: [
        { method: 'password', timestamp: 1_640_991_600 },
        { method: 'totp', timestamp: 1_640_991_700 },
      ],
      app_metadata: { provider: 'email', roles: ['editor'] },
      user_metadata: { roles: ['admin'] },
    }
    check(supabase(sure), token, {
      ...user('d0f1'),
      roles: ['authenticated', 'editor'],
      assurance: { acr: 'aal2', amr: ['password', 'totp'], authTime: 1_640_991_700_000 },
    })
    const { principal } = supabase(sure)({ iss: issuer, ...token })
    expect(Object.keys(principal?.claims ?? {})).not.toContain('user_metadata')
    check(
      supabase(sure),
      { sub: 'k', role: 'service_role' },
      { ...service('k'), roles: ['service_role'], assurance: { amr: [] } },
    )
  })

  it('Descope', () => {
    const token = {
      sub: 'U2',
      roles: ['any'],
      permissions: ['look'],
      dct: 'T1',
      tenants: { T1: { roles: ['admin'], permissions: ['edit'] }, T2: { roles: ['owner'] } },
    }
    check(descope(sure), token, { ...user('U2'), tenant: 'T1', roles: ['any', 'admin'], permissions: ['look', 'edit'] })
    const { dct: _, ...nowhere } = token
    check(descope(sure), nowhere, { ...user('U2'), roles: ['any'], permissions: ['look'] })
    check(
      descope(sure),
      { ...token, dct: 'constructor' },
      { ...user('U2'), tenant: 'constructor', roles: ['any'], permissions: ['look'] },
    )
  })

  it('Stytch', () => {
    check(
      stytch(sure),
      {
        sub: 'member-live-1',
        'https://stytch.com/organization': { organization_id: 'organization-live-1', slug: 'acme' },
        'https://stytch.com/session': { id: 's', roles: ['stytch_member', 'editor'] },
      },
      { ...user('member-live-1'), tenant: 'organization-live-1', roles: ['stytch_member', 'editor'] },
    )
  })

  it('an introspection endpoint', () => {
    const answer = {
      active: true,
      client_id: 'l238j323ds-23ij4',
      username: 'jdoe',
      scope: 'read write',
      sub: 'Z5O3upPC88',
    }
    const read = { ...user('Z5O3upPC88'), clientId: 'l238j323ds-23ij4', scopes: ['read', 'write'] }
    check(introspection(rfc9068(sure)), answer, read)
    expect(introspection(rfc9068(sure))(answer).problem).toBe(undefined)
    for (const active of [false, 'true', 1, undefined]) {
      expect(problemOf(introspection(rfc9068(sure)), { ...answer, active })).toBe('inactive')
    }
    expect(problemOf(introspection(rfc9068(sure)), { ...answer, iss: 'https://other.example' })).toBe('unknown-issuer')
    const { sub: _, ...nobody } = answer
    expect(problemOf(introspection(rfc9068(sure)), nobody)).toBe('malformed')
  })

  it('an API key', () => {
    const record = { sub: 'ann', kind: 'user', scopes: ['read'], tenant: 'acme', roles: ['editor'] }
    check(apiKey(sure), record, { ...user('ann'), scopes: ['read'], tenant: 'acme', roles: ['editor'] })
    check(
      apiKey(sure),
      { ...record, agent: 'bot' },
      {
        ...user('ann'),
        scopes: ['read'],
        tenant: 'acme',
        roles: ['editor'],
        agents: [{ id: 'bot', kind: 'agent' }],
      },
    )
    expect(problemOf(apiKey(sure), { iss: issuer, ...record, kind: 'root' })).toBe('malformed')
  })
})

const adapters = {
  apiKey,
  auth0,
  clerk,
  cognito,
  descope,
  entra,
  google,
  keycloak,
  okta,
  rfc9068,
  stytch,
  supabase,
  workos,
}

describe('every adapter', () => {
  const all = Object.entries(adapters)

  it.each(all)('%s refuses the tokens of another issuer, and ID tokens', (_, adapter) => {
    expect(problemOf(adapter(sure), { iss: 'https://issuer.example', sub: 'ann' })).toBe('unknown-issuer')
    for (const hash of ['nonce', 'at_hash', 'c_hash']) {
      expect(problemOf(adapter(sure), { iss: issuer, sub: 'ann', [hash]: 'x' })).toBe('not-an-access-token')
    }
  })

  it.each(all)('%s refuses what is no claims, without a word of what they hold', (_, adapter) => {
    for (const claims of [
      undefined,
      null,
      3,
      'x',
      [],
      {},
      { iss: issuer },
      { iss: issuer, sub: '' },
      { iss: issuer, sub: 3 },
    ]) {
      expect(problemOf(adapter(sure), claims)).toBe('malformed')
    }
    const { problem } = adapter(sure)({ iss: issuer, sub: 'ann', acr: ['secret'] })
    expect(problem?.message).not.toContain('secret')
  })

  it.each(all)('%s takes nothing from a prototype', (_, adapter) => {
    const inherited = JSON.parse(`{"iss":"${issuer}","sub":"ann","__proto__":{"roles":["admin"],"scope":"all"}}`)
    expect(problemOf(adapter(sure), inherited)).toBe('malformed')
    const claims = Object.assign(Object.create({ sub: 'root' }), { iss: issuer })
    expect(adapter(sure)(claims).principal?.subject.id).not.toBe('root')
  })

  it.each(all)('%s never throws', (_, adapter) => {
    const read = adapter({ issuer, agents: 'client' })
    const anything = fc.object({
      key: fc.constantFrom(
        'iss',
        'sub',
        'act',
        'scope',
        'scp',
        'roles',
        'o',
        'fea',
        'cnf',
        'amr',
        '__proto__',
        'tenants',
        'token_use',
      ),
    })
    fc.assert(
      fc.property(anything, fc.boolean(), (claims, isOurs) => {
        const { principal, problem } = read(isOurs ? { ...claims, iss: issuer, sub: 'ann' } : claims)
        expect(principal === undefined).toBe(problem !== undefined)
      }),
    )
  })
})
