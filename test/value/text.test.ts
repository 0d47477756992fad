import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { hasLoneSurrogate } from '../../src/value/text.ts'

const text = fc.string({
  unit: fc.constantFrom('a', 'é', '\u{1f600}', '\ud800', '\udbff', '\udc00', '\udfff'),
  maxLength: 6,
})

/** UTF-8 has no form for half of a pair: encoding replaces it. */
function survives(one: string): boolean {
  return new TextDecoder().decode(new TextEncoder().encode(one)) === one
}

function check(finds: (one: string) => boolean): void {
  fc.assert(
    fc.property(text, (one) => {
      expect(finds(one)).toBe(!survives(one))
    }),
  )
}

describe('half of a surrogate pair on its own', () => {
  it('is found wherever it stands', () => {
    check(hasLoneSurrogate)
  })

  it('is found where the engine does not know of well-formed texts', async () => {
    const own = Object.getOwnPropertyDescriptor(String.prototype, 'isWellFormed')
    Reflect.deleteProperty(String.prototype, 'isWellFormed')
    try {
      vi.resetModules()
      check((await import('../../src/value/text.ts')).hasLoneSurrogate)
    } finally {
      if (own !== undefined) Object.defineProperty(String.prototype, 'isWellFormed', own)
      vi.resetModules()
    }
  })
})
