import type { Decimal } from './value.ts'

const perUnit = 10_000n
const largest = 2n ** 63n - 1n

/** `12.5`: digits on both sides of the point, four behind it at most; undefined where it is not of the form, or out of range. */
export function parseDecimal(text: string): Decimal | undefined {
  // The longest that is in range has twenty-one characters; leading zeros are let through up to some length.
  const match = text.length > 100 ? null : /^(-?)(\d+)\.(\d{1,4})$/.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = ''] = match
  const magnitude = BigInt(whole) * perUnit + BigInt(fraction.padEnd(4, '0'))
  const units = sign === '-' ? -magnitude : magnitude
  return units > largest || units < -largest - 1n ? undefined : { kind: 'decimal', units }
}

export function formatDecimal({ units }: Decimal): string {
  const magnitude = units < 0n ? -units : units
  const fraction = `${magnitude % perUnit}`.padStart(4, '0').replace(/0{1,3}$/, '')
  return `${units < 0n ? '-' : ''}${magnitude / perUnit}.${fraction}`
}
