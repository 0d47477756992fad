import { describe, expect, it } from 'vitest'
import { compile } from '../../src/index.ts'
import { protectedResourceMetadata } from '../../src/surfaces/claims/index.ts'

function policyOf(text: string) {
  const { policy, diagnostics } = compile(text)
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return policy
}

const about = { resource: 'https://mcp.acme.dev/mcp', authorizationServers: ['https://id.acme.dev'] }
const scopes = (text: string) => protectedResourceMetadata(about).document(policyOf(text)).scopes_supported.join(' ')

describe('protected resource metadata', () => {
  it('says what RFC 9728 asks for', () => {
    const policy = policyOf('actor User {}\nresource Repo {}\nallow read on Repo if scope("repo")')
    expect(
      protectedResourceMetadata({
        ...about,
        dpop: true,
        name: 'Repositories',
        documentation: 'https://acme.dev/docs',
      }).document(policy),
    ).toEqual({
      resource: 'https://mcp.acme.dev/mcp',
      authorization_servers: ['https://id.acme.dev'],
      scopes_supported: ['repo'],
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256', 'EdDSA', 'RS256']),
      resource_name: 'Repositories',
      resource_documentation: 'https://acme.dev/docs',
    })
  })

  it.each<[string, string, string]>([
    ['what a grant asks for', 'allow read on Repo if scope("a")', 'a'],
    ['nothing where nothing is asked for', 'allow read on Repo', ''],
    ['each once, sorted', 'allow read on Repo if scope("b") or scope("a")\nallow list on Repo if scope("b")', 'a b'],
    ['what takes a deny back', 'allow read on Repo\ndeny read on Repo unless scope("a")', 'a'],
    ['what a delegation asks for', 'allow read on Repo\ndelegate read on Repo if scope("a")', 'a'],
    ['what a role asks for', 'role staff: User if scope("a")\nallow read on Repo if staff', 'a'],
    ['what is asked for by another name', 'let wide = scope("a")\nallow read on Repo if wide', 'a'],
    [
      'what is asked for deep inside',
      'allow read on Repo if (scope("a") and acr("b")) or (scope("c") and confirmed())',
      'a c',
    ],
    [
      'what includes it',
      'scope "all" includes "a"\nscope "root" includes "all"\nallow read on Repo if scope("a")',
      'a all root',
    ],
    ['what a tool asks for', 'server files { allow call read_file if scope("files:read") }', 'files:read'],
  ])('has as its scopes %s', (_, text, expected) => {
    expect(scopes(`actor User {}\nactor Agent {}\nresource Repo {}\n${text}`)).toBe(expected)
  })

  it('is of the policy that it is asked about, and made once for each', () => {
    const metadata = protectedResourceMetadata(about)
    const [one, other] = ['a', 'b'].map((scope) =>
      policyOf(`actor User {}\nresource Repo {}\nallow read on Repo if scope("${scope}")`),
    )
    if (one === undefined || other === undefined) throw new Error('no policy')
    const first = metadata.document(one)
    expect(metadata.document(one)).toBe(first)
    expect([first, metadata.document(other)].map((document) => document.scopes_supported)).toEqual([['a'], ['b']])
  })

  it.each([
    ['https://mcp.acme.dev', 'https://mcp.acme.dev/.well-known/oauth-protected-resource'],
    ['https://mcp.acme.dev/', 'https://mcp.acme.dev/.well-known/oauth-protected-resource'],
    ['https://mcp.acme.dev/mcp', 'https://mcp.acme.dev/.well-known/oauth-protected-resource/mcp'],
    ['http://127.0.0.1:80/a/b?c=d', 'http://127.0.0.1/.well-known/oauth-protected-resource/a/b?c=d'],
  ])('of %s is at %s', (resource, url) => {
    expect(protectedResourceMetadata({ ...about, resource }).url).toBe(url)
  })

  it.each(['mcp', 'https://mcp.acme.dev/#', 'https://mcp.acme.dev/#top', 'file:///mcp'])(
    'of %s is an error',
    (resource) => {
      expect(() => protectedResourceMetadata({ ...about, resource })).toThrow(TypeError)
      expect(() => protectedResourceMetadata({ ...about, authorizationServers: [] })).toThrow('no authorization server')
    },
  )
})
