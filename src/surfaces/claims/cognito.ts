import { adapter, name, names, problem, scopeList } from './adapter.ts'

/** Amazon Cognito user pools. Access tokens often lack `aud`: what a token is for is then `client_id`. */
export const cognito = adapter(
  {
    sub: name,
    token_use: name,
    client_id: name,
    scope: scopeList.optional(),
    'cognito:groups': names.optional(),
  },
  ({ sub, token_use, client_id, scope, 'cognito:groups': groups }) => {
    if (token_use !== 'access') return problem('not-an-access-token', 'the claim `token_use` is not `access`')
    return { kind: sub === client_id ? 'service' : 'user', clientId: client_id, scopes: scope, groups }
  },
)
