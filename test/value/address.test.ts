import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAddress, inRange, parseAddress, parseRange } from '../../src/value/address.ts'

function check(text: string): string | undefined {
  const address = parseAddress(text)
  return address && formatAddress(address)
}

describe('an address', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    // Stays IPv6: it is in no IPv4 range.
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['10:0:0:0:0:10:0:0', '10::10:0:0'],
  ])('%s reads %s', (text, canonical) => expect(check(text)).toBe(canonical))

  it.each([
    '',
    '10.0.0',
    '10.0.0.1.2',
    '10.0.0.256',
    '010.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    ' 10.0.0.1',
    '10.0.0.1\n',
    '10.0.0.1/32',
    ':',
    ':::',
    '1::2::3',
    ':1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '12345::',
    'fe80::1%eth0',
    '::10.0.0.1:1',
    '::10.0.0.256',
    '10.0.0.1::',
    '[::1]',
  ])('%j is none', (text) => expect(check(text)).toBeUndefined())

  it('is one exactly where Node says so, zones apart', () => {
    const text = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.string({ unit: fc.constantFrom(':', '::', '.', '0', '1', 'f', '255'), maxLength: 12 }),
    )
    fc.assert(
      fc.property(text, (one) => {
        expect(parseAddress(one)?.version ?? 0).toBe(isIP(one))
      }),
      { numRuns: 2000 },
    )
  })

  it('written out is the same address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseAddress(text)
        expect(parseAddress(check(text) ?? '')).toEqual(address)
      }),
    )
  })
})

describe('a range', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.0.0.0', '10.0.0.0/8', false],
    ['10.0.0.0', '10.0.0.0/32', true],
    ['10.0.0.1', '10.0.0.0/32', false],
    ['192.168.7.7', '0.0.0.0/0', true],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['::1', '::/0', true],
    // Bits past the prefix are cleared.
    ['10.9.9.9', '10.1.2.3/8', true],
    // Never across versions.
    ['::ffff:10.0.0.1', '10.0.0.0/8', false],
    ['10.0.0.1', '::/0', false],
  ])('%s in %s: %s', (address, range, expected) => {
    const [one, other] = [parseAddress(address), parseRange(range)]
    expect(one && other && inRange(one, other)).toBe(expected)
  })

  it.each(['10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/-1', '::/129', '/8', '10.0.0.0/8/8'])(
    '%j is none',
    (text) => expect(parseRange(text)).toBeUndefined(),
  )
})
