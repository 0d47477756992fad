/** What tokens and proofs may be signed with: asymmetric only, so that whoever can verify them cannot make them. */
export const algorithms = [
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
] as const

export type Algorithm = (typeof algorithms)[number]
