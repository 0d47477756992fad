import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatTime, instantOf, parseDatetime, parseDuration } from '../../src/value/time.ts'

describe('a datetime', () => {
  it.each([
    ['2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1)],
    ['2026-01-01t00:00:00z', Date.UTC(2026, 0, 1)],
    ['2026-01-01T02:30:00+02:30', Date.UTC(2026, 0, 1)],
    ['2025-12-31T16:00:00-08:00', Date.UTC(2026, 0, 1)],
    ['2024-02-29T12:00:00Z', Date.UTC(2024, 1, 29, 12)],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['0050-01-01T00:00:00Z', new Date('0050-01-01T00:00:00Z').getTime()],
    ['1969-12-31T23:59:59.9Z', -100],
    // Finer than a millisecond is cut off.
    ['1970-01-01T00:00:00.123999Z', 123],
  ])('%s exists', (text, milliseconds) => expect(parseDatetime(text)?.milliseconds).toBe(milliseconds))

  it.each([
    '2026-01-01T00:00:00',
    '2026-01-01',
    '2026-01-01 00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2016-12-31T23:59:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00Z\n',
    '+02026-01-01T00:00:00Z',
    '1767225600',
    '',
  ])('%j does not', (text) => expect(parseDatetime(text)).toBeUndefined())

  it('written out is the same instant', () => {
    const instant = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(instant, (date) => {
        const time = { kind: 'datetime', milliseconds: date.getTime() } as const
        expect(parseDatetime(formatTime(time))).toEqual(time)
      }),
    )
  })

  it('comes from the API as a Date, text or milliseconds', () => {
    expect(instantOf(new Date(5))).toBe(5)
    expect(instantOf('1970-01-01T00:00:00.005Z')).toBe(5)
    expect(instantOf(5)).toBe(5)
    for (const raw of [new Date(Number.NaN), Number.NaN, Number.POSITIVE_INFINITY, 9e15, '5', {}, null]) {
      expect(instantOf(raw)).toBeUndefined()
    }
  })
})

describe('a duration', () => {
  it.each([
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    ['250ms', 250],
    ['0s', 0],
    ['-1h30m', -5_400_000],
    ['-0s', 0],
  ])('%s is %i ms', (text, milliseconds) => expect(parseDuration(text)?.milliseconds).toBe(milliseconds))

  it.each(['', '-', '5', 'm', '--5m', '1.5h', '5 m', '5M', '99999999999999999999w', '9007199254740993ms'])(
    '%j is none',
    (text) => expect(parseDuration(text)).toBeUndefined(),
  )

  it('written out is the same length', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (milliseconds) => {
        const time = { kind: 'duration', milliseconds } as const
        expect(parseDuration(formatTime(time))).toEqual(time)
      }),
    )
  })

  it('that is negative shows its sign', () =>
    expect(formatTime({ kind: 'duration', milliseconds: -90_000 })).toBe('-1m30s'))
})
