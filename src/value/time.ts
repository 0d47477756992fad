import type { Time } from './value.ts'

/** The furthest instants from the epoch that JavaScript's dates reach, either way. */
const maxInstant = 8.64e15

/** A point in time or a length, or undefined where it is out of range. */
export function timeOf(kind: Time['kind'], milliseconds: number): Time | undefined {
  const fits = kind === 'datetime' ? Math.abs(milliseconds) <= maxInstant : Number.isSafeInteger(milliseconds)
  // Adding zero turns -0 into 0.
  return fits ? { kind, milliseconds: milliseconds + 0 } : undefined
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/**
 * An instant as RFC 3339, section 5.6, has it, with its offset; undefined where the text is not of that form or the
 * instant does not exist. What is finer than a millisecond is cut off. Leap seconds are refused: no number stands for one.
 */
export function parseDatetime(text: string): Time | undefined {
  const match = rfc3339.exec(text)
  if (match === null) return undefined
  const part = (index: number) => Number(match[index] ?? 0)
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)]
  const [offsetHour, offsetMinute] = [part(9), part(10)]
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second, Number((match[7] ?? '').padEnd(3, '0').slice(0, 3)))
  const offset = (offsetHour * 60 + offsetMinute) * 60_000
  return timeOf('datetime', date.getTime() - (match[8] === '-' ? -offset : offset))
}

/** Milliseconds since the epoch of an instant in any of the forms the API takes: a Date, RFC 3339 text, milliseconds. */
export function instantOf(raw: unknown): number | undefined {
  if (typeof raw === 'string') return parseDatetime(raw)?.milliseconds
  const milliseconds = raw instanceof Date ? raw.getTime() : raw
  return typeof milliseconds === 'number' ? timeOf('datetime', milliseconds)?.milliseconds : undefined
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** A length as the language writes it, such as `1h30m` or, negative, `-90m`; a day is 24 hours. */
export function parseDuration(text: string): Time | undefined {
  if (!/^-?(?:\d{1,16}(?:ms|s|m|h|d|w))+$/.test(text)) return undefined
  let sum = 0
  for (const [, count, unit] of text.matchAll(/(\d+)([a-z]+)/g))
    sum += Number(count) * (units[unit ?? ''] ?? Number.NaN)
  return timeOf('duration', text.startsWith('-') ? -sum : sum)
}

/** RFC 3339 in UTC, or a length in the language's units, with a minus sign where it is negative. */
export function formatTime(time: Time): string {
  if (time.kind === 'datetime') return formatInstant(time.milliseconds)
  let rest = Math.abs(time.milliseconds)
  if (rest === 0) return '0s'
  let text = time.milliseconds < 0 ? '-' : ''
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const size = units[unit] ?? 1
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text
}

function formatInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z')
}
