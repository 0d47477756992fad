import type { Expr } from '../../../syntax/ast.ts'
import { call, negative, span, string } from '../tree.ts'

/** Texts of Cedar's extension values as literals here, undefined where Cedar does not read them. */

export function decimalLiteral(text: string): Expr | undefined {
  const match = /^-?\d+\.\d{1,4}$/.exec(text)
  if (match === null) return undefined
  const units = BigInt(text.replace(/\.(\d{1,4})$/, (_, digits: string) => digits.padEnd(4, '0')))
  return BigInt.asIntN(64, units) === units ? call('decimal', string(text)) : undefined
}

export function ipLiteral(text: string): Expr | undefined {
  const slash = text.indexOf('/')
  const address = slash === -1 ? text : text.slice(0, slash)
  const isV6 = address.includes(':')
  if (isV6 && address.includes('.')) return undefined
  if (slash !== -1 && !/^(?:0|[1-9]\d{0,2})$/.test(text.slice(slash + 1))) return undefined
  if (slash !== -1 && Number(text.slice(slash + 1)) > (isV6 ? 128 : 32)) return undefined
  return (isV6 ? isIpv6(address) : isIpv4(address)) ? call('ipaddr', string(text)) : undefined
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
}

function isIpv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2 || text.length > 39) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return false
  return halves.length === 2 ? groups.length < 8 : groups.length === 8
}

const datetime = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?(?:Z|([+-])(\d\d)(\d\d)))?$/

/** As RFC 3339 has it, with the offset that was written. */
export function datetimeLiteral(text: string): Expr | undefined {
  const match = datetime.exec(text)
  if (match === null) return undefined
  const [
    ,
    year,
    month,
    day,
    hour = '00',
    minute = '00',
    second = '00',
    fraction,
    sign,
    offsetHour = '00',
    offsetMinute = '00',
  ] = match
  if (!exists(Number(year), Number(month), Number(day))) return undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined
  const offset = sign === undefined ? 'Z' : `${sign}${offsetHour}:${offsetMinute}`
  const point = fraction === undefined ? '' : `.${fraction}`
  return call('datetime', string(`${year}-${month}-${day}T${hour}:${minute}:${second}${point}${offset}`))
}

function exists(year: number, month: number, day: number): boolean {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

const duration = /^(-?)(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/
const units = [86_400_000n, 3_600_000n, 60_000n, 1000n, 1n]

/** `too-long`: in Cedar it is a duration, which is longer than one can be here. */
export function durationLiteral(text: string): Expr | 'too-long' | undefined {
  const match = text.length > 200 ? null : duration.exec(text)
  if (match === null) return undefined
  const length = units.reduce((sum, unit, i) => sum + unit * BigInt(match[i + 2] ?? 0), 0n)
  const signed = match[1] === '-' ? -length : length
  if (BigInt.asIntN(64, signed) !== signed) return undefined
  if (length > BigInt(Number.MAX_SAFE_INTEGER)) return 'too-long'
  const written = text.replace('-', '')
  const literal: Expr = { kind: 'duration', text: written, milliseconds: Number(length), span }
  return signed < 0n ? negative(literal) : literal
}
