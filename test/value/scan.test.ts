import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../src/value/address.ts'
import { addressNumber } from '../../src/value/address-scan.ts'
import { instantIn, lengthIn } from '../../src/value/instant-scan.ts'
import { parsePath, pathWithin } from '../../src/value/path.ts'
import { isPathWithin, pathBase } from '../../src/value/path-scan.ts'
import { parseDatetime, parseDuration } from '../../src/value/time.ts'

const runs = { numRuns: 5000 }
const pieces = (...all: string[]) => fc.array(fc.constantFrom(...all), { maxLength: 12 }).map((parts) => parts.join(''))
const two = (most: number) => fc.integer({ min: 0, max: most }).map((n) => `${n}`.padStart(2, '0'))

/** Scanning a text says what parsing it says, and refuses the same texts. */
describe('a text that is scanned', () => {
  it('is within a path as its path is', () => {
    const text = fc.oneof(
      pieces(
        '/',
        '/',
        'a',
        'b',
        'ab',
        '.',
        '..',
        '...',
        '\\',
        '\u0000',
        '\u0085',
        'é',
        '🙂',
        '\ud800',
        '\udc00',
        '0',
        '-',
      ),
      fc.string(),
    )
    const bases = ['/', '/a', '/a/b', '/a/ab', '/é', '/🙂/a', '/.a', '/a-']
    fc.assert(
      fc.property(text, fc.constantFrom(...bases), (one, base) => {
        const [path, within] = [parsePath(one), parsePath(base)]
        if (within === undefined) throw new Error('a mistake in the test')
        expect(isPathWithin(one, pathBase(within))).toBe(path && pathWithin(path, within))
      }),
      runs,
    )
  })

  it('is the number of an address as its address is', () => {
    const text = fc.oneof(fc.ipV4(), fc.ipV6(), pieces('1', '0', '25', '256', '.', '.', '.', ' ', 'x'))
    fc.assert(
      fc.property(text, (one) => {
        const address = parseAddress(one)
        expect(addressNumber(one)).toBe(address?.version === 4 ? Number(address.bits) : -1)
      }),
      runs,
    )
  })

  it('is the instant that it is parsed to', () => {
    const form = fc
      .tuple(
        fc.integer({ min: 0, max: 9999 }),
        two(14),
        two(33),
        fc.constantFrom('T', 't', ' '),
        two(25),
        two(61),
        two(61),
        fc.constantFrom('', '.', '.5', '.1239', '.000'),
        fc.constantFrom('Z', 'z', '', '+01:00', '-23:59', '+24:00', '+1:00', 'Zx'),
      )
      .map(
        ([year, month, day, t, hour, minute, second, fraction, offset]) =>
          `${`${year}`.padStart(4, '0')}-${month}-${day}${t}${hour}:${minute}:${second}${fraction}${offset}`,
      )
    const date = fc
      .date({ noInvalidDate: true, min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z') })
      .map((one) => one.toISOString())
    fc.assert(
      fc.property(fc.oneof(form, date, fc.string()), (one) => {
        expect(instantIn(one)).toBe(parseDatetime(one)?.milliseconds ?? Number.NaN)
      }),
      runs,
    )
  })

  it('is the duration that it is parsed to', () => {
    const text = pieces('1', '30', '999999999999', 'ms', 's', 'm', 'h', 'd', 'w', 'y', ' ', '-')
    fc.assert(
      fc.property(text, (one) => {
        expect(lengthIn(one)).toBe(parseDuration(one)?.milliseconds ?? Number.NaN)
      }),
      runs,
    )
  })
})
