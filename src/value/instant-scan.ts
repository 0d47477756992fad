/** Times as numbers, as `parseDatetime` and `parseDuration` read them but without making anything; NaN for any other text. */

const maxInstant = 8.64e15
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Milliseconds since the epoch of a typed read of a datetime. */
export function instantIn(raw: unknown): number {
  if (typeof raw === 'string') return parseInstant(raw)
  if (!(raw instanceof Date)) return Number.NaN
  const milliseconds = raw.getTime()
  return Math.abs(milliseconds) <= maxInstant ? milliseconds + 0 : Number.NaN
}

/** `2026-01-31T12:00:00.5+01:00`: the places of all but the fraction are fixed. */
function parseInstant(text: string): number {
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const days = digits(text, 8, 2)
  const hours = digits(text, 11, 2)
  const minutes = digits(text, 14, 2)
  const seconds = digits(text, 17, 2)
  const isForm =
    is(text, 4, '-') &&
    is(text, 7, '-') &&
    (is(text, 10, 'T') || is(text, 10, 't')) &&
    is(text, 13, ':') &&
    is(text, 16, ':')
  // What is no number is NaN, and in no range.
  if (!isForm || !(year >= 0) || !(month >= 1 && month <= 12) || !(days >= 1 && days <= daysIn(year, month)))
    return Number.NaN
  if (!(hours >= 0 && hours <= 23) || !(minutes >= 0 && minutes <= 59) || !(seconds >= 0 && seconds <= 59))
    return Number.NaN
  let end = 19
  let fraction = 0
  if (is(text, end, '.')) {
    end = 20
    // What is finer than a millisecond is cut off.
    for (let scale = 100; digits(text, end, 1) >= 0; end++, scale = Math.floor(scale / 10))
      fraction += digits(text, end, 1) * scale
    if (end === 20) return Number.NaN
  }
  const offset = offsetAt(text, end)
  const milliseconds =
    daysToDate(year, month, days) * day + hours * hour + minutes * minute + seconds * 1000 + fraction - offset
  return Math.abs(milliseconds) <= maxInstant ? milliseconds + 0 : Number.NaN
}

/** Of the rest of the text, which is nothing else. */
function offsetAt(text: string, at: number): number {
  if (is(text, at, 'Z') || is(text, at, 'z')) return text.length === at + 1 ? 0 : Number.NaN
  const isLater = is(text, at, '+')
  if ((!isLater && !is(text, at, '-')) || !is(text, at + 3, ':') || text.length !== at + 6) return Number.NaN
  const hours = digits(text, at + 1, 2)
  const minutes = digits(text, at + 4, 2)
  if (!(hours <= 23) || !(minutes <= 59)) return Number.NaN
  const offset = hours * hour + minutes * minute
  return isLater ? offset : -offset
}

function is(text: string, at: number, character: string): boolean {
  return text.charCodeAt(at) === character.charCodeAt(0)
}

/** NaN where there are not that many. */
function digits(text: string, at: number, count: number): number {
  let number = 0
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days since the epoch, in the proleptic Gregorian calendar; years begin in March, so that the leap day is the last. */
function daysToDate(year: number, month: number, days: number): number {
  const years = month <= 2 ? year - 1 : year
  const era = Math.floor(years / 400)
  const ofEra = years - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + days - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

/** Milliseconds of a typed read of a duration. */
export function lengthIn(raw: unknown): number {
  if (typeof raw !== 'string' || raw === '') return Number.NaN
  const isNegative = is(raw, 0, '-')
  if (isNegative && raw.length === 1) return Number.NaN
  let sum = 0
  for (let i = isNegative ? 1 : 0; i < raw.length; ) {
    let count = 0
    const from = i
    for (let digit = digits(raw, i, 1); digit >= 0; digit = digits(raw, i, 1)) {
      count = count * 10 + digit
      i += 1
    }
    if (i === from || i - from > 16) return Number.NaN
    const isMilliseconds = is(raw, i, 'm') && is(raw, i + 1, 's')
    sum += count * (isMilliseconds ? 1 : unitAt(raw, i))
    i += isMilliseconds ? 2 : 1
  }
  // Adding zero turns -0 into 0.
  return Number.isSafeInteger(sum) ? (isNegative ? -sum : sum) + 0 : Number.NaN
}

function unitAt(text: string, at: number): number {
  switch (text.charCodeAt(at)) {
    case 0x73:
      return 1000
    case 0x6d:
      return minute
    case 0x68:
      return hour
    case 0x64:
      return day
    case 0x77:
      return 7 * day
    default:
      return Number.NaN
  }
}
