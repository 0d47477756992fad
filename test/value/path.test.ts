import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPath, parsePath, pathWithin } from '../../src/value/path.ts'

function check(text: string): string | undefined {
  const path = parsePath(text)
  return path && formatPath(path)
}

describe('a path', () => {
  it.each([
    ['/', '/'],
    ['/srv/data', '/srv/data'],
    ['/srv//data/', '/srv/data'],
    ['/srv/./data', '/srv/data'],
    ['/srv/data/../../etc/passwd', '/etc/passwd'],
    ['/../../etc', '/etc'],
    // Nothing is decoded, and three dots are a name.
    ['/srv/%2e%2e/x', '/srv/%2e%2e/x'],
    ['/srv/.../x', '/srv/.../x'],
  ])('%s is %s', (text, normal) => expect(check(text)).toBe(normal))

  it.each([
    '',
    'srv',
    './srv',
    '~/x',
    'C:/x',
    'C:\\x',
    '//host/share',
    '/a\\..\\b',
    '/a\0',
    '/a\n',
    '/\ud800',
    'file:///a',
  ])('%j is refused', (text) => expect(check(text)).toBeUndefined())

  it('is normalised as POSIX does it lexically', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '..', '.', ''), { maxLength: 8 })
      .map((parts) => `/x/${parts.join('/')}`)
    fc.assert(
      fc.property(text, (one) => {
        expect(check(one)).toBe(posix.normalize(one).replace(/(.)\/$/, '$1'))
      }),
    )
  })
})

describe('within', () => {
  it.each([
    ['/srv/data', '/srv/data', true],
    ['/srv/data/x', '/srv/data', true],
    ['/srv/database', '/srv/data', false],
    ['/srv/data/../secret', '/srv/data', false],
    ['/srv', '/srv/data', false],
    ['/anything', '/', true],
  ])('%s in %s: %s', (path, within, expected) => {
    const [one, other] = [parsePath(path), parsePath(within)]
    expect(one && other && pathWithin(one, other)).toBe(expected)
  })
})
